"""What is told of quality beside findings: scores, the gate, marks, letters; case by case."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from atips_analysis.codebook import load_codebook
from atips_analysis.project import find_project
from atips_analysis.quality import judge
from atips_analysis.quality.edition_gate import (
    empty_sheets,
    failures_of,
    note_of,
    quality_gate,
)
from atips_analysis.quality.expectation_kinds import Returns, _month, _number
from atips_analysis.quality.feedback import _covers, _next_version
from atips_analysis.quality.findings import _Told
from atips_analysis.quality.judgement import Judgement
from atips_analysis.quality.reminders import Asked, language_of, letter, to_ask, write_letter
from atips_analysis.quality.returns_owed import fingerprint, read_register, register_here
from atips_analysis.quality.returns_received import by_agency, due_days, sent_days
from atips_analysis.quality.returns_shown import MARKS, NOT_OWED, _year, show_returns
from atips_analysis.quality.scores import protected_summary, quality_scores
from atips_analysis.quality.suites import Rule, _first
from atips_analysis.quality.waiting import judge_with_waiting
from atips_analysis.words.said import in_language

CODEBOOK = load_codebook()
RETURNED = ["agency", "stream", "month", "state", "due", "sent"]


def judgement(*told: dict, stream: str = "trainings", findings=()) -> Judgement:
    """Rows of which every cell is filled in, but for what is told; findings by row."""
    names = [column.name for column in CODEBOOK.streams[stream].columns]
    place = {"file": "a.xlsx", "sheet": "s", "submitted_by": "NCFC", "submitted_for": 2024}
    base = dict.fromkeys(names, "1") | place | {"verdict": "accepted"}
    rows = pd.DataFrame([base | {"row": at} | row for at, row in enumerate(told, start=2)])
    columns = ["stream", "file", "sheet", "row", "column", "rule", "severity"]
    found = [(stream, "a.xlsx", "s", *item) for item in findings]
    return Judgement({stream: rows}, pd.DataFrame(found, columns=columns))


def scores(judged: Judgement, returns=None) -> dict[str, float]:
    return quality_scores(judged, CODEBOOK, returns).set_index("dimension")["score"].to_dict()


def returned(*lines: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=RETURNED, dtype="str")


@pytest.mark.parametrize(
    ("rule", "lowered"),
    [
        *((one, "validity") for one in ("value set", "leaf", "format", "text")),
        *((one, "validity") for one in ("plausible month", "return year")),
        *((one, "consistency") for one in ("parts and whole", "date order", "foreign key")),
        *((one, "") for one in ("required", "duplicate", "pseudonym")),
        ("contradiction", "uniqueness"),
    ],
)
def test_a_rule_lowers_one_dimension_and_a_warning_none(rule, lowered):
    critical = scores(judgement({}, {}, findings=[(2, "month", rule, "critical")]))
    expected = {"completeness": 100, "validity": 100, "consistency": 100, "uniqueness": 100}
    if lowered:
        width = 2 * len(CODEBOOK.streams["trainings"].columns)
        expected[lowered] = round(100 - 100 / width, 1) if lowered == "validity" else 50
    assert {name: critical[name] for name in expected} == expected
    if rule != "contradiction":
        warned = scores(judgement({}, findings=[(2, "month", rule, "warning")]))
        assert {warned[name] for name in expected} == {100}


def test_a_cell_with_two_findings_is_one_cell_and_a_finding_of_no_row_is_none():
    two = [(2, "month", "format", "critical"), (2, "month", "return year", "critical")]
    once = scores(judgement({}, findings=two[:1]))["validity"]
    assert scores(judgement({}, findings=two))["validity"] == once < 100
    assert (
        scores(judgement({}, findings=[(np.nan, "month", "format", "critical")]))["validity"] == 100
    )
    assert scores(judgement({}, {"sheet": "t"}, findings=two))["consistency"] == 100


def test_of_a_victim_without_consent_only_what_a_count_needs_is_expected():
    names = [column.name for column in CODEBOOK.streams["victims"].columns if column.required]
    needed = ["victim_id", "case_id", "identified_year", "status", "status_date"]
    blank = {name: pd.NA for name in names if name not in (*needed, "consent_statistics")}
    silent = blank | {"consent_statistics": "no"}
    assert scores(judgement(silent, stream="victims"))["completeness"] == 100
    for name in needed:
        less = scores(judgement(silent | {name: pd.NA}, stream="victims"))["completeness"]
        assert less == round(100 * 5 / 6, 1)
    told = scores(judgement(blank | {"consent_statistics": "yes"}, stream="victims"))
    assert told["completeness"] == round(100 * 6 / len(names), 1)
    twice = judgement(silent, blank | {"verdict": "duplicate"}, stream="victims")
    assert scores(twice)["completeness"] == 100


def test_scores_stand_in_the_order_of_agency_year_stream_and_dimension():
    one, other = judgement({}), judgement({}, {"submitted_by": "HTI"}, stream="services")
    both = Judgement(one.verdicts | other.verdicts, one.findings)
    table = quality_scores(both, CODEBOOK)
    order = ["completeness", "validity", "consistency", "timeliness", "uniqueness"]
    assert table["dimension"].tolist() == order * 3
    assert table[["submitted_by", "stream"]].drop_duplicates().to_numpy().tolist() == [
        ["HTI", "services"],
        ["NCFC", "services"],
        ["NCFC", "trainings"],
    ]
    columns = "submitted_by submitted_for stream dimension score met of status"
    assert " ".join(table) == columns and list(table.index) == list(range(15))
    assert list(quality_scores(Judgement({}, one.findings), CODEBOOK)) == columns.split()


def test_what_is_owed_lowers_the_completeness_of_its_own_stream_alone():
    months = [f"2024-{month:02d}" for month in range(1, 13)]
    told = [("NCFC", "services", month, "missing", "2025-03-31", "") for month in months]
    came = [("NCFC", "awareness", months[0], "received", "2025-03-31", "2025-04-02")]
    table = quality_scores(judgement({}), CODEBOOK, returned(*told, *came))
    own = table.set_index(["stream", "dimension"])["score"]
    assert own["trainings", "completeness"] == 100 and own["services", "completeness"] == 0
    assert own["trainings", "timeliness"] == 98 and ("awareness", "completeness") not in own.index
    half = [("NCFC", "trainings", months[0], "received", "2025-03-31", "")]
    half.append(("NCFC", "trainings", months[1], "partial", "2025-03-31", ""))
    assert scores(judgement({}), returned(*half))["completeness"] == 50


def test_public_scores_of_persons_are_rounded_and_hidden_where_rows_are_few():
    def public(number: int, stream: str = "victims") -> dict[str, tuple[float, str]]:
        wrong = [(2, "sex", "format", "critical"), (2, "sex", "date order", "critical")]
        judged = judgement(*[{}] * number, stream=stream, findings=wrong)
        shown, _ = protected_summary(judged, CODEBOOK)
        assert list(shown) == [
            "submitted_by",
            "submitted_for",
            "stream",
            "dimension",
            "score",
            "status",
        ]
        lines = shown.set_index("dimension")
        return {name: (lines.loc[name, "score"], lines.loc[name, "status"]) for name in lines.index}

    assert public(19)["validity"][1] == public(99)["consistency"][1] == "C"
    assert public(20)["validity"] == public(20)["completeness"] == (100, "OK")
    assert public(100)["consistency"] == (100, "OK") and public(20)["consistency"][1] == "C"
    own = public(3, "trainings")
    assert own["consistency"] == (66.7, "OK") and own["validity"][0] == 97.0
    assert own["timeliness"][1] == "NC"


def test_a_return_that_never_came_is_shown_as_missing_also_of_persons():
    owed = returned(("DHS", "victims", "2024-01", "missing", "2025-03-31", ""))
    owed = pd.concat([owed, returned(("DHS", "services", "2024-01", "nil", "2025-03-31", ""))])
    shown, counts = protected_summary(judgement({}), CODEBOOK, owed)
    own = shown[shown["stream"] == "victims"].iloc[0]
    assert (own["score"], own["status"]) == (0, "OK")
    assert counts.to_dict("records") == [
        {
            "stream": "trainings",
            "submitted_by": "NCFC",
            "submitted_for": 2024,
            "read": 1,
            "accepted": 1,
            "quarantined": 0,
            "duplicates": 0,
            "about_persons": False,
        }
    ]


# the gate


def listed(*lines: tuple) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=["file", "sheet", "stream", "rows_read", "nil_return"])


def test_the_gate_looks_at_current_files_and_at_all_sheets_of_a_stream_together():
    sheets = listed(
        ("a.xlsx", "s", "trainings", 1, False),
        ("a.xlsx", "t", "trainings", 0, False),
        ("a.xlsx", "u", "services", 0, False),
        ("a.xlsx", "v", "services", 0, True),
        ("a.xlsx", "w", "", 0, False),
        ("old.xlsx", "s", "trainings", 0, False),
        ("b.xlsx", "s", "trainings", 0, False),
        ("b.xlsx", "t", "trainings", 0, None),
    )
    files = pd.DataFrame(
        {
            "file": ["a.xlsx", "old.xlsx", "b.xlsx"],
            "submitted_by": ["NCFC", "NCFC", "HTI"],
            "state": ["current", "replaced", "current"],
        }
    )
    assert empty_sheets(sheets, files)[["file", "sheet"]].to_numpy().tolist() == [["b.xlsx", "s"]]
    assert set(empty_sheets(sheets)["file"]) == {"old.xlsx", "b.xlsx"}
    (failure,) = quality_gate(judgement({}), {}, sheets, files)
    assert failure.startswith("b.xlsx, sheet s: no row and no nil return; ask the agency")


def test_the_gate_says_by_how_much_and_takes_a_fifth_unless_told():
    held = judgement(*[{"verdict": "quarantined"}] * 2, *[{}] * 6, {"verdict": "duplicate"})
    (failure,) = quality_gate(held, {})
    assert failure.startswith("trainings: 2 of 9 rows are in quarantine, more than 20%; have the")
    assert quality_gate(held, {"quarantined_share": 0.25}) == []
    note = json.loads(json.dumps(note_of([failure, "said by an earlier version"])))
    assert failures_of(note) == note["failures"] == [failure, "said by an earlier version"]
    assert "2 de 9" in str(in_language(failures_of(note)[0], "es"))


# what became of what is owed


@pytest.mark.parametrize(
    ("states", "together"),
    [
        (["nil"], "nil"),
        (["late"], "late"),
        (["withdrawn"], "withdrawn"),
        (["received", "nil"], "received"),
        (["nil", "late"], "late"),
        (["received", "nil", "late"], "late"),
        (["received", "missing"], "partial"),
        (["nil", "withdrawn"], "partial"),
        (["partial", "missing"], "partial"),
        (["missing", "withdrawn"], "missing"),
    ],
)
def test_the_streams_of_an_agency_are_one_state_a_month(states, together):
    lines = [("DHS", str(at), "2024-01", one, "", "") for at, one in enumerate(states)]
    lines.append(("IMM", "x", "2024-01", "nil", "", ""))
    assert by_agency(returned(*lines)).to_dict("records") == [
        {"agency": "DHS", "month": "2024-01", "state": together},
        {"agency": "IMM", "month": "2024-01", "state": "nil"},
    ]
    assert list(by_agency(returned())) == ["agency", "month", "state"]


def test_the_last_day_that_is_due_and_the_day_that_was_sent_are_of_an_agency_and_year():
    table = returned(
        ("DHS", "victims", "2024-01", "received", "2025-03-31", "2025-02-01"),
        ("DHS", "reports", "2024-01", "received", "2025-04-30", "2025-02-01"),
        ("DHS", "reports", "2023-01", "missing", "2024-03-31", ""),
    )
    assert due_days(table) == {
        ("DHS", 2023): date(2024, 3, 31),
        ("DHS", 2024): date(2025, 4, 30),
    }
    assert sent_days(table) == {("DHS", 2024): date(2025, 2, 1)}


def test_each_state_has_a_mark_that_is_green_where_it_is_there_and_red_where_it_is_not():
    colours = {"received": 32, "nil": 32, "late": 33, "partial": 33, "missing": 31, "withdrawn": 31}
    assert list(MARKS) == list(colours)
    lines = [
        ("DHS", "x", f"2024-{month:02d}", state, "", "")
        for month, state in enumerate(colours, start=2)
    ]
    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=True, color_system="standard")
    show_returns(returned(*lines, ("IMM", "x", "2025-12", "nil", "", "")), console)
    said = out.getvalue()
    for state, colour in colours.items():
        assert re.search(rf"\x1b\[(1;)?{colour}m{MARKS[state][0]} {state}", said), state
    plain = re.sub(r"\x1b\[[\d;]*m", "", said).splitlines()
    marks = "".join(MARKS[state][0] for state in colours)
    assert plain[0].split() == ["returns", "2024", "2025"]
    assert plain[1].split() == ["DHS", marks] and plain[2].split() == ["IMM", "0"]
    assert plain[1].index(marks) == plain[0].index("2024") + 1
    assert plain[3] == "  ".join(f"{MARKS[state][0]} {state}" for state in colours)


def test_a_year_has_a_mark_for_each_of_twelve_months():
    assert _year({("DHS", "2024-12"): "nil"}, "DHS", "2024").plain == NOT_OWED * 11 + "0"


# the register


def test_an_open_period_is_owed_for_fifty_years_and_the_fingerprint_has_eight_digits(tmp_path):
    path = tmp_path / "returns.csv"
    path.write_text("agency,stream,period,due\nDHS,victims,2024-,90 days\n", encoding="utf-8")
    owed = read_register(path, CODEBOOK)
    assert [owed[0].year, owed[-1].year] == [2024, 2074]
    assert re.fullmatch("[0-9a-f]{8}", fingerprint(owed))
    path.write_text("agency,stream,period,due\nDHS,victims,2024-2024,2025-03-31\n", "utf-8")
    assert read_register(path, CODEBOOK)[0].due == date(2025, 3, 31)


def test_the_register_is_that_of_the_project_around_the_folder_or_none(tmp_path, monkeypatch):
    project = find_project()
    own = read_register(project.data / "council" / "returns.csv", CODEBOOK)
    monkeypatch.chdir(project.root)
    assert register_here(CODEBOOK) == own != ()
    monkeypatch.chdir(tmp_path)
    assert register_here(CODEBOOK) == own  # the checkout that the code runs in
    monkeypatch.setattr("atips_analysis.project._is_checkout", lambda: False)
    assert register_here(CODEBOOK) == ()


# letters

LETTER = """**The Council**

