"""What the feedback workbook says, in the language of its reader."""

from __future__ import annotations

from dataclasses import dataclass

from atips_analysis.words import translator


@dataclass(frozen=True)
class Words:
    """The sentences and headings of a feedback workbook."""

    guide: str
    to_correct: str
    title: str
    confidential: str
    simulated: str
    nothing: str
    some: str
    checked: str
    arrived: str
    account: tuple[str, ...]
    nil: str
    missing: str
    steps_title: str
    steps: tuple[str, ...]
    notes: str
    list_headings: tuple[str, ...]
    severity: dict[str, str]
    verdict_heading: str
    remedy_heading: str
    see: str
    verdicts: dict[str, str]
    blank: str
    more_notes: str


def words_of_feedback(lang: str) -> Words:
    """The words of a feedback workbook in a language."""
    _ = translator(lang)
    return Words(
        guide=_("Read me first"),
        to_correct=_("To correct"),
        title=_("Feedback on {file}"),
        confidential=_(
            "Confidential: this workbook holds the records that you sent. Keep it and send it back in the confidential way agreed with the Monitoring and Evaluation Committee."
        ),
        simulated=_("SIMULATED RECORDS – not records of real persons"),
        nothing=_("All rows were accepted. There is nothing to correct. Thank you."),
        some=_(
            "{accepted} of {read} rows were accepted. {quarantined} cannot be used until they are corrected: they are left out of every figure until then."
        ),
        checked=_("{warnings} rows were accepted and have a point to check."),
        arrived=_("What arrived"),
        account=(
            _.pgettext("account of rows", "Sheet"),
            _.pgettext("account of rows", "Rows read"),
            _.pgettext("account of rows", "Accepted"),
            _.pgettext("account of rows", "To correct"),
            _.pgettext("account of rows", "Repeated (counted once)"),
            _.pgettext("account of rows", "Remark"),
        ),
        nil=_("Nothing to report, as the cover says: counted as zero."),
        missing=_(
            "No row, and the cover does not say that there was nothing to report: send the rows, or write Yes under “Nothing to report” on the sheet Cover."
        ),
        steps_title=_("What to do"),
        steps=(
            _(
                "Open the sheet “To correct”: each line says what is wrong, in which row, and what to do. A click on the cell number leads there."
            ),
            _(
                "Correct the coloured cells. Red cells keep the row out of the figures; yellow cells are used as they are, and should be checked; grey rows repeat another row."
            ),
            _(
                "Change nothing else. The columns “Verdict” and “What to do” need not be emptied; they are not read."
            ),
            _(
                "On the sheet Cover, fill in the contact role. Save the workbook and send it back; it replaces the file that you sent."
            ),
        ),
        notes=_("For information: nothing to correct"),
        list_headings=(
            _.pgettext("list of findings", "No."),
            _.pgettext("list of findings", "Importance"),
            _.pgettext("list of findings", "Sheet"),
            _.pgettext("list of findings", "Row in your file"),
            _.pgettext("list of findings", "Cell here"),
            _.pgettext("list of findings", "Column"),
            _.pgettext("list of findings", "Value"),
            _.pgettext("list of findings", "What is wrong"),
            _.pgettext("list of findings", "What to do"),
            _.pgettext("list of findings", "File"),
        ),
        severity={
            "critical": _("Must be corrected"),
            "warning": _("Please check"),
            "info": _("For information"),
        },
        verdict_heading=_("Verdict"),
        remedy_heading=_("What to do"),
        see=_("To correct: {numbers}"),
        verdicts={
            "accepted": _.pgettext("verdict", "accepted"),
            "quarantined": _.pgettext("verdict", "to correct"),
            "duplicate": _.pgettext("verdict", "repeated"),
        },
        blank=_("(blank)"),
        more_notes=_("Comments stop here; all points stand in the sheet “To correct”."),
    )
