"""Best Practices in TIPS: the register as a brief, an entry a practice, by priority area."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.framework.registers import load_best_practices, load_sources
from atips_analysis.framework.tables import records
from atips_analysis.project import find_project
from atips_analysis.reporting import page
from atips_analysis.reporting.text import counted, escape_markdown, in_words

STRENGTH = {
    "proposed": "not done yet; put forward because of what is known elsewhere",
    "described": "what was done is described; no result is reported",
    "output counted, figure in doubt": "what was delivered was counted, and the counts disagree",
    "output counted": "what was delivered was counted; what it changed was not",
    "result measured": "a result was measured before and after, or against a comparison",
}
"""What the register says of evidence, from the weakest to the strongest."""

TOLD = (
    ("problem", "The problem."),
    ("what_was_done", "What was done."),
    ("evidence", "Evidence."),
    ("how_to_repeat_it", "How to repeat it."),
)
PARTICULARS = (
    ("owner", "Owner:", "not named"),
    ("cost", "Cost:", "not recorded"),
    ("review_date", "Review:", "no date set by the Council"),
)
"""Columns of the register with the words that open them, and what stands where they are blank."""


def open_register(project: Path) -> pd.DataFrame:
    """The register, in the order of the Strategy's priority areas."""
    house = find_project(Path(project))
    table = load_best_practices(house)
    areas = list(house.profile["strategy"]["priority_areas"])
    rank = table["priority_area"].map(areas.index)
    titles = load_sources(house).set_index("source_id")["title"]
    return (
        table.assign(_area=rank, source=table["source_id"].map(titles).fillna(""))
        .sort_values(["_area", "practice_id"], kind="stable")
        .drop(columns="_area")
        .reset_index(drop=True)
    )


def opening(practices: pd.DataFrame) -> None:
    """What the register is, how strong its evidence is, and its entries at a glance."""
    areas = practices["priority_area"].nunique()
    measured = int((practices["evidence_strength"] == "result measured").sum())
    page.say_lead(
        f"{counted(len(practices), 'practice', 'practices')} under {in_words(areas)} priority areas: "
        "what was done, what is known of it, and how to repeat it."
    )
    found = (
        f"{in_words(measured).capitalize()} of them rest on a measured result."
        if measured
        else "None of them rests on a measured result yet."
    )
    page.say(
        "A practice is in this register because a report describes it, not because it has been "
        "shown to work. How strong its evidence is stands with it. " + found,
    )
    used = [name for name in STRENGTH if name in set(practices["evidence_strength"])]
    page.say_list(*[f"**{name}**: {STRENGTH[name]}." for name in used])
    page.say('::: {.filter label="Show the practices of"}\n:::')
    labels = load_codebook().codelist("priority_area")
    page.show_table(
        pd.DataFrame(
            {
                "Practice": practices["practice_en"],
                "Priority area": [labels.label(code) for code in practices["priority_area"]],
                "Evidence": practices["evidence_strength"],
                "Owner": practices["owner"].replace("", "not named"),
            }
        ),
        "The practices of the register",
        "tbl-practices",
        widths=[38, 16, 18, 28],
    )


def entries(practices: pd.DataFrame) -> None:
    """An entry a practice, below the heading of its priority area."""
    labels = load_codebook().codelist("priority_area")
    for area, own in practices.groupby("priority_area", sort=False):
        page.say(f'# {labels.label(str(area))} {{#sec-{str(area).lower()} area="{area}"}}')
        for row in records(own):
            page.say(_entry(row))


def _entry(row: dict[str, str]) -> str:
    anchor = row["practice_id"].lower()
    lines = [f"## {escape_markdown(row['practice_en'])} {{#sec-{anchor}}}"]
    for column, label in TOLD:
        if row[column]:
            strength = f" (*{row['evidence_strength']}*)" if column == "evidence" else ""
            lines.append(f"**{label}** {escape_markdown(row[column])}{strength}")
    said = [
        f"**{label}** {escape_markdown(row[column]) or otherwise}"
        for column, label, otherwise in PARTICULARS
    ]
    locator = row["locator"] if row["source"] else row["locator"].strip("()")
    places = (row["source"], locator)
    source = ", ".join(escape_markdown(part) for part in places if part)
    said.append(f"**Source:** {source or 'this project'}")
    lines.append(f"{'. '.join(said)}.")
    return "\n\n".join(lines)
