"""Sealing a build: checked by one role, approved by another, entered in the ledger, packed.

A release is never made from what is out of date or was changed by hand. Everything is checked
once more; pages are set again from the executed notebooks, without the mark of a draft; the
attack takes this release, all earlier ones and the public figures together; and the pack is
verified before anything is put in its place. Releasing the same again changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atips_analysis.building import ASKED, one_at_a_time
from atips_analysis.disclosure.baseline import frozen_baselines
from atips_analysis.disclosure.cells import CellKey, describe
from atips_analysis.disclosure.earlier import earlier_releases
from atips_analysis.disclosure.ledger import (
    Released,
    attack_releases,
    ties_by_counts,
    to_json,
    unrevised_since,
)
from atips_analysis.disclosure.ledger_files import (
    Entry,
    entry_file,
    ledger_files,
    ledger_text,
    read_ledger,
    write_counts,
)
from atips_analysis.errors import FindingsError, InputError
from atips_analysis.pipeline import (
    Build,
    assemble,
    is_released,
    is_simulated,
    plan_records,
    plan_reports,
    published_folder,
    put_in_place,
)
from atips_analysis.project import Project, find_project
from atips_analysis.steps import Step, out_of_date, run_steps, write_text

if TYPE_CHECKING:
    from atips_analysis.publishing.pack_tables import PackTable

SAME = ("edition", "table", "files")
"""What two versions of a release have in common when they are the same release."""


@dataclass(frozen=True)
class ReleaseMade:
    """A release: its folder, pack, version in the ledger, and whether it was there before."""

    folder: Path
    pack: Path
    version: int
    unchanged: bool
    simulated: bool
    sha256: str


@dataclass(frozen=True)
class Beside:
    """What is released beside the table of indicators: its table, its cells, the counts behind."""

    table: PackTable
    released: Released
    counts: Mapping[CellKey, int]

    @property
    def sha256(self) -> str:
        return _sha256(self.table.csv())


@dataclass(frozen=True)
class Sealing:
    """What is put in the ledger for a release: who, when, which cells.

    `baselines` are the files of frozen baselines that travel with it, by name.
    """

    checked_by: str
    approved_by: str
    day: date
    released: Released
    counts: Mapping[CellKey, int]
    beside: Mapping[str, Beside]
    baselines: Mapping[str, bytes]


def release_year(
    *,
    year: int,
    checked_by: str,
    approved_by: str,
    out: Path | None = None,
    day: str | None = None,
    project: Project | None = None,
) -> ReleaseMade:
    """Seal the build of a year; see `atips release`.

    Parameters
    ----------
    day : str, optional
        Date of the release (yyyy-mm-dd); by default the clock of the profile, so that the same
        input gives the same bytes.

    Raises
    ------
    InputError
        If the roles are missing or the same, nothing is built, or the build is out of date.
    FindingsError
        If something was changed by hand, may not leave, or can be worked out.
    """
    project = project or find_project()
    check_roles(checked_by, approved_by)
    released_on = _day(day, project)
    build = find_build(project, year, (out or project.reports).resolve())
    with one_at_a_time(build.work):
        simulated = is_simulated(build)
        folder = published_folder(build, simulated)
        steps = plan_reports(build, simulated)
        _check_current(build, steps)
        _check_untouched(build, folder)
        entries = read_ledger(ledger_files(project.ledger, simulated=simulated))
        released, counts = _released(build)
        before, past = earlier_releases(project, build.databank, simulated=simulated)
        beside = _released_beside(build, folder, released.edition)
        for one in beside.values():
            counts |= one.counts
        also = [one.released for one in beside.values()]
        released = _attacked(released, also, counts, before, past)
        who = _spaced(checked_by), _spaced(approved_by)
        baselines = _baseline_files(project, simulated)
        sealing = Sealing(*who, released_on, released, counts, beside, baselines)
        made = _seal(build, folder, steps, entries, sealing)
        run_steps(plan_reports(build, simulated), build.work / "reports")
    return made


def check_roles(checked_by: str, approved_by: str) -> None:
    """Two roles, and not one under two spellings.

    Raises
    ------
    InputError
        If one is blank or both are the same.
    """
    for option, role in (("--checked-by", checked_by), ("--approved-by", approved_by)):
        if not _spaced(role):
            raise InputError(f"{option} is blank; give the role, such as 'M&E Officer'")
    if _folded(checked_by) == _folded(approved_by):
        raise InputError(
            f"--checked-by and --approved-by are both {_spaced(checked_by)!r}; a release is checked "
            "by one role and approved by another"
        )


def find_build(project: Project, year: int, out: Path) -> Build:
    """The build whose reports lie in `out`: that of agencies' records before a simulated one.

    Raises
    ------
    InputError
        If nothing is built there.
    """
    found = []
    for note in sorted(project.work.glob(f"{year}-*/{ASKED}")):
        asked = json.loads(note.read_text(encoding="utf-8"))
        build = Build(
            project,
            year,
            asked["baseline"],
            Path(asked["submissions"]),
            Path(asked["out"]),
            asked["renderer"],
        )
        if build.out != out or build.work != note.parent:
            continue
        simulated = is_simulated(build)
        if (published_folder(build, simulated) / "manifest.json").is_file():
            found.append((simulated, note.parent.name, build))
    if not found:
        raise InputError(
            f"nothing is built for {year} in {_short(out, project)}; run atips build --year {year} first"
        )
    return min(found, key=lambda one: one[:2])[2]


def _check_current(build: Build, steps: Sequence[Step]) -> None:
    """The build is what the inputs and the code of today give."""
    stale = {
        **out_of_date(plan_records(build), build.work / "records"),
        **out_of_date([step for step in steps if step.name != "publish"], build.work / "reports"),
    }
    if stale:
        name, why = next(iter(stale.items()))
        because = f" ({why[0]})" if why else ""
        raise InputError(
            f"the build is out of date: '{name}' has to run again{because}; run atips build, look "
            "at the reports again, then release"
        )
    if json.loads((build.confidential / "quality-gate.json").read_text("utf-8"))["failures"]:
        raise FindingsError("the quality gate is not passed; nothing was released")


def _check_untouched(build: Build, folder: Path) -> None:
    """What lies in the folder is what was made: nothing changed, added or taken away by hand."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    there = {
        file.relative_to(folder).as_posix(): file
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.relative_to(folder).parts[0] != "pack"
    }
    there.pop("manifest.json")
    for file in _bulletins(folder):
        if file.name not in manifest["files"]:
            there.pop(file.name)
    made_in = build.work / ("rendered" if manifest["state"] == "draft" else "released")
    for name in sorted(manifest["files"].keys() | there.keys()):
        what = None
        if name not in there:
            what = "is gone"
        elif name not in manifest["files"]:
            what = "was added by hand"
        elif _sha256(there[name].read_bytes()) != manifest["files"][name]:
            what = "was changed by hand"
        elif name.endswith((".html", ".pdf")) and name != "index.html" and not _of_bulletin(name):
            made = made_in / name
            if not made.is_file() or made.read_bytes() != there[name].read_bytes():
                what = "is not the page that the build made"
        if what:
            raise FindingsError(
                f"{name} {what} since the build; nothing was released: run atips build again"
            )


