"""A bulletin for a quarter, a half-year or a range: computed, protected, laid out, put in place.

It is an answer of the record like any other (`ledger.answers`): what stands stays as it is, and all
quarters and halves of the years concerned are protected together, whichever is asked for.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atips_analysis.build.asked_for import Build, published_folder, refuse_no_submissions
from atips_analysis.build.bulletin_inputs import note_made
from atips_analysis.build.made_with import made_with
from atips_analysis.build.one_writer import one_publisher, one_writer
from atips_analysis.build.reports_folder import finish_released, mend_reports
from atips_analysis.databank.storage import sha256_of
from atips_analysis.errors import InputError
from atips_analysis.files import for_readers, read_json, write_json, write_whole
from atips_analysis.framework.bulletin_counts import ANY, BulletinCount, load_bulletin_counts
from atips_analysis.framework.release_calendar import public_days
from atips_analysis.indicators import Period
from atips_analysis.indicators.incomplete import missing_returns
from atips_analysis.indicators.parts_of_year import PARTS, a_year_before, part_of_a_year
from atips_analysis.ledger.record import begin_record
from atips_analysis.pages.last_build import remember_bulletin
from atips_analysis.pages.part_year import months_in_words
from atips_analysis.project import Project, commit_of_code, find_project

if TYPE_CHECKING:
    import pandas as pd

    from atips_analysis.databank import DataBank
    from atips_analysis.indicators.rows import Rows
    from atips_analysis.ledger.question import Question


@dataclass(frozen=True)
class Made:
    """The files of a bulletin, and what to tell the person who asked for it."""

    files: tuple[Path, ...]
    text: str


def make_bulletin(
    period: str,
    *,
    databank: Path | None = None,
    submissions: Path | None = None,
    out: Path | None = None,
    renderer: str = "auto",
    project: Project | None = None,
) -> Made:
    """Make the bulletin of a period; see `atips bulletin`.

    Raises InputError if the period is no part of a year, nothing was returned for it, the databank
    is not there, or the published tables are of another edition. Raises FindingsError if the
    quality gate is not passed, or a hidden number could be worked out.
    """
    from atips_analysis.files import WORK, can_be_written

    house = project or find_project()
    asked = part_of_a_year(period)
    reports = (out or house.reports).resolve()
    build = _build(asked, submissions, reports, renderer, house)
    with for_readers():
        can_be_written(reports)
    can_be_written(build.work, WORK)
    with one_writer(house), one_publisher(reports):
        mend_reports(reports)
        finish_released(reports, house.ledger)
        made = _made(build, asked, databank, submissions, renderer)
        note_made(build, file_name(asked))
        return made


def make_within(build: Build, asked: Period) -> Made:
    """Make a bulletin within a build, of its submissions."""
    return _made(build, asked, None, build.submissions, build.renderer)


def _made(
    build: Build, asked: Period, databank: Path | None, submissions: Path | None, renderer: str
) -> Made:
    from atips_analysis.notebooks import run_notebook

    house, before = build.project, a_year_before(asked)
    where = databank or build.databank
    bank = _open_bank(build, databank, submissions, renderer)
    work = build.work / "bulletins" / file_name(asked)
    folder = published_folder(build, bank.simulated)
    begin_record(where)
    table, coarser = _protected(bank, (asked, before), house)
    mark = "from SIMULATED records, not the country's data" if bank.simulated else "from records"
    said = f"bulletin {mark}, {months_in_words(asked)}, edition {bank.edition}:"
    files, state = _as_released(table, folder, work), "released"
    public = work / "public"
    if not (files and public.is_dir()):
        _public_side(work, table, bank, asked, build)
    remember_bulletin(house, asked.name, work)
    if not files:
        run_notebook(
            house.notebooks / "bulletin.ipynb",
            work / "bulletin.ipynb",
            {"inputs": public, "project": house.root, "period": asked.name},
        )
        there = (folder / "index.html").is_file()
        pages = render_bulletin(work, renderer, house, draft=True, beside_reports=there)
        files = _put_in_place([*pages, public / "indicators.csv"], folder, file_name(asked), work)
        _lead_to(folder, build)
        state = "draft"
    lines = [
        *(
            f"  {(file.relative_to(house.root) if file.is_relative_to(house.root) else file)}"
            for file in files
        ),
        *coarser,
    ]
    return Made(files, "\n".join([f"{state} {said}", *lines]))


PREFIX = "bulletin-"


def file_name(period: Period) -> str:
    """bulletin-2024-Q3, bulletin-2024-03-to-2024-08."""
    return f"{PREFIX}{period.name.replace('..', '-to-')}"


def is_of_bulletin(name: str) -> bool:
    """Whether a file of a year's reports belongs to a bulletin, by its name."""
    return name.startswith(PREFIX)