Its secretariat

Department of Human Services

# Reminder: returns that have not been received

According to the register of returns, the following has not been received, or could not be used. \
Please send it, or say on the cover that there was nothing to report: an empty return with that tick \
counts as zero, and no return counts as unknown.

| Sheet | Months | Due | State |
|---|---|---|---|
| Victims | 2024-01 | 31 March 2025 | not received |
| Services | 2024-01 – 2024-03 | 1 April 2025 | received in part, or waiting for an answer |
| Reports | 2024-05 | 1 April 2025 | taken back by the agency |

Reports made before it arrives say that figures are of fewer months and whose return is missing; \
such figures are not compared with those of a full year.

Send it by the confidential way agreed with the Monitoring and Evaluation Committee.
"""


def test_a_letter_is_read_in_full_and_its_file_bears_no_time(tmp_path):
    asked = [
        Asked("DHS", "victims", "2024-01", "2024-01", date(2025, 3, 31), "missing"),
        Asked("DHS", "services", "2024-01", "2024-03", date(2025, 4, 1), "partial"),
        Asked("DHS", "reports", "2024-05", "2024-05", date(2025, 4, 1), "withdrawn"),
    ]
    council = {"name_en": "The Council", "author_body_en": "Its secretariat"}
    text = letter("DHS", asked, CODEBOOK, council, "en")
    labels = {one: CODEBOOK.streams[one].label("en") for one in ("victims", "services", "reports")}
    agency = CODEBOOK.codelist("source_agency").label("DHS", "en")
    said = LETTER.replace("Department of Human Services", agency)
    for label in ("Victims", "Services", "Reports"):
        said = said.replace(f"| {label} |", f"| {labels[label.lower()]} |")
    assert text == said
    assert letter("DHS", asked, CODEBOOK, council, "es").startswith("**The Council**\n\nIts secret")
    write_letter(tmp_path / "a.docx", text, "en")
    with zipfile.ZipFile(tmp_path / "a.docx") as file:
        assert {one.date_time for one in file.infolist()} == {(2024, 1, 1, 0, 0, 0)}
        core = file.read("docProps/core.xml").decode()
        assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2024-01-01T00:00:00Z"}


def test_what_is_not_there_is_asked_by_agency_and_stream_in_runs_of_months():
    lines = [
        ("IMM", "screenings", "2024-01", "missing", "2025-03-31", ""),
        ("DHS", "victims", "2024-02", "missing", "2025-03-31", ""),
        ("DHS", "victims", "2024-01", "missing", "2025-03-31", ""),
        ("DHS", "victims", "2024-03", "partial", "2025-03-31", ""),
        *(("DHS", "reports", f"2024-0{at}", one, "2025-03-31", "") for at, one in THERE),
    ]
    due = date(2025, 3, 31)
    assert to_ask(returned(*lines)) == (
        Asked("DHS", "victims", "2024-01", "2024-02", due, "missing"),
        Asked("DHS", "victims", "2024-03", "2024-03", due, "partial"),
        Asked("IMM", "screenings", "2024-01", "2024-01", due, "missing"),
    )


THERE = [(1, "received"), (2, "nil"), (3, "late")]


def test_an_agency_is_written_to_in_its_language_where_the_list_says_one():
    assert language_of("DHS", CODEBOOK, "xx") in ("xx", *("en", "es"))
    table = CODEBOOK.codelist("source_agency").table.drop(columns="lang", errors="ignore")

    def told(**languages: str) -> str:
        class Listed:
            def codelist(self, name: str):
                assert name == "source_agency"
                known = table.assign(lang=table["code"].map(languages).fillna(""))
                return type("List", (), {"table": known if languages else table})

        return language_of("DHS", Listed(), "en")

    assert (told(DHS="es"), told(IMM="es"), told()) == ("es", "en", "en")


# words of findings, and what counts as a number or a month


@pytest.mark.slow
def test_columns_that_contradict_one_another_are_told_by_their_labels():
    columns = [column.name for column in CODEBOOK.streams["victims"].columns]
    base = {"victim_id": "0" * 16, "case_id": "BZ-CASE-2024-0001", "identified_year": "2024"}
    told = [base | {"form": "BEG", "sex": "F", "citizenship": "GTM"}]
    told.append(base | {"form": "LAB_SECTOR", "sex": "M", "citizenship": "HND"})
    frame = pd.DataFrame(told, columns=columns, dtype="str").assign(
        file="DHS_2024.xlsx", sheet="s", row=[2, 3], submitted_by="DHS", submitted_for=2024
    )
    found = judge({"victims": frame}, CODEBOOK, find_project().expectations).findings
    assert found["reason"].str.contains("Sex, Citizenship").any()
    assert found["reason_es"].str.contains("Sexo, Ciudadanía").any()


@pytest.mark.parametrize(("kind", "columns"), [
    ("expect_month_from_first_to_end_of_return_year", ["status_date", "submitted_for"]),
])  # fmt: skip
def test_words_of_a_rule_tell_codes_by_label_and_no_detail_where_its_kind_has_none(kind, columns):
    own = pd.DataFrame([{"form": "BEG", "status_date": "2026-01", "submitted_for": 2024}])
    arguments = {"column_list": columns, "first_month": "2020-01"}
    rule = Rule({"type": kind, "kwargs": arguments}, "x", columns[0], "critical", (*columns,), {})
    stream = CODEBOOK.streams["victims"]
    told = _Told(own, stream, Returns(CODEBOOK), rule, np.array([0]))
    label = CODEBOOK.codelist(stream.column("form").codelist).label("BEG", "es")
    assert list(told.filled("{form}, {value}{detail}", "es")) == [f"{label}, 2026-01"]


def test_the_form_that_goes_back_says_its_next_version_and_a_part_of_the_year():
    versions = {version: _next_version({"version": version}) for version in ("1", 3, "draft", None)}
    assert versions == {"1": 2, 3: 4, "draft": 2, None: 2}
    assert [_covers({"last": last}) for last in ("2024-12", "2024-09", pd.NA)] == [
        "",
        "2024-09",
        "",
    ]


def test_what_a_suites_reader_complains_of_is_one_line():
    assert _first(ValueError("no such thing\nat line 2")) == "no such thing"


@pytest.mark.parametrize(
    ("written", "number"),
    [("0", 0), ("12", 12), ("-1", None), ("1.0", None), ("²", None), ("", None), (None, None)],
)
def test_a_whole_number_is_digits_alone(written, number):
    assert _number(written) == number or (number is None and np.isnan(_number(written)))


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("2024-01", 24288),
        ("2024-12", 24299),
        ("2024-00", None),
        ("2024-13", None),
        ("2024/01", None),
        ("2024-1", None),
        ("2024-01-01", None),
        (None, None),
    ],
)
def test_a_month_is_counted_from_the_year_0(written, month):
    assert _month(written) == month or (month is None and np.isnan(_month(written)))


# rows that wait for an answer


@pytest.mark.slow
def test_a_row_that_waits_is_held_with_its_question_and_the_others_are_judged():
    columns = [column.name for column in CODEBOOK.streams["screenings"].columns]
    row = {"month": "2024-05", "agency": "IMM", "citizenship_group": "NCA", "outcome": "NO_IND"}
    told = [row | {"n": n, "sex": sex} for n, sex in (("3", "F"), ("4", "M"), (pd.NA, "U"))]
    place = {"file": "IMM_2024.xlsx", "sheet": "s", "submitted_by": "IMM", "submitted_for": 2024}
    frame = pd.DataFrame(told, columns=columns, dtype="str").assign(**place, row=[2, 3, 4])
    asked = [("3", "n", "formula"), ("2", "n", "running total"), ("4", "n", "running total")]
    asked.append(("2", "", "column"))
    waiting = pd.DataFrame(
        [
            {"stream": "screenings", "row": at, "column": column, "kind": kind}
            | {"file": place["file"], "sheet": "s", "id": f"q{at}"}
            | {"question": f"Which of {at}?", "question_es": f"¿Cuál de {at}?"}
            for at, column, kind in asked
        ]
    ).astype({"row": "int64"})
    suites = find_project().expectations
    held = judge_with_waiting({"screenings": frame}, waiting, CODEBOOK, suites)
    assert held.verdicts["screenings"]["verdict"].tolist() == ["quarantined"] * 3
    assert held.verdicts["screenings"]["row"].tolist() == [2, 3, 4]
    found = held.findings[held.findings["rule"] == "question"]
    assert found[["row", "column", "value", "severity"]].to_numpy().tolist() == [
        [3, "n", "4", "critical"],
        [2, "n", "3", "critical"],
        [4, "n", "", "critical"],
        [2, "month", "", "critical"],
    ]
    assert found["reason"].tolist() == [f"Which of {at}?" for at in (3, 2, 4, 2)]
    assert found["reason_es"].iloc[0] == "¿Cuál de 3?"
    assert found["remedy"].str.startswith("Open the file in Excel").tolist() == [1, 0, 0, 0]
    assert found["submitted_for"].tolist() == [2024] * 4 and set(found["stream"]) == {"screenings"}
    one = judge_with_waiting({"screenings": frame}, waiting[:1], CODEBOOK, suites)
    assert len(one.findings) > 1 and list(one.findings.index) == [*range(len(one.findings))]
    rows = one.verdicts["screenings"]
    assert rows[["row", "verdict"]].to_numpy().tolist() == [
        [2, "accepted"],
        [3, "quarantined"],
        [4, "quarantined"],  # without its number, not for a question
    ]
    other = judge_with_waiting(
        {"screenings": frame[:2]}, waiting.assign(sheet="t"), CODEBOOK, suites
    )
    assert other.verdicts["screenings"]["verdict"].tolist() == ["accepted"] * 2
    none = judge_with_waiting({"screenings": frame[:1]}, waiting[:0], CODEBOOK, suites)
    assert none.verdicts["screenings"]["verdict"].tolist() == ["accepted"]
