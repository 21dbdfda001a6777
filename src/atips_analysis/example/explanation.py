"""The page beside the simulated submissions: what they are, how they were made."""

from __future__ import annotations

from atips_analysis.example.cohorts import FIRST_YEAR, LAST_YEAR
from atips_analysis.example.generation import Example
from atips_analysis.example.published import PublishedTotals
from atips_analysis.example.submissions import SIMULATED_MARK, Submission

NOT_CARRIED = (
    ("PAR-01 to PAR-04", "describe the Strategy and the committees; no agency records them"),
    ("PAR-09, PAR-10", "first and last year of the data shared with the Coalition; not a count"),
    ("PAR-12", "the presidency of the Regional Conference on Migration; not an event"),
    ("NGO-01, NGO-02", "projects and shelters of RET International; no stream holds them"),
    ("NGO-08", "cases reviewed by HTI; no stream holds case reviews"),
    ("NGO-09", "631 police officers trained by HTI; the training table says 500, which is met"),
    ("PRV-08", "training topics: the sessions of 2024 use exactly two"),
    ("PRT-01", "kinds of care: the code list of services holds the sixteen"),
    ("PRS-04", "nine countries of origin: screenings are sent by group of countries only"),
    ("LAB-03", "other nations in the Regional Initiative; not Belize's figure"),
)
"""Figures of the 2024 report with a number that no stream counts, and why."""


def explain(
    example: Example, published: PublishedTotals, submissions: list[Submission], mistakes: int
) -> str:
    """The page as Markdown."""
    figures = published.figures
    cases = [case for case in example.cases if case.last_year >= LAST_YEAR]
    carried = sum(case.place[0] < LAST_YEAR for case in cases)
    survivors = {s.victim_id for s in example.services if s.start.startswith(str(LAST_YEAR))}
    new = {v.victim_id for v in example.victims if v.year == LAST_YEAR}
    lines = [
        "# Simulated submissions",
        "",
        f"**{SIMULATED_MARK}.** No person, case, charge or session in these files exists. "
        "They are there to try the software, to teach with and to test it. They are not a "
        "substitute for data: nothing about trafficking in Belize can be learnt from them beyond "
        "the published totals that they were made to meet.",
        "",
        "Every file says so: on its cover, in its properties, and in a line above the header of "
        "every sheet.",
        "",
        "## What is here",
        "",
        f"- `submissions/`: {len(submissions)} files, {FIRST_YEAR} to {LAST_YEAR}, as agencies "
        "would send them: a workbook an agency and year, and a few CSV files.",
        f"- `mistakes.csv`: {mistakes} mistakes and oddities that were put in on purpose, each with "
        "its place and what should become of it: accepted (a whole file), accepted after cleaning, "
        "quarantined, duplicate, warning (accepted, and looked at), or left out (no data row, or a "
        "file that a later one replaces). Values stand as Excel shows them.",
        "",
        "## How they were made",
        "",
        f"By `atips example --out DIR --seed {example.seed}`. The same seed gives the same bytes; "
        "another seed gives other rows with the same published totals. The totals are read from "
        "`data/published/` and are met by the rows that remain after cleaning, setting aside and "
        "taking out duplicates. Rows that are to be set aside are extra rows.",
        "",
        f"- **{LAST_YEAR}**: the figures of the Council's report. {figures['PRS-01']} cases "
        f"investigated: {len(cases) - carried} opened in the year and {carried} carried over, a "
        f"split that is invented. {figures['NGO-06']} victims supported: "
        f"{len(survivors & new)} of the {len(new)} simulated as identified in {LAST_YEAR}, and "
        f"{len(survivors - new)} survivors identified earlier, whose status was regularised.",
        "- **2021 and 2022**: confirmed victims, offences (as cases opened) and persons in formal "
        "contact as UNODC prints them, and labour inspections as the US Department of Labor prints "
        "them. UNODC prints 1 to 4 as “<5”: sex, age and form of the simulated victims keep "
        "within that, and which numbers stand behind it is invented. UNODC's row of persons in "
        "formal contact by sex for 2022 (all zero) contradicts its own total of "
        f"{published.contacts[2022]}; the total is met. Its zero for persons prosecuted in 2022 is "
        "met; its five own nationals convicted in 2022 contradict its total of zero and are not.",
        "- **2023**: nothing is published; all values are invented. So are potential victims of "
        "2021 to 2023, and potential and confirmed victims of 2024.",
        "",
        "Persons convicted in 2024 come from cases opened in 2021 and 2022: cases are followed "
        "over the years, and so are charges, which are sent again with their outcome.",
        "",
        f"## Figures of the {LAST_YEAR} report that no simulated count carries",
        "",
        "| figure | why |",
        "|---|---|",
        *(f"| {name} | {why} |" for name, why in NOT_CARRIED),
        "",
        "Awareness: products on television in December are the videos streamed; those of other "
        "months are appearances.",
        "",
    ]
    return "\n".join(lines)