def _released(build: Build) -> tuple[Released, dict[CellKey, int]]:
    """The table as its reader sees it, and the true counts behind it."""
    from atips_analysis.disclosure.indicator_table import public_figures
    from atips_analysis.disclosure.released_table import released_from
    from atips_analysis.indicators.table import read_table

    return released_from(
        read_table(build.public / "indicators.csv"),
        read_table(build.confidential / "indicators-raw.csv"),
        figures=public_figures(build.project),
        threshold=int(build.project.profile["disclosure"]["threshold"]),
    )


def _released_beside(build: Build, folder: Path, edition: str) -> dict[str, Beside]:
    """What is printed beside the indicators, by name: tables of research, and of bulletins."""
    from atips_analysis.databank import open_databank
    from atips_analysis.disclosure.indicator_table import cells_of
    from atips_analysis.disclosure.part_years_released import released_bulletins
    from atips_analysis.disclosure.released_table import rows_behind
    from atips_analysis.disclosure.research_tables_released import released_research
    from atips_analysis.indicators.denominators import mid_year_population
    from atips_analysis.indicators.table import read_table
    from atips_analysis.publishing.pack_research import bulletin_table, research_table

    rows = rows_behind(
        read_table(build.public / "indicators.csv"),
        read_table(build.confidential / "indicators-raw.csv"),
    )
    research = json.loads((build.public / "research.json").read_text(encoding="utf-8"))
    bank = open_databank(build.databank, edition)
    threshold = int(build.project.profile["disclosure"]["threshold"])
    released = released_research(research, bank, cells_of(rows), threshold=threshold)
    found = {"research": Beside(research_table(research), *released)}
    files = {file.stem: file for file in _bulletins(folder) if file.suffix == ".csv"}
    bulletins, counts = released_bulletins(
        {name: read_table(file) for name, file in files.items()},
        rows,
        bank,
        population=mid_year_population(build.project),
        threshold=threshold,
    )
    for name, one in bulletins.items():
        found[name] = Beside(bulletin_table(files[name]), one, counts)
    return found


