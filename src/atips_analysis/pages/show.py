"""What a cell shows: a frame as a table, a drawing as a figure, with caption, source and numbers.

Everything shown is one MIME bundle: Markdown for the renderers, HTML for JupyterLab, nbconvert and
GitHub, and the drawing itself as SVG, so that an executed notebook carries all that it shows.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.pages.drawing import Drawing, drawing
from atips_analysis.pages.numbers import legend_of
from atips_analysis.pages.tables import cell_text, plain_table, table_markdown
from atips_analysis.pages.text import escape_legend, in_attribute, one_line


@dataclass(frozen=True)
class Table:
    """A captioned table of a page; `frame` is there to be looked at."""

    frame: pd.DataFrame
    caption: str
    id: str
    note: str = ""
    lang: str = "en"
    decimals: int | Mapping[str, int] | None = None
    widths: Sequence[int] | None = None
    align: str = ""

    @property
    def markdown(self) -> str:
        """The pipe table with caption, source and what its marks mean."""
        return table_markdown(
            self.frame,
            self.caption,
            self.id,
            lang=self.lang,
            decimals=self.decimals,
            widths=self.widths,
            align=self.align,
            note=self.note,
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        legend = legend_of(
            (cell for column in self.frame for cell in self.frame[column]), self.lang
        )
        below = ". ".join(part.rstrip(".") for part in (legend, self.note) if part)
        body = _html_table(self.frame, self.lang, self.decimals)
        return {
            "text/markdown": self.markdown,
            "text/html": _html_figure(self.caption, body, below),
            "text/plain": self.caption,
        }


@dataclass(frozen=True)
class Figure:
    """A captioned drawing of a page, with the frame of its numbers.

    In print the numbers stand below the drawing, unless it says them itself: `on_screen_only`.
    """

    drawing: Drawing
    caption: str
    id: str
    note: str = ""
    lang: str = "en"
    data: pd.DataFrame | None = None
    on_screen_only: bool = False

    @property
    def file(self) -> str:
        """The name under which renderers find the drawing."""
        return f"{self.id.removeprefix('fig-')}.svg"

    @property
    def markdown(self) -> str:
        """The picture with caption, source and alternative text, and its numbers folded away.

        Before it, where there is one, the picture that a phone shows in its place.
        """
        alt = in_attribute(self.drawing.alt)
        kind = " .chart" if self.drawing.chart else ""
        phone = ""
        if self.drawing.narrow:
            kind += " .not-on-phone"
            narrow = f'![]({self.file.removesuffix(".svg")}-narrow.svg){{fig-alt="{alt}"}}'
            phone = f"::: {{.on-phone}}\n{narrow}\n:::"
            phone = f':::: {{.content-visible when-format="html"}}\n{phone}\n::::\n\n'
        image = f'![{one_line(self.caption)}]({self.file}){{#{self.id} fig-alt="{alt}"{kind}}}'
        source = (
            f"\n\n::: {{.source}}\n{self.full_note.rstrip('.')}.\n:::" if self.full_note else ""
        )
        return phone + image + source + self._numbers()

    @property
    def full_note(self) -> str:
        """The note, and before it what the marks in the drawing mean."""
        legend = legend_of(self.drawing.marked, self.lang)
        return ". ".join(part for part in (escape_legend(legend), self.note) if part)

    def _numbers(self) -> str:
        if self.data is None:
            return ""
        legend = legend_of((cell for column in self.data for cell in self.data[column]), self.lang)
        told = legend == legend_of(self.drawing.marked, self.lang)  # below the drawing
        below = f"\n\n{escape_legend(legend)}." if legend and not told else ""
        table = plain_table(self.data, lang=self.lang)
        folded = f"::: {{.figure-data for={self.id}}}\n{table}{below}\n:::"
        if self.on_screen_only:
            folded = f':::: {{.content-visible when-format="html"}}\n{folded}\n::::'
        return f"\n\n{folded}"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        coded = base64.b64encode(self.drawing.svg.encode()).decode()
        alt = html.escape(self.drawing.alt, quote=True)
        body = f'<img alt="{alt}" src="data:image/svg+xml;base64,{coded}"/>'
        if self.data is not None:
            body += _html_table(self.data, self.lang, None)
        narrow = self.drawing.narrow
        return {
            "text/markdown": self.markdown,
            "text/html": _html_figure(self.caption, body, self.full_note),
            "image/svg+xml": self.drawing.svg,
            "text/plain": self.drawing.alt,
        } | ({"image/svg+xml;width=narrow": narrow} if narrow else {})


def show(
    what: Any,
    caption: str,
    id: str,
    *,
    note: str = "",
    lang: str = "en",
    alt: str = "",
    data: pd.DataFrame | None = None,
    **more: Any,
) -> Table | Figure:
    """Anything that can be looked at, as a page shows it; end the cell with it.

    Parameters
    ----------
    what : DataFrame, Series, Drawing, or a Matplotlib or seaborn figure, axes, grid or plot
        Of a frame, the columns' names are the heads and a named index is the first column; cells
        may be numbers, texts and `Cell`s (a value with its status).
    caption : str
        What it shows, one line of Markdown; of a figure, its finding.
    id : str
        "tbl-something" or "fig-something", to be referred to as ``@tbl-something``.
    note : str
        Its source, and what a reader must know; set below it.
    lang : str
        How numbers are written.
    alt : str
        Of a plot of one's own: what it shows, in words; otherwise made from `data`.
    data : DataFrame, optional
        The numbers of a figure, folded away below it.
    **more
        `decimals`, `widths`, `align` of a table (`table_markdown`); `on_screen_only` of a figure
        whose drawing says all its numbers, so that print needs no table of them.

    Raises
    ------
    InputError
        If it is neither, a figure has nothing to say it in words, or the identifier has the
        wrong beginning.
    """
    if isinstance(what, pd.Series):
        what = what.to_frame()
    if isinstance(what, pd.DataFrame):
        _check_id(id, "tbl-", "table")
        return Table(_flat(what), caption, id, note, lang, **more)
    _check_id(id, "fig-", "figure")
    drawn = (
        what if isinstance(what, Drawing) else drawing(what, alt or _in_words(caption, data, lang))
    )
    return Figure(drawn, caption, id, note, lang, None if data is None else _flat(data), **more)


def _check_id(id: str, beginning: str, kind: str) -> None:
    if not id.startswith(beginning):
        raise InputError(
            f"the id of a {kind} begins with {beginning}, not {id!r}; write {beginning}…"
        )


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose index, where it means something, is a column like any other."""
    flat = frame
    if isinstance(flat.columns, pd.MultiIndex):
        flat = flat.set_axis([", ".join(map(str, head)) for head in flat.columns], axis=1)
    if not isinstance(flat.index, pd.RangeIndex) and any(
        name is not None for name in flat.index.names
    ):
        flat = flat.reset_index()
    flat = flat.reset_index(drop=True)
    flat.columns = pd.Index([str(name) for name in flat.columns])
    return flat


