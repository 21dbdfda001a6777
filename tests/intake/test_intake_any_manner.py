"""Right returns, changed at random as people change them: the same numbers, or a question."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font, PatternFill

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.intake import read_submissions
from atips_analysis.intake.settled import Settled

CODEBOOK = load_codebook()
HEADS = ["Session", "Month", "Audience", "Topic", "Facilitator", "District", "Participants"]
SYNONYMS = {
    "Participants": ["Participants", "PARTICIPANTS:", "No. of participants", "Participantes",
                     "Participants (actual)", "Participants (planned)", "Participants ('000)",
                     "Participants (cumulative)", "Attended", "Participants %", "People", "Total"],
    "District": ["District", "district*", "Distrito", "Location", "Districts"],
    "Month": ["Month", "MONTH", "Mes", "Date", "Period", "Month held"],
}  # fmt: skip
SAME = {
    "PARTICIPANTS:", "No. of participants", "Participantes", "Participants", "Participants (actual)"
}  # fmt: skip
"""Headers under which the figures mean what the form means."""


def plain(counts: list[int]) -> list[list[object]]:
    return [
        [f"S-{i}", f"2024-{i:02d}", "Teachers", "HT101", "NCFC", ["Cayo", "Belize"][i % 2], count]
        for i, count in enumerate(counts, start=1)
    ]


def take_back(sheet, row: int, how: str) -> None:
    if how == "hide":
        sheet.row_dimensions[row].hidden = True
        return
    for cell in sheet[row]:
        if how == "strike":
            cell.font = Font(strike=True)
        else:
            cell.fill = PatternFill("solid", fgColor="FFFFFF00")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    counts=st.lists(st.integers(5, 400), min_size=4, max_size=8, unique=True),
    order=st.permutations(range(len(HEADS))),
    headers=st.fixed_dictionaries({name: st.sampled_from(all_) for name, all_ in SYNONYMS.items()}),
    gone=st.none() | st.tuples(st.integers(2, 5), st.sampled_from(["hide", "strike", "colour"])),
    merge=st.booleans(),
    above=st.integers(0, 2),
)
def test_a_changed_return_gives_the_same_numbers_or_a_question(
    counts, order, headers, gone, merge, above, tmp_path_factory
):
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    book.active.append(["Agency", "NCFC"])
    book.active.append(["Year", 2024])
    sheet = book.create_sheet("Trainings")
    for number in range(above):
        sheet.append([f"Return of the NCFC, part {number + 1}"])
    sheet.append([headers.get(HEADS[place], HEADS[place]) for place in order])
    for row in plain(counts):
        sheet.append([row[place] for place in order])
    if gone:
        take_back(sheet, gone[0] + above, gone[1])
    at = order.index(HEADS.index("District")) + 1
    if merge:
        first = above + 2
        sheet.merge_cells(start_row=first, end_row=first + 1, start_column=at, end_column=at)
    folder = tmp_path_factory.mktemp("any")
    out = io.BytesIO()
    book.save(out)
    (folder / "NCFC_2024.xlsx").write_bytes(out.getvalue())
    _check(folder, counts, headers, gone, above)


def _check(folder: Path, counts, headers, gone, above) -> None:
    try:
        intake = read_submissions(folder, CODEBOOK, Settled())
    except InputError:
        return  # refused, in one line
    frame = intake.frames["trainings"]
    sheet = intake.sheets.iloc[0]
    waiting = set(intake.waiting["row"])
    # the account of rows holds: whatever is not read is told
    told = set(intake.notes["row"].dropna()) | set(frame["row"])
    assert {above + 2 + number for number in range(len(counts))} <= told
    assert sheet["rows_read"] == len(frame)
    for row in frame.to_dict("records"):
        number = row["row"] - above - 2
        if row["row"] in waiting:
            continue
        known = row["participants"]
        if known == known and headers["Participants"] in SAME:
            assert int(known) == counts[number]
        elif headers["Participants"] == "Participants ('000)":
            assert known != known or int(known) == 1000 * counts[number]
        elif headers["Participants"] in ("Participants (planned)", "Participants (cumulative)"):
            assert known != known
        if gone:
            assert row["row"] != gone[0] + above  # a row that was taken back is asked about