def _bulletins(folder: Path) -> list[Path]:
    """Files of bulletins that lie beside the reports: pages (drafts, which are not packed), tables."""
    return sorted(file for file in folder.iterdir() if file.is_file() and _of_bulletin(file.name))


def _of_bulletin(name: str) -> bool:
    return name.startswith("bulletin-")


def _baseline_files(project: Project, simulated: bool) -> dict[str, bytes]:
    """Frozen baselines of one kind of records: seals and tables by file name."""
    return {
        path.name: path.read_bytes()
        for one in frozen_baselines(project, simulated=simulated)
        for path in (one.path, one.path.with_name(str(one.seal["table"]["file"])))
    }


def _attacked(
    released: Released,
    beside: Sequence[Released],
    counts: Mapping[CellKey, int],
    before: Sequence[Released],
    past: Mapping[tuple[str, CellKey], int],
) -> Released:
    """The release, with what is unrevised since earlier editions, after it withstood the attack."""
    truth = {**past, **{(released.edition, key): count for key, count in counts.items()}}
    stated = unrevised_since((one.edition for one in before), released.edition, truth)
    released = replace(released, unrevised=stated)
    together = [*before, released, *beside]
    report = attack_releases(together, ties=ties_by_counts(together, truth), counts=truth)
    if not report.solvable:
        raise FindingsError(
            "nothing was released: this release and earlier ones contradict one another, so that no "
            f"cell can be shown to be safe ({'; '.join(report.contradictions)})"
        )
    if not report.safe:
        first = next(report.opened.itertuples())
        raise FindingsError(
            f"nothing was released: {describe(first.key)} (edition {first.edition}) can be worked "
            f"out from {first.opened_by}"
        )
    return released