def bulletin_files(folder: Path) -> list[Path]:
    """Pages and tables of bulletins that lie beside the reports of a year."""
    return sorted(file for file in folder.iterdir() if file.is_file() and is_of_bulletin(file.name))


def working_folder(build: Build, name: str, edition: str) -> Path | None:
    """Where a bulletin was made from an edition, whatever submissions were named; None if gone."""
    for folder in sorted(build.project.work.glob(f"{build.year}-*/bulletins/{name}")):
        about = folder / "public" / "build.json"
        if about.is_file() and read_json(about)["edition"] == edition:
            return folder
    return None


def render_bulletin(
    work: Path, renderer: str, house: Project, *, draft: bool, beside_reports: bool = True
) -> list[Path]:
    """The pages of an executed bulletin, in the working folder, as a draft or as released; and last
    its manifest: edition, software, state, and the hash of each of its files.

    `beside_reports` says whether the year's front page lies in their folder, to lead to.
    """
    from atips_analysis.pages.provenance import made_from
    from atips_analysis.render import Report, Ways, publication_from, render
    from atips_analysis.render.logo import read_logo
    from atips_analysis.render.publication import moment_after

    about = read_json(work / "public" / "build.json")
    simulated = bool(about["simulated"])
    publication = publication_from(
        house.profile,
        lang="en",
        simulated=simulated,
        draft=draft,
        layout="brief",
        running_title="Bulletin",
        logo=read_logo(house),
        timestamp=moment_after(about["year"]),
        ways=Ways(
            home="index.html" if beside_reports else "",
            paper=f"{work.name}.pdf",
            data=f"{work.name}.csv",
        ),
        made_from=made_from(about, house.profile, title="Bulletin", simulated=simulated),
        **({"issuing_body": None} if simulated else {}),
    )
    report = Report(work.name, work / "bulletin.ipynb", publication)
    folder = work / ("rendered" if draft else "released")
    pages = render(report, folder, renderer=renderer, extension=house.extension)  # type: ignore[arg-type]
    table = work / "public" / "indicators.csv"
    files = {file.name: sha256_of(file) for file in pages} | {f"{work.name}.csv": sha256_of(table)}
    manifest = folder / f"{work.name}.json"
    write_json(manifest, {**about, "state": "draft" if draft else "released", "files": files})
    return [*pages, manifest]


def _build(
    period: Period, submissions: Path | None, reports: Path, renderer: str, house: Project
) -> Build:
    year = period.years[-1]
    source = (submissions or house.example / "submissions").resolve()
    baseline = f"{year - 3}-{year - 1}"
    return Build(house, year, baseline, source, reports, renderer)  # type: ignore[arg-type]


def _open_bank(
    build: Build, databank: Path | None, submissions: Path | None, renderer: str
) -> DataBank:
    from atips_analysis.databank import open_databank
    from atips_analysis.render.rendering import usable_quarto

    usable_quarto(renderer)  # type: ignore[arg-type]  # refuses before anything is made
    if databank is not None and submissions is not None:
        raise InputError("name either --databank or --submissions, not both")
    if databank is not None:
        return open_databank(databank)
    refuse_no_submissions(build)
    return open_databank(build.databank, _consolidated(build))


def _consolidated(build: Build) -> str:
    """The edition of the submissions: made when it is not there, and past the quality gate."""
    from atips_analysis.build.asked_for import forget_lost_edition
    from atips_analysis.build.plan import plan_records
    from atips_analysis.build.steps import run_steps
    from atips_analysis.notebooks import warm_kernels

    forget_lost_edition(build)
    with warm_kernels():
        run_steps(plan_records(build), build.work / "records")
    note = read_json(build.confidential / "edition.json")
    return str(note["edition"])


