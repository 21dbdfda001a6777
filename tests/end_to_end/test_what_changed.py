"""What changed since last time: one correction of each kind, told in at most ten lines."""

from __future__ import annotations

import csv
import json
import shutil
import time

import pytest

from atips_analysis.build import building
from atips_analysis.build.asked_for import Build
from atips_analysis.build.page_register import load_pages
from atips_analysis.build.plan import PROTECT, RENDER, plan_reports, read_first
from atips_analysis.build.steps import Outcome
from atips_analysis.build.what_changed import (
    BESIDE,
    ELSEWHERE,
    GONE,
    LINES,
    MOVED,
    moved,
    published_before,
    what_changed,
)
from atips_analysis.databank import open_databank
from atips_analysis.databank.consolidation import consolidate
from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.errors import InputError
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.edition_table import raw_table
from atips_analysis.indicators.table import read_table, write_table
from atips_analysis.pages.passages import check_passages
from atips_analysis.project import find_project

HEAD = "month,inspection_type,sector,district,finding,n\n"
LABOUR = "LABOUR_2024_inspections.csv"
RAN = [Outcome(f"{RENDER}data-quality", "ran"), Outcome("publish", "ran")]


def inspections(folder, number: int, name: str = LABOUR) -> None:
    rows = "".join(f"2024-{m:02d},ROUTINE,I,CY,NONE,{number}\n" for m in range(1, 13))
    (folder / name).write_text(HEAD + rows, encoding="utf-8")


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """Two agencies' returns, published; `publish` does it again, and says what changed."""
    root = tmp_path_factory.mktemp("year")
    folder, project = root / "submissions", find_project()
    folder.mkdir()
    build = Build(project, 2024, "2023", folder, root / "reports")
    bank, work = root / "bank", root / "work"
    patch = pytest.MonkeyPatch()
    patch.setattr(Build, "work", property(lambda self: work))
    patch.setattr(Build, "databank", property(lambda self: bank))

    def publish(outcomes=RAN) -> list[str]:
        before = published_before(build.out)
        edition = consolidate(folder, bank, project.expectations, {}, owed=()).edition.name
        raw = raw_table(open_databank(bank, edition), project, [parse_period("2024")])
        write_table(protect_table(raw, project).table, build.public / "indicators.csv")
        (build.public / "build.json").write_text(json.dumps({"edition": edition}))
        lines = what_changed(before, build, outcomes)
        build.out.mkdir(exist_ok=True)
        shutil.copyfile(build.public / "indicators.csv", build.out / "indicators.csv")
        shutil.copyfile(build.public / "build.json", build.out / "manifest.json")
        return lines

    screenings = "month,origin_group,outcome,n\n" + "2024-05,CAM,NOT,30\n"
    (folder / "IMM_2024_screenings.csv").write_text(screenings, encoding="utf-8")
    inspections(folder, 5)
    publish()
    kept = shutil.copytree(root, tmp_path_factory.mktemp("kept") / "year")
    yield folder, build, publish, kept
    patch.undo()


@pytest.fixture
def published(year):
    """The state before each correction: published once, and put back whatever a test did to it."""
    folder, build, publish, kept = year
    shutil.rmtree(folder.parent)
    shutil.copytree(kept, folder.parent)
    return folder, build, publish


INSPECTIONS = "PREV-08"


def figures(lines: list[str]) -> list[str]:
    return [line for line in lines if "→" in line and line[:4] in ("PREV", "PROT", "PROS", "PART")]


def test_a_corrected_cell_tells_the_file_and_the_figure_from_what_to_what_and_why(published):
    folder, _, publish = published
    inspections(folder, 7)
    lines = publish()
    assert lines[0] == f"other contents under the same name: {LABOUR}"
    assert lines[1] == "rows: as many read, accepted and set aside as before"
    told = figures(lines)[0]
    assert told.startswith(INSPECTIONS) and ", inspection, 2024: 60 → 84" in told
    assert told.endswith("(LABOUR inspections 2024)")
    assert lines[-1] == "pages made again: data-quality"
    assert len(lines) <= 10


def test_a_correction_is_named_and_readable_before_the_other_pages_are_made(published):
    folder, build, publish = published
    before = published_before(build.out)
    inspections(folder, 7)
    said = publish()
    correction = building._Correction(before, build, read_first(load_pages(build.project)))
    protected = correction.told_by(Outcome(PROTECT, "ran"))
    assert protected == correction.lines == said[:-1] and figures(protected)
    report = correction.told_by(Outcome(f"{RENDER}annual-report", "ran"))
    assert report == [f"to be read already: {build.work}/rendered/annual-report.html"]
    assert not correction.told_by(Outcome(f"{RENDER}baseline", "ran"))
    assert not correction.told_by(Outcome(PROTECT, "skipped"))
    correction.before = None
    assert not correction.told_by(Outcome(PROTECT, "ran"))
    first = [one.name for one in plan_reports(build, simulated=True) if one.turn == "first"]
    assert first[-2:] == ["run annual-report", f"{RENDER}annual-report"]


