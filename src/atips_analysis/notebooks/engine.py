"""Papermill's engine of the house: code cells as papermill runs them, words filled between them."""

from __future__ import annotations

from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger

from atips_analysis.notebooks.inline import answered, asked, expressions, filled

NAME = "atips"


class WordsFilled(PapermillNotebookClient):  # type: ignore[misc]
    """Runs code cells; evaluates the expressions of Markdown cells where they stand."""

    def __init__(self, *args: Any, name: str, injected: int | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.notebook, self.injected = name, injected

    def execute_cell(self, cell: Any, cell_index: int, **options: Any) -> Any:
        if cell.cell_type == "markdown":
            cell.source = self._in_words(cell.source, cell_index)
            return cell
        return super().execute_cell(cell, cell_index, **options)

    def _in_words(self, text: str, index: int) -> str:
        wanted = expressions(text)
        if not wanted:
            return text
        before = self.injected is not None and index >= self.injected
        place = f"{self.notebook}, cell {index + 1 - before}"
        request = self.kc.execute("", store_history=False, user_expressions=asked(wanted))
        reply = self.wait_for_reply(request)
        return filled(text, answered(wanted, reply["content"]["user_expressions"], place))


class Engine(NBClientEngine):  # type: ignore[misc]
    """Papermill's own engine, with the client that fills words.

    `name` is what messages call the notebook; `injected` the place of the cell of given values.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        input_path: Any = None,
        **options: Any,
    ) -> Any:
        client = WordsFilled(
            nb_man,
            timeout=execution_timeout,
            startup_timeout=start_timeout,
            kernel_name=kernel_name,
            log=logger,
            **options,
        )
        return client.execute()


papermill_engines.register(NAME, Engine)
