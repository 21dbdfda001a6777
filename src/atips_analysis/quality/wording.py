"""The words that an agency reads, for the rules that follow from the codebook alone.

`{value}` stands for the submitted value, `{detail}` for what it contradicts. Each function gives
what is wrong and what to do, in the language of its translator.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from atips_analysis.codebook import Codebook, Column
from atips_analysis.words import N_, Translator, languages, translator

NOT_KNOWN = ("UNK", "UNKNOWN", "U", "NOT_SPECIFIED")
SHORT_LIST = 12

Said = tuple[str, str]
"""What is wrong, and what to do."""

WRONG_FORMAT = {
    "bool": (N_("{column}: “{{value}}” is neither yes nor no."), N_("Write yes or no.")),
    "month": (
        N_("{column}: “{{value}}” is not a month that can be read without guessing."),
        N_("Write the year and the month as yyyy-mm, for example 2024-03 for March 2024."),
    ),
    "year": (
        N_("{column}: “{{value}}” is not a year."),
        N_("Write the year with four digits, for example 2024."),
    ),
    "count": (
        N_("{column}: “{{value}}” is not a whole number from 0."),
        N_("Write a whole number, without words or decimals."),
    ),
    "age": (
        N_("{column}: “{{value}}” is not an age in whole years from 0 to 110."),
        N_("Write the age in years, or leave it blank."),
    ),
    "id": (
        N_("{column}: “{{value}}” is not a code (letters, digits and . _ / : - without blanks)."),
        N_("Write the pseudonym or code, never a name, a telephone number or a note."),
    ),
}


def in_every_language(said: Callable[..., Said], *about: Any) -> dict[str, str]:
    """The words of a rule by key: reason_en, remedy_en, and the same in each other language."""
    words = {}
    for lang in languages():
        words[f"reason_{lang}"], words[f"remedy_{lang}"] = said(translator(lang), *about)
    return words


def of_rule(_: Translator, rule: dict[str, str]) -> Said:
    """The words of a row of `rules.csv`."""
    reason, remedy = rule["reason"], rule["remedy"]
    return _(reason), _(remedy)


def required(_: Translator, column: Column, codebook: Codebook) -> Said:
    """A needed value is blank."""
    label = column.label(_.lang)
    reason, remedy = _("{column} is blank.", column=label), _("Fill in {column}.", column=label)
    codes = codebook.codelist(column.codelist).codes if column.codelist else ()
    for code in NOT_KNOWN:
        if code in codes:
            known = codebook.codelist(column.codelist).label(code, _.lang)
            also = _("If it is not known, choose “{label}”.", label=known)
            return reason, f"{remedy} {also}"
    return reason, remedy


def wrong_format(_: Translator, column: Column, codebook: Codebook) -> Said:
    """A value is not of the column's type, or not in its code list."""
    if column.type in ("code", "codes"):
        return _not_in_list(_, column, codebook)
    reason, remedy = WRONG_FORMAT[column.type]
    return _(reason, column=column.label(_.lang)), _(remedy)


def name_like(_: Translator, column: Column) -> Said:
    """A pseudonym without a digit may be a name."""
    return (
        _(
            "{column}: “{{value}}” holds no digit and may be a name.",
            column=column.label(_.lang),
        ),
        _(
            "Replace names by the pseudonyms that atips pseudonymise makes; delete this file's "
            "copies."
        ),
    )


def pseudonym(_: Translator, column: Column) -> Said:
    """A pseudonym or case code of another make than the house's."""
    label = column.label(_.lang)
    if column.name == "case_id":
        return (
            _("{column}: “{{value}}” is not a code of the M&E Committee.", column=label),
            _("Use the code that the Committee gave, never the police number."),
        )
    return (
        _("{column}: “{{value}}” is not a pseudonym made by atips pseudonymise.", column=label),
        _("Make pseudonyms with atips pseudonymise, so that the agencies' records can be linked."),
    )


def month_implausible(_: Translator, column: Column) -> Said:
    """A month before 1990 or after the year of the return."""
    return (
        _(
            "{column}: {{value}} lies before 1990 or after the year of this return.",
            column=column.label(_.lang),
        ),
        _("Correct the month, or send the row in the return of its year."),
    )


def month_outside_total(_: Translator, column: Column) -> Said:
    """A monthly total of another year than the return's."""
    remedy = _("Correct the month, or send the total in the return of its year.")
    return _month_outside(_, column), remedy


def month_outside_event(_: Translator, column: Column) -> Said:
    """An event of an earlier year than the return's: it may have been counted already."""
    remedy = _("Check that this was not reported before; it is counted in the month written here.")
    return _month_outside(_, column), remedy


def known_columns_only(_: Translator) -> Said:
    """No column but those of the codebook: no names, no free text, nothing finer than district."""
    return (
        _("The sheet has a column that the form does not have."),
        _("Remove the column: names, contacts, places finer than district and notes are refused."),
    )


def _month_outside(_: Translator, column: Column) -> str:
    return _(
        "{column}: {{value}} is not a month of the year that this return is for.",
        column=column.label(_.lang),
    )


def _not_in_list(_: Translator, column: Column, codebook: Codebook) -> Said:
    codelist = codebook.codelist(column.codelist)
    labels = [codelist.label(code, _.lang) for code in codelist.codes]
    remedy = _("Choose from the list in the form")
    if len(labels) <= SHORT_LIST:
        remedy += ": " + "; ".join(labels)
    if column.type == "codes":
        remedy += _("; several are separated by semicolons")
    label = column.label(_.lang)
    if column.codelist == "form_of_exploitation":
        reason = _(
            "{column}: “{{value}}” is not in the list of forms, or is a group of forms.",
            column=label,
        )
    else:
        reason = _("{column}: “{{value}}” is not in the list.", column=label)
    return reason, f"{remedy}."
