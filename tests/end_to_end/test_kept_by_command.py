"""A late return that would tell of one person: the officer's week, by command, and what readers see."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from atips_analysis.cli import run
from atips_analysis.indicators.compute import KEPT, is_kept

pytestmark = pytest.mark.whole
ROLES = ("--checked-by", "M&E Officer", "--approved-by", "Council Chair")
LATE = (
    "SIMULATED RECORDS – not records of real persons\n"
    "month,agency,citizenship_group,sex,age_group,outcome,n\n"
    "2024-05,IMM,CAR,M,ADULT,NO_IND,1\n"
)
"""One screening of somebody from the Caribbean, of whom the release says that there was nobody."""


@pytest.fixture(scope="module")
def week(copy_of_build, make_build, tmp_path_factory):
    """(project, folder of reports, tables of both releases, what the second build and release said)."""
    project, folder, _ = copy_of_build(tmp_path_factory.mktemp("kept") / "project")
    make_build(project)  # a copy lies elsewhere than what it was built from
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.root)
        assert run(["release", "--year", "2024", *ROLES, "--quiet"]) == 0
        first = (folder / "indicators.csv").read_text(encoding="utf-8")
        late = project.example / "submissions" / "IMM_2024_screenings_late.csv"
        late.write_text(LATE, encoding="utf-8")
        built = make_build(project).text
        out = io.StringIO()
        patch.setattr("sys.stdout", out)
        assert run(["release", "--year", "2024", *ROLES]) == 0
    second = (folder / "indicators.csv").read_text(encoding="utf-8")
    return project, folder, (first, second), (built, out.getvalue())


def rows(text, year="2024"):
    found = csv.DictReader(io.StringIO(text))
    return [row for row in found if row["indicator_id"] == "PREV-07" and row["period"] == year]


def test_the_table_stands_as_it_was_released_and_every_row_says_so(week):
    _, _, (first, second), _ = week
    before, now = rows(first), rows(second)
    assert len(now) == len(before) > 15 and all(is_kept(row["note"]) for row in now)
    for row, old in zip(now, before, strict=True):
        assert row | {"note": old["note"]} == old
    assert not any(is_kept(row["note"]) for row in rows(second, "2023"))


def test_build_and_release_say_it_in_a_line(week):
    _, folder, _, said = week
    quality = (folder / "data-quality.html").read_text(encoding="utf-8")
    line = re.search(r"<t[dh][^>]*>Screenings</t[dh]>(.*?)</tr>", quality, re.DOTALL)
    assert line and not re.search(r"\d", re.sub(r"<[^>]+>", "", line[1])), "no number of rows"
    assert all("PREV-07 of 2024 stand as printed earlier" in words for words in said)
    account = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert account["release"]["version"] == 2


def test_sentences_figures_and_the_front_page_say_that_the_number_is_kept(week):
    _, folder, (first, _), _ = week
    total = next(row["value"] for row in rows(first) if row["sex"] == row["outcome"] == "Total")
    words = re.sub(r"<[^>]+>|\s+", " ", (folder / "annual-report.html").read_text("utf-8"))
    assert re.search(rf"{total}\W+screenings of migrants \(as printed earlier\)", words)
    for page in ("annual-report.html", "index.html"):
        text = (folder / page).read_text(encoding="utf-8")
        assert re.search(rf"{total}( |&nbsp;|\N{{NO-BREAK SPACE}})k\b", text), page
        assert "k = kept as printed earlier" in text, page


def test_the_register_of_statements_has_the_number_that_stands_and_the_year(week):
    _, folder, (first, _), _ = week
    total = next(row["value"] for row in rows(first) if row["sex"] == row["outcome"] == "Total")
    statements = json.loads((folder / "statements.json").read_text(encoding="utf-8"))
    (said,) = [one for one in statements["statements"] if one["id"] == "PREV-07"]
    assert said["counts"][-1] == float(total) and said["kept"] == [2024]


def test_a_question_is_answered_with_what_stands_and_a_half_year_tells_nothing(week, monkeypatch):
    project, _, (first, _), _ = week
    monkeypatch.chdir(project.root)
    bank = str(next(project.data.glob("databank/example")))
    asked = ("indicators", "--databank", bank, "--quiet")
    assert run([*asked, "--year", "2024", "--out", "year.csv"]) == 0
    year = rows((project.root / "year.csv").read_text(encoding="utf-8"))
    assert [row["value"] for row in year] == [row["value"] for row in rows(first)]
    assert all(row["note"].endswith(KEPT) for row in year)
    assert run([*asked, "--year", "2024-H1", "--out", "half.csv"]) == 0
    half = rows((project.root / "half.csv").read_text(encoding="utf-8"), "2024-H1")
    assert [(row["status"], row["value"], row["low"]) for row in half] == [("C", "", "")]
    assert half[0]["note"] == KEPT


def test_the_second_pack_holds_offline(week):
    _, folder, _, _ = week
    assert run(["verify", str(folder / "pack" / "atips-2024.zip"), "--quiet"]) == 0