def _in_words(caption: str, data: pd.DataFrame | None, lang: str) -> str:
    """A figure in words, from its numbers."""
    if data is None:
        raise InputError(
            "a figure needs its numbers or its words; give data= (the frame behind it) or alt="
        )
    flat = _flat(data)
    rows = [
        "; ".join(
            f"{head} {cell_text(cell, str(head), lang)}"
            for head, cell in zip(flat.columns, row, strict=True)
        )
        for row in flat.itertuples(index=False, name=None)
    ]
    return f"{caption}. {'. '.join(rows)}."


def _html_table(frame: pd.DataFrame, lang: str, decimals: int | Mapping[str, int] | None) -> str:
    texts = pd.DataFrame(
        {
            at: [cell_text(cell, str(name), lang, decimals) for cell in frame.iloc[:, at]]
            for at, name in enumerate(frame.columns)
        }
    ).set_axis(list(frame.columns), axis=1)
    return str(texts.to_html(index=False, border=0))


def _html_figure(caption: str, body: str, below: str) -> str:
    from markdown_it import MarkdownIt

    said = MarkdownIt("commonmark", {"html": False}).renderInline(one_line(caption))
    foot = f"<p><small>{html.escape(below)}</small></p>" if below else ""
    return f"<figure><figcaption><b>{said}</b></figcaption>{body}{foot}</figure>"