def test_a_new_return_is_said_with_its_rows_and_the_figures_that_it_moved(published):
    folder, _, publish = published
    (folder / "LABOUR_2024_inspections_2.csv").write_text(
        HEAD + "2024-03,ROUTINE,A,OW,NONE,9\n", encoding="utf-8"
    )
    lines = publish()
    assert lines[0] == "new: LABOUR_2024_inspections_2.csv"
    assert lines[1] == "rows: read 13 → 14, accepted 12 → 13"
    assert any(", inspection, 2024: 60 → 69" in line for line in figures(lines))


def test_a_return_that_is_withdrawn_leaves_no_figure_and_is_said(published):
    folder, _, publish = published
    (folder / LABOUR).unlink()
    lines = publish()
    assert lines[0] == f"withdrawn, and counts no more: {LABOUR}"
    assert any(line.startswith(f"{INSPECTIONS} ") and ": 60 → " in line for line in figures(lines))


def test_a_return_that_was_renamed_moves_no_figure(published):
    folder, _, publish = published
    (folder / LABOUR).rename(folder / "LABOUR 2024 inspections.csv")
    lines = publish()
    assert lines[0] == f"renamed: {LABOUR} is now LABOUR 2024 inspections.csv"
    assert figures(lines) == []


def test_nothing_is_told_where_nothing_ran_and_what_was_told_last_stays(published):
    folder, build, publish = published
    inspections(folder, 7)
    said = publish()
    assert publish(outcomes=[Outcome("publish", "skipped")]) == []
    assert (build.confidential / LINES).read_text(encoding="utf-8").splitlines() == said


def test_many_figures_take_four_lines_and_all_of_them_stand_in_a_file(published):
    folder, build, publish = published
    inspections(folder, 7)
    (folder / "IMM_2024_screenings.csv").write_text(
        "month,origin_group,outcome,n\n2024-05,CAM,NOT,40\n", encoding="utf-8"
    )
    lines = publish()
    with (build.confidential / MOVED).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 4 and len(lines) <= 10
    assert f"and {len(rows) - 3} more figures: " in "\n".join(lines)


def test_a_hidden_number_is_told_as_hidden_and_never_as_what_it_was(published):
    _, build, _ = published
    now = read_table(build.public / "indicators.csv")
    before = now.copy()
    row = now.index[(now["indicator_id"] == INSPECTIONS) & now["by_1"].eq("")][0]
    now.loc[row, ["value", "status"]] = [None, "C"]
    told = moved(before, now, [])
    assert len(told) == 1 and str(told.at[0, "now"]) == "<NA>"
    assert (told.at[0, "now_status"], told.at[0, "why"]) == ("C", ELSEWHERE)
    assert moved(before, now, [("DHS", "victims", 2024)]).at[0, "why"] == BESIDE
    assert moved(before, now, None).at[0, "why"] == GONE


def test_an_unknown_call_of_a_passage_is_found_before_anything_else_in_under_a_second(
    make_project, make_build, tmp_path, monkeypatch
):
    project = make_project(tmp_path / "small")
    file = project.root / "data" / "narrative" / "example" / "awareness.md"
    for wrong, said in (
        ('valeu("PREV-02")', "valeu.* is no call of passages"),
        ('value("PREV-99")', "PREV-99 is not an indicator"),
    ):
        file.write_text(f"Words.\n\n`{{python}} {wrong}`\n", encoding="utf-8")
        with pytest.raises(InputError, match=rf"example/awareness\.md, row 3: .*{said}"):
            make_build(project)
        assert not project.work.exists(), "something was made before the passage was read"
        check_in_time(project)


def check_in_time(project) -> None:
    started = time.process_time()
    with pytest.raises(InputError):
        check_passages(project, 2024)
    assert time.process_time() - started < 1


def test_the_check_of_passages_comes_first(make_project, make_build, tmp_path, monkeypatch):
    project = make_project(tmp_path / "small")
    asked = []
    monkeypatch.setattr(building, "check_passages", lambda *given: asked.append(given) or stop())
    monkeypatch.setattr(building, "refuse_past", lambda *given: pytest.fail("was read before"))
    with pytest.raises(InputError, match="first"):
        make_build(project)
    assert asked


def stop() -> None:
    raise InputError("first")
