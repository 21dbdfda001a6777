"""Words of a page that are more than one value: lists, key figures, boxes, where numbers come from."""

from __future__ import annotations

from collections.abc import Iterable

from IPython.display import Markdown

from atips_analysis.pages.edition import Edition

__all__ = ["bullets", "key_figures", "paragraph", "simulated_box", "where_from"]


def paragraph(*texts: str) -> Markdown:
    """Paragraphs that the data decide on; blank ones are left out."""
    return Markdown("\n\n".join(text.strip() for text in texts if text.strip()))


def bullets(items: Iterable[str]) -> Markdown:
    """A list, an item a line; blank ones are left out."""
    return Markdown("\n".join(f"- {' '.join(item.split())}" for item in items if item.strip()))


def key_figures(figures: Iterable[tuple[object, str]]) -> Markdown:
    """Large numbers with what they count: pairs of a number in words and what it is of."""
    lines = "\n".join(f"- **{number}** {words}" for number, words in figures)
    return Markdown(f"::: {{.key-figures}}\n{lines}\n:::")


def where_from(edition: Edition) -> Markdown:
    """What the register's numbers on a page are, and whose they are not."""
    box = simulated_box(edition)
    return Markdown(
        f"{box}Numbers of the register are read from the protected table of "
        f"edition {edition.about['edition']}: counts of persons from 1 to 4 are hidden, with "
        "what would give them away (c); a table of which most would be hidden is rounded instead "
        "(\N{ALMOST EQUAL TO}). What is hidden stays hidden here: no such number on this page is "
        "worked out from others."
    )


def simulated_box(edition: Edition) -> str:
    """The box that must be read where records are simulated; nothing where they are real."""
    if not edition.simulated:
        return ""
    country = edition.project.profile["country"]["name_en"]
    return (
        '::: {.callout-warning title="Simulated records"}\n'
        "The rows behind the register's numbers on this page were invented so that the method "
        f"can be tried and taught. Nothing about {country} can be learnt from them. Figures that "
        "others published are real; they are named as such, each with its source.\n:::\n\n"
    )
