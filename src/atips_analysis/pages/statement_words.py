"""Words from the register of statements, as a page shows them."""

from __future__ import annotations

from atips_analysis.pages.text import escape_markdown
from atips_analysis.statements.agreement import marked


class Said(str):
    """The words of a statement: a text like any other, which bears a mark in Markdown.

    The mark says of which series the words are; readers do not see it, and the build compares
    what stands under it with the register.
    """

    id: str

    def __new__(cls, words: str, id: str) -> Said:
        one = super().__new__(cls, words)
        one.id = id
        return one

    @property
    def markdown(self) -> str:
        """The words with their mark."""
        return marked(escape_markdown(str(self)), self.id)

    def _repr_markdown_(self) -> str:
        return self.markdown

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(str(self))}</p>"

    def __format__(self, spec: str) -> str:
        return self.markdown
