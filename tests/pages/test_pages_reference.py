"""References that are read from the code say what it says."""

from __future__ import annotations

import types

from atips_analysis.pages.reference import function_reference, names_table


def counted(rows: list[int], *, least: int = 3, unit: str = "case") -> int:
    """How many rows of a `unit`, from
    `least` on.

    Parameters
    ----------
    rows : list
    """
    return len(rows)


class Asked:
    """What can be asked."""

    number = 3

    @property
    def years(self) -> list[int]:
        """The years, `2024` among them.

        More about them.
        """
        return []

    def undocumented(self) -> None: ...

    def _inner(self) -> None:
        """Nobody's business."""


def test_a_reference_has_the_call_as_it_is_written_and_the_words_of_the_docstring() -> None:
    text = function_reference(counted, "atips.counted").markdown
    assert text.startswith(
        "``` python\natips.counted(rows: list[int], *, least: int = 3, unit: str = 'case') -> int\n"
    )
    assert "How many rows of a `unit`, from `least` on." in text
    assert text.endswith("``` text\nParameters\n----------\nrows : list\n```")


def test_a_long_call_has_a_parameter_a_line() -> None:
    def long(
        first: dict[str, int], second: str = "a, b", *, third: float = 0.95
    ) -> tuple[int, int]:
        """Long."""
        return 1, 2

    lines = function_reference(long, "atips.a_name_that_is_long_enough").markdown.splitlines()
    assert lines[1:6] == [
        "atips.a_name_that_is_long_enough(",
        "    first: dict[str, int],",
        "    second: str = 'a, b',",
        "    *,",
        "    third: float = 0.95,",
    ]


def test_a_class_lists_what_it_can_be_asked_for_and_only_what_says_what_it_is() -> None:
    assert names_table(Asked).to_numpy().tolist() == [["years", "The years, 2024 among them."]]


def test_a_module_lists_what_it_names_or_else_its_own_functions_and_no_constants() -> None:
    module = types.ModuleType("made_up")
    module.shown, module.LEAST, module.borrowed = counted, 5, names_table
    counted.__module__ = "made_up"
    assert names_table(module)["Name"].tolist() == ["shown"]
    module.__all__ = ["LEAST", "shown", "Asked"]
    module.Asked = Asked
    assert names_table(module)["Name"].tolist() == ["shown", "Asked"]
