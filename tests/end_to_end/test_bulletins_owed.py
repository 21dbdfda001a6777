"""Which bulletins a build makes again: those whose inputs changed, that are gone, or still owed."""

from __future__ import annotations

import json

import pytest

from atips_analysis.build import bulletins_kept
from atips_analysis.build.asked_for import Build, published_folder
from atips_analysis.build.bulletin_inputs import inputs_of, note_made, noted
from atips_analysis.build.bulletins_kept import bulletins_of, make_again
from atips_analysis.errors import InputError
from atips_analysis.project import find_project

FIRST, SECOND = "bulletin-2024-03-to-2024-08", "bulletin-2024-Q1"


@pytest.fixture
def year(tmp_path, monkeypatch):
    """A year with two bulletins in its reports, made from what is there; what is made again."""
    monkeypatch.setattr(Build, "work", property(lambda self: tmp_path / "work"))
    build = Build(find_project(), 2024, "2021-2023", tmp_path, tmp_path / "reports")
    build.public.mkdir(parents=True)
    for name in ("indicators.csv", "build.json"):
        (build.public / name).write_text("first", encoding="utf-8")
    folder = published_folder(build, simulated=False)
    folder.mkdir(parents=True)
    for name in (FIRST, SECOND):
        (folder / f"{name}.csv").write_text("table", encoding="utf-8")
        note_made(build, name)
    made = []
    monkeypatch.setattr(bulletins_kept, "make_within", lambda build, asked: made.append(asked.name))
    return build, folder, made


def again(build) -> list[str]:
    return make_again(build, bulletins_of(build, simulated=False), simulated=False)


def test_nothing_is_made_again_where_nothing_changed(year):
    build, _, made = year
    assert again(build) == made == []


def test_other_tables_make_every_bulletin_again_and_once(year):
    build, _, made = year
    (build.public / "indicators.csv").write_text("second", encoding="utf-8")
    assert again(build) == [FIRST, SECOND]
    assert made == ["2024-03..2024-08", "2024-Q1"]
    assert set(noted(build).values()) == {inputs_of(build)}
    assert again(build) == []


def test_what_is_out_of_the_folder_is_no_bulletin_of_the_year_any_more(year):
    build, folder, _ = year
    (folder / f"{FIRST}.csv").unlink()
    (build.public / "build.json").write_text("second", encoding="utf-8")
    assert again(build) == [SECOND] and list(noted(build)) == [SECOND]


def test_a_bulletin_that_the_reports_took_with_them_is_owed_until_it_is_made(year, monkeypatch):
    build, folder, _ = year
    names = bulletins_of(build, simulated=False)
    (folder / f"{SECOND}.csv").unlink()
    stopped = pytest.MonkeyPatch()
    stopped.setattr(bulletins_kept, "make_within", stop)
    with pytest.raises(KeyboardInterrupt):
        make_again(build, names, simulated=False)
    stopped.undo()
    assert bulletins_of(build, simulated=False) == [FIRST, SECOND]
    assert again(build) == [SECOND]


def stop(build, asked) -> None:
    raise KeyboardInterrupt


def test_a_bulletin_that_cannot_be_made_stops_one_build_and_not_the_next(year, monkeypatch):
    build, folder, _ = year
    names = bulletins_of(build, simulated=False)
    (folder / f"{SECOND}.csv").unlink()

    def refuse(build, asked):
        raise InputError("the data bank has no return for 2024-Q1")

    monkeypatch.setattr(bulletins_kept, "make_within", refuse)
    with pytest.raises(InputError, match="no return"):
        make_again(build, names, simulated=False)
    assert bulletins_of(build, simulated=False) == [FIRST]
    assert json.loads((build.work / "bulletins.json").read_text()).keys() == {FIRST}
