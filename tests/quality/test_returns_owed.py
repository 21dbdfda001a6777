"""The register of returns, and what became of what is owed."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from rich.console import Console

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.quality.judgement import Judgement
from atips_analysis.quality.reminders import letter, to_ask, write_letter
from atips_analysis.quality.returns_owed import Owed, fingerprint, read_register, runs_of_months
from atips_analysis.quality.returns_received import (
    by_agency,
    first_sent,
    of_years,
    returns_by_month,
)
from atips_analysis.quality.returns_shown import MARKS, show_returns
from atips_analysis.quality.scores import quality_scores

CODEBOOK = load_codebook()
HEAD = "# who owes what\nagency,stream,period,due\n"


@pytest.fixture
def register(tmp_path):
    def read(*rows: str) -> tuple[Owed, ...]:
        path = tmp_path / "returns.csv"
        path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
        return read_register(path, CODEBOOK)

    return read


def owed(agency="LABOUR", stream="inspections", year=2024) -> Owed:
    return Owed(agency, stream, f"{year}-01", f"{year}-12", date(year + 1, 3, 31))


def arrived(*sheets, **named):
    """An intake and its verdicts: a sheet is agency, stream, months with rows (none: nil)."""
    files, listed, verdicts = [], [], {name: [] for name in CODEBOOK.streams}
    for number, (agency, stream, months) in enumerate(sheets):
        name = f"{agency}_{number}.xlsx"
        about = {"sent": "", "first": "", "last": "", "verdict": "accepted"} | named
        files.append(
            {"file": name, "submitted_by": agency, "submitted_for": 2024, "state": "current"}
            | {key: about[key] for key in ("sent", "first", "last")}
        )
        listed.append(
            {"file": name, "stream": stream, "rows_read": len(months), "nil_return": not months}
        )
        verdicts[stream] += [
            {"month": month, "submitted_by": agency, "submitted_for": 2024,
             "verdict": about["verdict"], "file": name, "sheet": "s", "row": row}
            for row, month in enumerate(months, start=2)
        ]  # fmt: skip
    frames = {
        name: pd.DataFrame(
            rows,
            columns=["month", "submitted_by", "submitted_for", "verdict", "file", "sheet", "row"],
        )
        for name, rows in verdicts.items()
    }
    names = ["file", "submitted_by", "submitted_for", "state", "sent", "first", "last"]
    heads = ["file", "stream", "rows_read", "nil_return"]
    return SimpleNamespace(
        files=pd.DataFrame(files, columns=names), sheets=pd.DataFrame(listed, columns=heads)
    ), frames


def states(*sheets, of=(owed(),), withdrawn=(), **named) -> str:
    """One letter a month of 2024: the state of each."""
    table = returns_by_month(of, *arrived(*sheets, **named), CODEBOOK, withdrawn)
    return "".join(table.loc[table["month"].str[:4] == "2024", "state"].str[0])


WHOLE = [f"2024-{month:02d}" for month in range(1, 13)]


def test_a_year_a_half_a_quarter_and_a_month_can_be_owed(register):
    rows = register(
        "DHS,victims,2024,2025-03-31",
        "DHS,services,2024-H2,30 days",
        "DHS,reports,2024-Q1,2024-04-15",
        "DHS,counts,2024-02,0 days",
    )
    found = {one.stream: (one.first, one.last, str(one.due)) for one in rows}
    assert found == {
        "victims": ("2024-01", "2024-12", "2025-03-31"),
        "services": ("2024-07", "2024-12", "2025-01-30"),
        "reports": ("2024-01", "2024-03", "2024-04-15"),
        "counts": ("2024-02", "2024-02", "2024-02-29"),
    }


def test_years_are_owed_each_by_itself_and_an_open_period_goes_on(register):
    rows = register("DHS,victims,2021-2023,90 days", "DHS,services,2024-,90 days")
    assert [one.year for one in rows if one.stream == "victims"] == [2021, 2022, 2023]
    assert {2024, 2025, 2030} <= {one.year for one in rows if one.stream == "services"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("DSH,victims,2024,90 days", "the agency 'DSH' is not known; did you mean DHS?"),
        ("DHS,victim,2024,90 days", "the stream 'victim' is not known; did you mean victims?"),
        ("DHS,zebra,2024,90 days", "write one of cases"),
        ("DHS,victims,2024-13,90 days", "the period '2024-13' cannot be read"),
        ("DHS,victims,soon,90 days", "the period 'soon' cannot be read"),
        ("DHS,victims,2024,March", "such as 2025-03-31"),
        ("DHS,victims,2024,2024-06-30", "write a day after the period"),
        ("DHS,victims,2021-2024,2025-03-31", "several years take days only"),
        ("DHS,victims,2024,2025-03-31\nDHS,victims,2024-Q2,30 days", "twice (row 3 too)"),
        ("DHS", "the stream '' is not known"),
    ],
)
def test_a_wrong_row_is_one_line_with_its_place(row, said, register):
    with pytest.raises(InputError) as error:
        register(row)
    text = str(error.value)
    assert said in text and "returns.csv, row " in text and "\n" not in text


def test_a_register_without_a_column_says_which(tmp_path):
    path = tmp_path / "returns.csv"
    path.write_text("# x\nagency,stream,period\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 2: the column due is missing"):
        read_register(path, CODEBOOK)
    assert read_register(tmp_path / "none.csv", CODEBOOK) == ()


def test_comments_and_order_do_not_change_what_a_register_is(register):
    one = register("DHS,victims,2024,90 days", "# later", "DHS,services,2024,90 days")
    other = register("DHS,services,2024,90 days", "", "DHS,victims,2024,90 days")
    assert fingerprint(one) == fingerprint(other) != fingerprint(one[:1]) and fingerprint(()) == ""


def test_a_return_of_rows_a_nil_return_and_none_are_told_apart():
    assert states(("LABOUR", "inspections", WHOLE)) == "r" * 12
    assert states(("LABOUR", "inspections", [])) == "n" * 12
    assert states() == ""  # no return of any year: what is owed up to when is not known
    assert states(("LABOUR", "inspections", WHOLE), of=(owed("DHS", "reports"),)) == "m" * 12


def test_a_silent_quarter_at_the_end_is_not_taken_for_zeros_and_two_months_are():
    assert states(("LABOUR", "inspections", WHOLE[:6])) == "r" * 6 + "m" * 6
    assert states(("LABOUR", "inspections", WHOLE[:9])) == "r" * 9 + "m" * 3
    assert states(("LABOUR", "inspections", WHOLE[:10])) == "r" * 12


def test_an_agency_that_is_heard_of_in_another_stream_is_not_silent():
    sheets = ("DHS", "reports", WHOLE[:3]), ("DHS", "screenings", ["2024-12"])
    assert states(*sheets, of=(owed("DHS", "reports"),)) == "r" * 12


def test_what_a_return_says_that_it_covers_counts():
    said = {"first": "2024-01", "last": "2024-06"}
    assert states(("LABOUR", "inspections", WHOLE[:2]), **said) == "r" * 6 + "m" * 6
    assert states(("LABOUR", "inspections", []), **said) == "n" * 6 + "m" * 6
    whole = {"first": "2024-01", "last": "2024-12"}
    assert states(("LABOUR", "inspections", WHOLE[:1]), **whole) == "r" * 12


def test_a_return_sent_within_its_year_covers_the_months_before_and_part_of_its_own():
    assert states(("LABOUR", "inspections", WHOLE[:7]), sent="2024-07-10") == "rrrrrrpmmmmm"
    assert states(("LABOUR", "inspections", WHOLE[:6]), sent="2024-07-10") == "rrrrrrmmmmmm"


def test_a_return_after_the_day_it_was_due_is_late_and_one_on_the_day_is_not():
    assert states(("LABOUR", "inspections", WHOLE), sent="2025-04-01") == "l" * 12
    assert states(("LABOUR", "inspections", WHOLE), sent="2025-03-31") == "r" * 12


def test_a_return_of_which_every_row_waits_is_there_in_part():
    assert states(("LABOUR", "inspections", WHOLE), verdict="quarantined") == "p" * 12


def test_rows_that_nobody_judged_are_there_in_part():
    intake, frames = arrived(("LABOUR", "inspections", WHOLE))
    unjudged = {name: frame.drop(columns="verdict") for name, frame in frames.items()}
    table = returns_by_month([owed()], intake, unjudged, CODEBOOK)
    assert set(table["state"]) == {"partial"}


def test_a_return_that_was_taken_back_is_withdrawn_and_not_missing():
    other = ("DHS", "reports", WHOLE)
    gone = {("LABOUR", 2024, "inspections")}
    assert states(other, withdrawn=gone) == "w" * 12
    assert states(("LABOUR", "inspections", WHOLE), withdrawn=gone) == "r" * 12


def test_two_files_of_two_halves_are_one_year():
    first = arrived(("LABOUR", "inspections", WHOLE[:6]), first="2024-01", last="2024-06")
    second = arrived(("LABOUR", "inspections", WHOLE[6:]), first="2024-07", last="2024-12")
    both = SimpleNamespace(
        files=pd.concat([first[0].files, second[0].files.assign(file="b.xlsx")]),
        sheets=pd.concat([first[0].sheets, second[0].sheets.assign(file="b.xlsx")]),
    )
    rows = {name: pd.concat([frame, second[1][name]]) for name, frame in first[1].items()}
    table = returns_by_month([owed()], both, rows, CODEBOOK)
    assert set(table["state"]) == {"received"}


def test_an_agency_of_which_one_stream_is_there_is_there_in_part():
    table = returns_by_month(
        [owed("DHS", "reports"), owed("DHS", "services")],
        *arrived(("DHS", "reports", WHOLE)),
        CODEBOOK,
    )
    assert set(by_agency(of_years(table))["state"]) == {"partial"}
    assert by_agency(table.iloc[:0]).empty


def test_a_correction_does_not_make_a_return_late():
    files = pd.DataFrame(
        {
            "submitted_by": ["DHS", "DHS", "IMM"],
            "submitted_for": [2024, 2024, 2024],
            "sent": ["2025-03-31", "2025-06-01", ""],
        }
    )
    assert first_sent(files) == {("DHS", 2024): date(2025, 3, 31)}


def test_the_year_after_the_last_return_is_owed_and_not_shown():
    table = returns_by_month(
        [owed(), owed(year=2025), owed(year=2026)],
        *arrived(("LABOUR", "inspections", WHOLE)),
        CODEBOOK,
    )
    assert set(table["month"].str[:4]) == {"2024", "2025"}
    assert set(of_years(table)["month"].str[:4]) == {"2024"}
    assert set(of_years(table, 2025)["state"]) == {"missing"}


def test_months_that_follow_one_another_are_one_run():
    assert list(runs_of_months(["2024-01", "2023-12", "2024-03"])) == [
        ("2023-12", "2024-01"),
        ("2024-03", "2024-03"),
    ]
    assert list(runs_of_months([])) == []


def scores(returns) -> pd.DataFrame:
    frames = arrived(("LABOUR", "inspections", WHOLE))[1]
    names = [column.name for column in CODEBOOK.streams["inspections"].columns]
    rows = frames["inspections"].assign(**{n: "1" for n in names if n != "month"})
    empty = pd.DataFrame(columns=["stream", "file", "sheet", "row", "column", "rule", "severity"])
    return quality_scores(Judgement({"inspections": rows}, empty), CODEBOOK, returns).set_index(
        ["submitted_by", "stream", "dimension"]
    )


def test_completeness_is_of_what_is_owed_and_a_missing_return_has_none():
    half = {"first": "2024-01", "last": "2024-06"}
    table = returns_by_month(
        [owed(), owed("IMM", "screenings")],
        *arrived(("LABOUR", "inspections", WHOLE[:6]), **half),
        CODEBOOK,
    )
    own = scores(table)["score"]
    assert own["LABOUR", "inspections", "completeness"] == 50
    assert own["IMM", "screenings", "completeness"] == 0
    assert own["LABOUR", "inspections", "validity"] == 100


def test_a_year_of_which_nothing_came_yet_costs_nobody_a_point():
    table = returns_by_month(
        [owed(), owed(year=2025), owed("IMM", "screenings", 2025)],
        *arrived(("LABOUR", "inspections", WHOLE)),
        CODEBOOK,
    )
    own = scores(table)["score"]
    assert own["LABOUR", "inspections", "completeness"] == 100
    assert ("IMM", "screenings", "completeness") not in own.index


def test_timeliness_counts_from_the_day_that_is_owed_and_is_not_recorded_without_a_day():
    late = returns_by_month(
        [owed()], *arrived(("LABOUR", "inspections", WHOLE), sent="2025-04-10"), CODEBOOK
    )
    assert scores(late)["score"]["LABOUR", "inspections", "timeliness"] == 90
    silent = returns_by_month([owed()], *arrived(("LABOUR", "inspections", WHOLE)), CODEBOOK)
    assert scores(silent)["status"]["LABOUR", "inspections", "timeliness"] == "NC"


def test_the_picture_on_the_terminal_has_a_mark_a_month():
    table = returns_by_month([owed()], *arrived(("LABOUR", "inspections", WHOLE[:6])), CODEBOOK)
    out = io.StringIO()
    show_returns(table, Console(file=out, width=80))
    received, missing = MARKS["received"][0], MARKS["missing"][0]
    assert f"LABOUR   {received * 6}{missing * 6}" in out.getvalue()
    assert f"{missing} missing" in out.getvalue() and "withdrawn" not in out.getvalue()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Labour inspections", "31 March 2025", "not received", "2024-07 – 2024-12")),
        ("es", ("Inspecciones laborales", "31 de marzo de 2025", "no recibida", "Recordatorio")),
    ],
)
def test_a_letter_names_what_is_asked_in_the_agency_s_language(lang, words, tmp_path):
    table = returns_by_month([owed()], *arrived(("LABOUR", "inspections", WHOLE[:6])), CODEBOOK)
    asked = to_ask(table)
    assert [(one.first, one.last, one.state) for one in asked] == [
        ("2024-07", "2024-12", "missing")
    ]
    assert to_ask(table, date(2025, 3, 30)) == () and len(to_ask(table, date(2025, 3, 31))) == 1
    text = letter("LABOUR", asked, CODEBOOK, {f"name_{lang}": "The Council"}, lang)
    assert all(word in text for word in (*words, "The Council"))
    files = [tmp_path / name for name in ("a.docx", "b.docx")]
    for file in files:
        write_letter(file, text, lang)
    assert files[0].read_bytes() == files[1].read_bytes()
    document = zipfile.ZipFile(files[0]).read("word/document.xml").decode()
    assert words[0] in document and "Tbl" in document.title()