def _seal(
    build: Build,
    folder: Path,
    steps: Sequence[Step],
    entries: Sequence[Entry],
    sealing: Sealing,
) -> ReleaseMade:
    project, simulated = build.project, folder.name.endswith("-simulated")
    file = entry_file(project.ledger, build.year, simulated=simulated)
    own = [entry for entry in entries if entry.file == file]
    draft = _draft_of_reports(folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if manifest["state"] == "released":
        draft = manifest["release"]["draft"]
    table = _sha256((build.public / "indicators.csv").read_bytes())
    same = [
        entry
        for entry in own
        if entry.content["draft"] == draft
        and entry.content["table"] == table
        and _tables_beside(entry.content) == {n: one.sha256 for n, one in sealing.beside.items()}
    ]
    version = same[-1].version if same else len(own) + 1
    if same:
        kept = same[-1].content
        sealing = replace(
            sealing,
            checked_by=kept["checked_by"],
            approved_by=kept["approved_by"],
            day=date.fromisoformat(kept["date"]),
            released=same[-1].released,
            baselines={
                name: content
                for name, content in sealing.baselines.items()
                if name in kept.get("baselines", {})
            },
        )
    pack_file = folder / "pack" / f"atips-{build.year}.zip"
    if same and is_released(folder, draft) and pack_file.is_file():
        digest = _sha256(pack_file.read_bytes())
        if digest == same[-1].content["pack"]:
            return ReleaseMade(folder, pack_file, version, True, simulated, digest)
    _render(build, steps)
    release = {
        "version": version,
        "date": sealing.day.isoformat(),
        "checked_by": sealing.checked_by,
        "approved_by": sealing.approved_by,
        "draft": draft,
    }
    beside = folder.with_name(f".{folder.name}.new")
    pages = next(step for step in steps if step.name == "publish").settings["pages"]
    assemble(beside, build.work, "released", project, pages, release)
    entry = _entry(build, beside, sealing, release, table)
    versions = [dict(one.content) for one in own if one.version < version]
    content = {
        "year": build.year,
        "records": "simulated" if simulated else "submitted by agencies",
        "versions": [*versions, entry],
    }
    packed = _packed(build, beside, file, content, entries, sealing)
    for bulletin in _bulletins(folder):
        if not (beside / bulletin.name).exists():
            shutil.copyfile(bulletin, beside / bulletin.name)
    digest = _sha256(packed)
    if same and same[-1].content["pack"] != digest:
        raise FindingsError(
            f"version {version} cannot be made again as it was released (its pack differs); restore "
            "the pack from where it is kept"
        )
    (beside / "pack").mkdir()
    (beside / "pack" / pack_file.name).write_bytes(packed)
    entry["pack"] = digest
    write_counts(build.databank, sealing.released.edition, sealing.counts)
    if not same:
        write_text(file, ledger_text(content))
    put_in_place(beside, folder)
    return ReleaseMade(folder, pack_file, version, bool(same), simulated, digest)


def _draft_of_reports(folder: Path) -> str:
    """What `draft_of` says of the reports alone: bulletins come and go beside them."""
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    reports = {name: digest for name, digest in files.items() if not _of_bulletin(name)}
    return _sha256(json.dumps(reports, sort_keys=True).encode())


def _render(build: Build, steps: Sequence[Step]) -> None:
    """The pages once more from their executed notebooks, not as drafts."""
    from atips_analysis.pipeline import render_page

    target = build.work / "released"
    shutil.rmtree(target, ignore_errors=True)
    for step in steps:
        if step.name.startswith("render "):
            writes = [target / path.relative_to(build.work / "rendered") for path in step.writes]
            render_page(list(step.reads), writes, **step.settings, draft=False)


def _entry(
    build: Build, beside: Path, sealing: Sealing, release: Mapping[str, Any], table: str
) -> dict[str, Any]:
    manifest = json.loads((beside / "manifest.json").read_text(encoding="utf-8"))
    return {
        **release,
        "edition": sealing.released.edition,
        "baseline": build.baseline,
        "software": manifest["version"],
        "table": table,
        "files": manifest["files"],
        "release": to_json(sealing.released),
        "beside": {
            name: {"sha256": one.sha256, "release": to_json(one.released)}
            for name, one in sealing.beside.items()
        },
        "baselines": {name: _sha256(content) for name, content in sealing.baselines.items()},
    }


def _tables_beside(version: Mapping[str, Any]) -> dict[str, str]:
    """Hashes of the tables that a version released beside that of indicators."""
    return {name: str(one["sha256"]) for name, one in version.get("beside", {}).items()}


def _packed(
    build: Build,
    beside: Path,
    file: Path,
    content: Mapping[str, Any],
    entries: Sequence[Entry],
    sealing: Sealing,
) -> bytes:
    """The pack, verified as a recipient would."""
    from atips_analysis.publishing.pack import Sealed, pack
    from atips_analysis.publishing.pack_metadata import Particulars
    from atips_analysis.publishing.verification import verify

    profile, simulated = build.project.profile, content["records"] == "simulated"
    country = profile["country"]["name_en"]
    mark = " (simulated records)" if simulated else ""
    own = content["versions"][-1]
    particulars = Particulars(
        name=f"atips-{build.year}{'-simulated' if simulated else ''}",
        title=f"Trafficking in persons, {country}, {build.year}{mark}",
        description="Reports and tables on trafficking in persons"
        + (
            f", made from SIMULATED records: no figure of {country}."
            if simulated
            else f" in {country}, protected and released."
        ),
        year=build.year,
        edition=sealing.released.edition,
        version=int(own["version"]),
        software=str(own["software"]),
        released=datetime.combine(sealing.day, datetime.min.time(), UTC),
        simulated=simulated,
        issuing_body=None if simulated else profile["council"].get("issuing_body_en"),
        country=country,
    )
    others = {entry.file.name: entry.file for entry in entries if entry.file != file}
    ledger = {name: one.read_text(encoding="utf-8") for name, one in others.items()}
    ledger[file.name] = ledger_text(content)
    sealed = Sealed(
        particulars,
        beside,
        build.public,
        ledger,
        sealing.checked_by,
        sealing.approved_by,
        f"atips-{build.year}.zip",
        tuple(one.table for one in sealing.beside.values()),
        sealing.baselines,
    )
    whole = pack(sealed, build.project)
    verdict = verify(whole)
    if verdict.findings:
        raise FindingsError(f"nothing was released: the pack does not hold: {verdict.findings[0]}")
    return whole


def _day(text: str | None, project: Project) -> date:
    if text is None:
        return datetime.fromtimestamp(project.profile["publication"]["timestamp"], UTC).date()
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"--date {text!r} is not a date; write it like 2025-06-30") from None


def _spaced(role: str) -> str:
    return " ".join(role.split())


def _folded(role: str) -> str:
    return "".join(role.split()).casefold()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _short(folder: Path, project: Project) -> str:
    try:
        return os.fspath(folder.relative_to(project.root))
    except ValueError:
        return folder.name
