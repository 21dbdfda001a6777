"""The data dictionary as a page: every column of every stream, and the codes, in two languages."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from atips_analysis.codebook import Codebook, code_dictionary, dictionary, load_codebook
from atips_analysis.reporting import page
from atips_analysis.words import Translator, translator


@dataclass(frozen=True)
class DictionaryPage:
    """What the chapters need: the codebook, its columns and codes as tables, the words."""

    codebook: Codebook
    columns: pd.DataFrame
    codes: pd.DataFrame
    words: Translator

    @property
    def lang(self) -> str:
        return self.words.lang


def open_page(lang: str) -> DictionaryPage:
    """The dictionary in a language."""
    codebook = load_codebook()
    return DictionaryPage(
        codebook, dictionary(codebook, lang), code_dictionary(codebook, lang), translator(lang)
    )


def front_matter(dictionary: DictionaryPage) -> None:
    """Title of the page."""
    _ = dictionary.words
    title, subtitle = _("Data dictionary"), _("What agencies record, and what each word means")
    page.say(f"---\ntitle: {title}\nsubtitle: {subtitle}\nlang: {dictionary.lang}\n---")


def introduction(dictionary: DictionaryPage) -> None:
    """How the dictionary is ordered."""
    _ = dictionary.words
    streams = dictionary.columns["stream"].nunique()
    page.say(
        _(
            "Agencies return {streams} kinds of table, called streams. Each stream has a section "
            "below with its columns; the codes that a column may hold stand in the second part. "
            "Months are recorded, not days, and districts, not places; there is no column for a "
            "name, a document, an address or a free text on a person.",
            streams=streams,
        ),
        _(
            "**Key** columns tell one row from another. **Sensitivity** says with what care a "
            "column is handled: a pseudonym is a keyed code made at the agency."
        ),
    )


def streams(dictionary: DictionaryPage) -> None:
    """A table a stream: its columns."""
    _ = dictionary.words
    title = _("Streams")
    page.say(f"# {title} {{#sec-streams}}")
    heads = [_("Column"), _("Meaning"), _("Content"), _("Required"), _("Key"), _("Sensitivity")]
    for name, own in dictionary.columns.groupby("stream", sort=False):
        label = own["stream_label"].iloc[0]
        page.say(f"## {label} {{#sec-{name}}}")
        rows = pd.DataFrame(
            {
                heads[0]: own["column"],
                heads[1]: [_meaning(row) for row in own.itertuples()],
                heads[2]: [_content(row, _) for row in own.itertuples()],
                heads[3]: own["required"],
                heads[4]: own["key"],
                heads[5]: own["sensitivity"],
            }
        )
        page.show_table(
            rows,
            _("Columns of the stream {stream}", stream=f"*{label}* ({name})"),
            f"tbl-{name}",
            lang=dictionary.lang,
            widths=[18, 34, 20, 11, 6, 11],
        )


def code_lists(dictionary: DictionaryPage) -> None:
    """A table a code list: its codes."""
    _ = dictionary.words
    title = _("Code lists")
    page.say(f"# {title} {{#sec-codes}}")
    for name, own in dictionary.codes.groupby("codelist", sort=True):
        rows = own[["code", "label"]].rename(columns={"code": _("Code"), "label": _("Meaning")})
        page.show_table(
            rows,
            _("Codes of the list {name}", name=name),
            f"tbl-codes-{str(name).replace('_', '-')}",
            lang=dictionary.lang,
            widths=[25, 75],
            align="ll",
        )


def _meaning(row: object) -> str:
    label, help_text = str(row.label), str(row.help)  # type: ignore[attr-defined]
    return f"{label}. {help_text}" if help_text not in ("", "nan") else label


def _content(row: object, _: Translator) -> str:
    kind, codes = str(row.type), str(row.codelist)  # type: ignore[attr-defined]
    return _("{kind}: list {codes}", kind=kind, codes=codes) if codes else kind
