"""Tables as Markdown: one pipe table, its caption, and what its marks mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from atips_analysis.pages.numbers import Cell, format_cell, is_missing, legend_of
from atips_analysis.pages.statement_words import Said
from atips_analysis.pages.text import escape_legend, escape_markdown, one_line

YEARS = ("year", "years", "año", "años", "period", "periodo")


def table_markdown(
    frame: pd.DataFrame,
    caption: str,
    id: str,
    *,
    lang: str = "en",
    decimals: int | Mapping[str, int] | None = None,
    widths: Sequence[int] | None = None,
    align: str = "",
    note: str = "",
) -> str:
    """A frame as a captioned pipe table.

    Parameters
    ----------
    frame : DataFrame
        Column names are the heads. Cells may be numbers, texts, `Cell`s (a value with its
        status, so that hidden, not collected and missing look different) or missing (blank).
        The index is not shown.
    caption : str
        Markdown, one line, without a full stop needed.
    id : str
        "tbl-something", to be referred to as `@tbl-something`.
    lang : str
        How numbers are written.
    decimals : int or mapping, optional
        For all numbers, or by column.
    widths : sequence of int, optional
        Relative widths of the columns, for tables with long texts.
    align : str, optional
        A letter a column, l or r, where it should not follow from the values.
    note : str
        Markdown set below the table, such as its source.

    Returns
    -------
    str
        Markdown. Text columns stand left, numbers right; data are escaped; years are written
        without thousands separators; marks used are explained below the table.

    Raises
    ------
    ValueError
        If `id` does not begin with "tbl-", or `widths` or `align` has another length than the
        columns.
    """
    if not id.startswith("tbl-"):
        raise ValueError(f"a table's id begins with tbl-, not {id!r}")
    if widths is not None and len(widths) != frame.shape[1]:
        raise ValueError(f"{len(widths)} widths for {frame.shape[1]} columns")
    body = plain_table(frame, lang=lang, decimals=decimals, widths=widths, align=align)
    legend = legend_of((cell for column in frame for cell in frame[column]), lang)
    below = ". ".join(part.rstrip(".") for part in (escape_legend(legend), note) if part)
    source = f"\n\n::: {{.source}}\n{below}.\n:::" if below else ""
    return f"{body}\n\n: {one_line(caption)} {{#{id}}}{source}"


def plain_table(
    frame: pd.DataFrame,
    *,
    lang: str = "en",
    decimals: int | Mapping[str, int] | None = None,
    widths: Sequence[int] | None = None,
    align: str = "",
) -> str:
    """The pipe table alone, without caption and note; parameters are those of `table_markdown`."""
    columns = [str(column) for column in frame.columns]
    cells = [
        [
            cell.markdown
            if isinstance(cell, Said)
            else escape_markdown(cell_text(cell, column, lang, decimals))
            for column, cell in zip(columns, row, strict=True)
        ]
        for row in frame.itertuples(index=False, name=None)
    ]
    if align and len(align) != frame.shape[1]:
        raise ValueError(f"{len(align)} alignments for {frame.shape[1]} columns")
    right = [
        align[at] == "r" if align else _is_number_column(frame.iloc[:, at])
        for at in range(frame.shape[1])
    ]
    lines = [
        _line(escape_markdown(column) for column in columns),
        _line(_rule(is_right, widths, at) for at, is_right in enumerate(right)),
        *[_line(row) for row in cells],
    ]
    return "\n".join(lines)


def cell_text(
    cell: object, column: str, lang: str = "en", decimals: int | Mapping[str, int] | None = None
) -> str:
    """What stands in a cell of a column, not escaped; a year has no thousands separator."""
    places = decimals.get(column) if isinstance(decimals, Mapping) else decimals
    if column.lower() in YEARS and not isinstance(cell, (str, Cell)) and not is_missing(cell):
        return str(int(cell))  # type: ignore[call-overload]
    return format_cell(cell, lang, places)


def _is_number_column(column: pd.Series) -> bool:
    values = [cell.value if isinstance(cell, Cell) else cell for cell in column]
    known = [value for value in values if not is_missing(value)]
    if str(column.name).lower() in YEARS:
        return False
    if not known:
        return any(isinstance(cell, Cell) for cell in column)
    return all(isinstance(value, (int, float)) or hasattr(value, "dtype") for value in known)


def _rule(right: bool, widths: Sequence[int] | None, at: int) -> str:
    dashes = "-" * (3 if widths is None else max(3, widths[at]))
    return dashes[:-1] + ":" if right else dashes


def _line(cells: object) -> str:
    return "| " + " | ".join(cells) + " |"  # type: ignore[arg-type]
