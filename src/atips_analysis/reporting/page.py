"""What a notebook says to its page: pieces of Markdown, one call each."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from atips_analysis.files import write_whole
from atips_analysis.pages.drawing import Drawing
from atips_analysis.pages.numbers import legend_of
from atips_analysis.pages.style import Picture, figure_markdown
from atips_analysis.pages.tables import plain_table, table_markdown
from atips_analysis.pages.text import escape_legend, join_words
from atips_analysis.words import translator


def say(*paragraphs: str) -> None:
    """Paragraphs of Markdown. Blank ones are left out."""
    _show("\n\n".join(paragraph.strip() for paragraph in paragraphs if paragraph.strip()))


def say_list(*items: str) -> None:
    """A list, an item a line."""
    _show("\n".join(f"- {' '.join(item.split())}" for item in items if item.strip()))


def say_key_figures(*figures: tuple[str, str]) -> None:
    """Large numbers with what they count: pairs of number and words."""
    lines = "\n".join(f"- **{number}** {words}" for number, words in figures)
    _show(f"::: {{.key-figures}}\n{lines}\n:::")


def say_lead(text: str) -> None:
    """The paragraph that opens a page, in larger type."""
    _show(f"::: {{.lead}}\n{text.strip()}\n:::")


def say_note(title: str, *paragraphs: str) -> None:
    """A box beside the text."""
    body = "\n\n".join(paragraph.strip() for paragraph in paragraphs)
    _show(_box("note", title, body))


def say_warning(title: str, *paragraphs: str) -> None:
    """A box that must be read."""
    body = "\n\n".join(paragraph.strip() for paragraph in paragraphs)
    _show(_box("warning", title, body))


def show_table(frame: pd.DataFrame, caption: str, id: str, **options: object) -> None:
    """A captioned table; options are those of `table_markdown`."""
    _show(table_markdown(frame, caption, id, **options))  # type: ignore[arg-type]


def show_figure(
    picture: Picture | Drawing,
    caption: str,
    id: str,
    *,
    note: str = "",
    data: pd.DataFrame | None = None,
    lang: str = "en",
) -> None:
    """A captioned figure with its alternative text, and the table of its numbers.

    `data` stands below the figure, folded away, on the web page; in print it stands where
    `show_figure_tables` is called, or below the figure where that is not.
    """
    if isinstance(picture, Drawing):
        picture = _saved(picture, id)
    _show(figure_markdown(picture, caption, id, note=note))
    if data is not None:
        legend = legend_of((cell for column in data for cell in data[column]), lang)
        below = f"\n\n{escape_legend(legend)}." if legend else ""
        _show(f"::: {{.figure-data for={id}}}\n{plain_table(data, lang=lang)}{below}\n:::")


def show_figure_tables(heading: str) -> None:
    """Where print shows the tables behind the figures, with the heading that it gives them."""
    _show(
        '::: {.content-visible when-format="typst"}\n'
        f"{heading.strip()}\n\n::: {{.figure-tables}}\n:::\n:::"
    )


def parameters_table(values: dict[str, tuple[object, str]], lang: str = "en") -> pd.DataFrame:
    """A table of a notebook's parameters: name, value, meaning."""
    _ = translator(lang)
    rows = [(name, _plain(value, lang), meaning) for name, (value, meaning) in values.items()]
    return pd.DataFrame(rows, columns=[_("Parameter"), _("Value"), _("Meaning")])


def _saved(drawn: Drawing, id: str) -> Picture:
    """A drawing as a file beside the notebook, for pages that are still modules."""
    file = Path(f"{id.removeprefix('fig-')}.svg")
    write_whole(file, drawn.svg.encode())
    return Picture(file.name, drawn.alt, drawn.wide)


def _box(kind: str, title: str, body: str) -> str:
    quoted = title.replace('"', "'")
    return f'::: {{.callout-{kind} title="{quoted}"}}\n{body}\n:::'


def _plain(value: object, lang: str) -> str:
    if isinstance(value, (list, tuple)):
        return join_words([str(item) for item in value], lang)
    return value.name if isinstance(value, Path) else str(value)


def _show(markdown: str) -> None:
    from IPython.display import Markdown, display

    display(Markdown(markdown))
