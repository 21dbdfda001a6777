"""What must hold before anything is sealed: two roles, a date, a build that is as it was made."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from atips_analysis.build.asked_for import Build, is_simulated, published_folder
from atips_analysis.build.building import ASKED
from atips_analysis.build.bulletins import bulletin_files, is_of_bulletin, working_folder
from atips_analysis.build.plan import PROTECT, plan_records, plan_reports, rendering_steps
from atips_analysis.build.steps import Step, out_of_date, run_steps
from atips_analysis.errors import FindingsError, InputError
from atips_analysis.files import read_json
from atips_analysis.framework.release_calendar import load_calendar
from atips_analysis.ledger.ledger_chain import Entry
from atips_analysis.project import Project
from atips_analysis.release import verify_pack
from atips_analysis.render.drafts import unreviewed
from atips_analysis.words.said import Message
from atips_analysis.words.upkeep import role_named


def check_roles(checked_by: str, approved_by: str) -> tuple[str, str]:
    """Two roles, and not one under two spellings; as they are written into the ledger.

    Raises InputError if one is none or both are the same.
    """
    checked = role_named(checked_by, "--checked-by")
    approved = role_named(approved_by, "--approved-by")
    if _folded(checked) == _folded(approved):
        raise InputError(
            Message(
                "--checked-by and --approved-by are both {role!r}; a release is checked by one role and approved by another"
            ).format(role=checked)
        )
    return checked, approved


def release_day(text: str | None, year: int, project: Project) -> date:
    """The date that the release bears: as asked for, or the calendar's.

    No clock is read, so that the same input gives the same bytes. A year that has not ended
    cannot be released.

    Raises InputError if there is none, or it lies before the end of the year.
    """
    planned = load_calendar(project).get(year)
    if text is None and planned and planned.days["release"]:
        return planned.days["release"]
    if text is None:
        raise InputError(
            Message(
                "no day of release is set for {year}: write it into data/council/calendar.csv, or give it, such as --date {after}-03-31"
            ).format(year=year, after=year + 1)
        )
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(
            Message("--date {text!r} is not a date; write it like 2025-06-30").format(text=text)
        ) from None
    if day <= date(year, 12, 31):
        raise InputError(
            Message("--date {day} is not after the end of {year}; write a later one").format(
                day=day, year=year
            )
        )
    return day


def find_build(project: Project, year: int, out: Path) -> Build:
    """The build whose reports lie in `out`: that of agencies' records before a simulated one.

    Raises InputError if nothing is built there.
    """
    found = []
    for note in sorted(project.work.glob(f"{year}-*/{ASKED}")):
        asked = read_json(note)
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
            Message(
                "nothing is built for {year} in {folder}; run atips build --year {year} first"
            ).format(year=year, folder=project.shown(out))
        )
    return min(found, key=lambda one: one[:2])[2]


def check_current(build: Build, simulated: bool) -> None:
    """The build is what the inputs, the code and the ledger of today give.

    After another release, what may be shown is found once more beside it; where that is what
    the reports show, they stand.

    Raises InputError if a step has to run again. Raises FindingsError if the quality gate is not
    passed.
    """
    steps = plan_reports(build, simulated)
    stale = _stale(build, simulated)
    if PROTECT in stale and all(
        why.startswith("an earlier step")
        for name in stale
        if name != PROTECT
        for why in stale[name]
    ):
        run_steps([step for step in steps if step.name == PROTECT], build.work / "reports")
        stale = _stale(build, simulated)
    if stale:
        name, why = next(iter(stale.items()))
        because = f" ({why[0]})" if why else ""
        raise InputError(
            Message(
                "the build is out of date: '{name}' has to run again{because}; run atips build, look at the reports again, then release"
            ).format(name=name, because=because)
        )
    if read_json(build.confidential / "quality-gate.json")["failures"]:
        raise FindingsError(
            Message("the quality gate is not passed; nothing was released").format()
        )


def check_untouched(build: Build, folder: Path, entries: Iterable[Entry] = ()) -> None:
    """What lies in the folder is what was made: nothing changed, added or taken away by hand.

    Pages are compared with those that the build made, or with what the ledger says was released.

    Raises FindingsError naming the first file that is not.
    """
    manifest = read_json(folder / "manifest.json")
    there = {
        file.relative_to(folder).as_posix(): file
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.relative_to(folder).parts[0] != "pack"
    }
    there.pop("manifest.json")
    for file in bulletin_files(folder):
        if file.name not in manifest["files"]:
            there.pop(file.name)
    sealed = {
        item for one in entries if one.year == build.year for item in one.content["files"].items()
    }
    made_in = build.work / ("rendered" if manifest["state"] == "draft" else "released")
    for name in sorted(manifest["files"].keys() | there.keys()):
        what = _what_happened(name, there, manifest["files"], made_in, sealed)
        if what:
            raise FindingsError(
                Message(
                    "{name} {what} since the build; nothing was released: run atips build again"
                ).format(name=name, what=what)
            )
    for file in bulletin_files(folder):
        if (file.name, hashlib.sha256(file.read_bytes()).hexdigest()) not in sealed:
            _check_bulletin(build, file, manifest["edition"])


def _what_happened(
    name: str,
    there: Mapping[str, Path],
    listed: Mapping[str, str],
    made_in: Path,
    sealed: Collection[tuple[str, str]],
) -> str | None:
    if name not in there:
        return Message("is gone")
    if name not in listed:
        return Message("was added by hand")
    content = there[name].read_bytes()
    if hashlib.sha256(content).hexdigest() != listed[name]:
        return Message("was changed by hand")
    page = (
        name.endswith((".html", ".pdf"))
        and not name.startswith("index")
        and not is_of_bulletin(name)
    )
    page = page and (name, listed[name]) not in sealed
    if page and (not (made_in / name).is_file() or (made_in / name).read_bytes() != content):
        return Message("is not the page that the build made")
    return None


def _check_bulletin(build: Build, file: Path, edition: str) -> None:
    """A bulletin is one that `atips bulletin` made from the edition of the reports."""
    made = working_folder(build, file.stem, edition)
    names = [made / "public" / "indicators.csv"] if made and file.suffix == ".csv" else []
    if made and file.suffix != ".csv":
        names = [made / "rendered" / file.name, made / "released" / file.name]
    content = file.read_bytes()
    if not any(one.is_file() and one.read_bytes() == content for one in names):
        period = file.stem.removeprefix("bulletin-").replace("-to-", "..")
        raise FindingsError(
            Message(
                "{name} is not as it was made from edition {edition}; nothing was released: run atips bulletin --period {period} again, or delete it"
            ).format(name=file.name, edition=edition, period=period)
        )


def told_to_agencies(build: Build) -> Iterable[str]:
    """A line for each agency that can work out small counts of others from its own rows."""
    account = read_json(build.confidential / "protection.json")
    for agency, told in account["agencies"].items():
        opened, anyway = len(told["opened"]), len(told["by_totals"])
        if opened or anyway:
            yield (
                f"{agency}, taking its own persons out of the {told['numbers']} printed numbers that "
                f"hold some, is left with exactly 1 to 4 of others in {opened}; in {anyway} more "
                "national totals, or what was released before, alone tell it"
            )


def unreviewed_pages(steps: Iterable[Step]) -> tuple[str, ...]:
    """The pages of a build whose translation nobody but its drafter has read: none is released."""
    return tuple(
        page
        for page, step in rendering_steps(steps).items()
        if unreviewed(step.reads[0], str(step.settings["lang"]))
    )


def _stale(build: Build, simulated: bool) -> dict[str, tuple[str, ...]]:
    reports: Sequence[Step] = [s for s in plan_reports(build, simulated) if s.name != "publish"]
    return {
        **out_of_date(plan_records(build), build.work / "records"),
        **out_of_date(reports, build.work / "reports"),
    }


def _folded(role: str) -> str:
    return "".join(verify_pack.one_role(role).split())
