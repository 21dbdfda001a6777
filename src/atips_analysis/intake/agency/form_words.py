"""What the form says, in the language of its reader."""

from __future__ import annotations

from dataclasses import dataclass

from atips_analysis.words import translator


@dataclass(frozen=True)
class FormWords:
    """What the form says, in one language."""

    title: str
    agency: str
    year: str
    contact_role: str
    contact_role_help: str
    version: str
    version_help: str
    replaces: str
    replaces_help: str
    sent: str
    sent_help: str
    covers: str
    covers_help: str
    sheet: str
    nil_return: str
    nil_return_help: str
    required: str
    optional: str
    confidential: str
    yes_no: tuple[str, str]
    entry: dict[str, str]
    instructions: tuple[str, ...]


def words_of_form(lang: str) -> FormWords:
    """The words of the form in a language."""
    _ = translator(lang)
    return FormWords(
        title=_("Trafficking in persons: yearly return"),
        agency=_("Agency"),
        year=_("Year"),
        contact_role=_("Contact role"),
        contact_role_help=_("The role to ask when something is unclear; not a person's name."),
        version=_("Version"),
        version_help=_(
            "1 for the first return of the year, 2 for its first correction, and so on."
        ),
        replaces=_("Replaces"),
        replaces_help=_("For a correction: the name of the file that this one replaces."),
        sent=_("Date sent"),
        sent_help=_("The day you send the file, as yyyy-mm-dd (2025-01-31)."),
        covers=_("Covers up to"),
        covers_help=_(
            "Only where it is not the whole year: the last month that the return covers, as yyyy-mm."
        ),
        sheet=_("Sheet"),
        nil_return=_("Nothing to report"),
        nil_return_help=_(
            "Yes only when there was truly nothing in the year: it is then counted as zero. An empty sheet without a yes counts as missing."
        ),
        required=_("Required."),
        optional=_("If known."),
        confidential=_("Confidential: for the Monitoring and Evaluation Committee"),
        yes_no=(_("Yes"), _("No")),
        entry={
            "id": _("A code, never a name."),
            "year": _("A year of four digits."),
            "month": _("yyyy-mm, such as 2024-03."),
            "bool": _("Choose yes or no."),
            "code": _("Choose from the list."),
            "codes": _("Choose from the list, or type several with semicolons between them."),
            "count": _("A whole number, 0 or more."),
            "age": _("Whole years, 0 to 110."),
        },
        instructions=(
            _(
                "Fill in one sheet after the other, a line for each record, from the line below the headers on. Dark headers are required, light ones are filled in when known. Select a header to read what belongs below it."
            ),
            _(
                "Where a list opens, choose from it. Write months as yyyy-mm (2024-03), never a full date. Leave a cell empty when it does not apply."
            ),
            _(
                "Never enter a name, date of birth, document or telephone number, address or remark about a person. Persons have codes, made at your agency with the page of codes that comes with this form."
            ),
            _("A sheet without records: choose yes under “Nothing to report” above."),
            _(
                "Do not change headers or the names of sheets. Lists are open for {rows} lines a sheet; send more records in a second file."
            ),
            _(
                "Save the file as {agency}_{year}.xlsx and send it by the confidential way agreed with the Monitoring and Evaluation Committee."
            ),
            _(
                "To correct a return, send the whole file again with a higher version and, under “Replaces”, the name of the file that it corrects: the later one counts."
            ),
            _(
                "What could not be used comes back to you in a feedback workbook: red cells must be corrected, yellow ones checked. Correct them there and send that workbook."
            ),
        ),
    )