def _protected(
    bank: DataBank, periods: tuple[Period, Period], house: Project
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows of the bulletin, protected: of the period, and of the same months a year before.

    With them what is given in ranges alone, a line each. All quarters and halves of these years are
    asked for together, whichever is printed, so that each gets the same pattern every time.
    """
    from atips_analysis.indicators.rows import rows_of
    from atips_analysis.ledger.answers import answer

    rows = rows_of(bank)
    _check_there_is_data(rows, periods[0])
    years = sorted({year for period in periods for year in period.years})
    whole = [f"{year}-{part}" for year in years for part in PARTS]
    given = answer(_asked(whole, house), bank, rows, house, "bulletin")
    wanted = [period.name for period in periods]
    if not set(wanted) <= set(whole):
        given = answer(_asked(wanted, house), bank, rows, house, "bulletin")
    table = given.table
    keep = table["indicator_id"] == ""
    for count in load_bulletin_counts(house):
        keep |= _rows_of(count, table)
    return table[keep & table["period"].isin(wanted)], given.coarser


def _asked(periods: Sequence[str], house: Project) -> Question:
    """The tables that hold what a bulletin counts, their totals, and what nobody counts yet."""
    from atips_analysis.ledger.question import Question

    places = set()
    for one in load_bulletin_counts(house):
        name = (one.indicator_id, one.unit, "count")
        for period in periods:
            places |= {(period, name, ()), (period, name, tuple(sorted(one.categories)))}
            places |= {(period, (one.indicator_id, unit, ""), ()) for unit in ("", one.unit)}
    return Question(frozenset(places))


def _rows_of(count: BulletinCount, table: pd.DataFrame) -> pd.Series:
    """Which rows are those of a count, or say that nothing was returned for it."""
    import pandas as pd

    from atips_analysis.indicators.place import cell_of

    of = (table["indicator_id"] == count.indicator_id) & (table["unit_of_count"] == count.unit)
    own = of & table["statistic"].isin(["count", ""])
    cells = (cell_of(row) for row in table.to_dict("records"))
    own &= pd.Series([_is_of(cell, count.categories) for cell in cells], table.index)
    return own | (of & table["status"].isin(["M", "NC"]))


def _is_of(cell: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether a cell is broken down as wanted, ``*`` standing for any category."""
    return cell.keys() == wanted.keys() and all(
        category in (ANY, cell[name]) for name, category in wanted.items()
    )


def _check_there_is_data(rows: Rows, asked: Period) -> None:
    returned = sorted({year for years in rows.years.values() for year in years})
    if not returned:
        raise InputError("the data bank holds no return; consolidate the agencies' files first")
    if not set(asked.years) <= set(returned):
        raise InputError(
            f"the data bank has no return for {asked.name}; it holds {returned[0]} to "
            f"{returned[-1]}: choose a period of those years, or add the agencies' files"
        )


def _public_side(
    work: Path, table: pd.DataFrame, bank: DataBank, asked: Period, build: Build
) -> None:
    from atips_analysis import __version__
    from atips_analysis.indicators.table import write_table

    shutil.rmtree(work, ignore_errors=True)
    public = work / "public"
    write_table(table, public / "indicators.csv")
    write_json(
        public / "build.json",
        {
            "edition": bank.edition,
            "simulated": bank.simulated,
            "year": asked.years[-1],
            "period": asked.name,
            "baseline": a_year_before(asked).name,
            "version": __version__,
            "commit": commit_of_code(),
            "made_with": dict(made_with(build.renderer)),
            "incomplete": missing_returns(bank.kept("returns"), asked.years[0], asked.years[-1]),
            "calendar": public_days(build.project, asked.years[-1]),
        },
    )


def _as_released(table: pd.DataFrame, folder: Path, work: Path) -> tuple[Path, ...]:
    """The files of this very bulletin that were released with the reports; they stay as they are."""
    from atips_analysis.indicators.table import write_table

    name, note = work.name, folder / "manifest.json"
    manifest = read_json(note) if note.is_file() else {}
    sealed = manifest.get("release", {}).get("bulletins", [])
    there = folder / f"{name}.csv"
    if name not in sealed or not there.is_file():
        return ()
    beside = work.with_name(f".{name}.csv")
    write_table(table, beside)
    unchanged = beside.read_bytes() == there.read_bytes()
    beside.unlink()
    if not unchanged:
        return ()
    files = [file for file in bulletin_files(folder) if file.stem == name]
    same = all(sha256_of(file) == manifest["files"].get(file.name) for file in files)
    return tuple(files) if same else ()


def _put_in_place(made: Sequence[Path], folder: Path, name: str, work: Path) -> tuple[Path, ...]:
    """Through the gate into the folder of the year's reports, and into its manifest."""
    from atips_analysis.render.reports_gate import check_public

    staged = work / "staged"
    staged.mkdir(parents=True)
    for file in made:
        shutil.copyfile(file, staged / f"{name}{file.suffix}")
    check_public(staged)
    with for_readers():
        files = [
            write_whole(folder / one.name, one.read_bytes()) for one in sorted(staged.iterdir())
        ]
    _enter_in_manifest(folder, files)
    return tuple(files)


@for_readers()
def _lead_to(folder: Path, build: Build) -> None:
    """The front page of a draft that was built leads to its bulletins; a sealed one stays."""
    from atips_analysis.build.page_register import listed_pages, load_pages
    from atips_analysis.render.front_page import write_front_pages

    index, notes = folder / "index.html", (folder / "manifest.json", build.public / "build.json")
    if not all(file.is_file() for file in (index, *notes)):
        return
    there, made = (read_json(note) for note in notes)
    if there["state"] != "draft" or there["edition"] != made["edition"]:
        return
    pages = listed_pages(load_pages(build.project))
    _enter_in_manifest(folder, write_front_pages(folder, build.public, build.project, pages))


@for_readers()
def _enter_in_manifest(folder: Path, files: Sequence[Path]) -> None:
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        return
    content: dict[str, Any] = read_json(manifest)
    for file in files:
        content["files"][file.name] = sha256_of(file)
    write_json(manifest, content)
