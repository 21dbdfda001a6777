"""Sealing: pages without the mark of a draft, an entry in the ledger, a pack, and all put in place.

Nothing is put in place before the pack has been verified as a recipient would. What was sealed
before is not lost: the pack of an earlier version stays beside the new one, under its number.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from atips_analysis.build.asked_for import Build
from atips_analysis.build.assembly import assemble, draft_of, is_released
from atips_analysis.build.bulletins import bulletin_files, render_bulletin, working_folder
from atips_analysis.build.made_with import changes
from atips_analysis.build.plan import plan_reports, rendering_steps
from atips_analysis.build.reports_folder import put_in_place
from atips_analysis.build.steps import Step
from atips_analysis.disclosure.releases import to_json
from atips_analysis.errors import FindingsError, InputError
from atips_analysis.files import for_readers, read_json, write_text
from atips_analysis.ledger.ledger_chain import Entry, with_seal
from atips_analysis.ledger.ledger_files import (
    SIMULATED,
    entry_file,
    files_of,
    table_file,
    write_counts,
    year_text,
)
from atips_analysis.release.pack_metadata import sha256
from atips_analysis.release.release_checks import unreviewed_pages
from atips_analysis.release.release_contents import Contents
from atips_analysis.release.signing import (
    Signer,
    Signs,
    check_as_before,
    load_signers,
    published_keys,
    signed_by,
)


@dataclass(frozen=True)
class ReleaseMade:
    """A release: its folder, pack, version in the ledger, and whether it was there before."""

    folder: Path
    pack: Path
    version: int
    unchanged: bool
    simulated: bool
    sha256: str
    left_out: tuple[str, ...] = ()
    """Pages whose translation nobody has reviewed."""
    signed_by: Mapping[str, str] = field(default_factory=dict)
    """The fingerprint of each role's key; none where no keys are set up."""


@dataclass(frozen=True)
class Approval:
    """Who checked, who approved (roles), and the date that the release bears.

    `signers` are those of a release that is made again elsewhere, by their public keys; None
    where the project's keys sign.
    """

    checked_by: str
    approved_by: str
    day: date
    signers: tuple[Signs, ...] | None = None


def seal(
    build: Build,
    folder: Path,
    contents: Contents,
    entries: Sequence[Entry],
    approval: Approval,
    *,
    simulated: bool,
) -> ReleaseMade:
    """Seal the reports of a folder, or find that they are sealed already.

    Parameters
    ----------
    entries : the ledger's releases of this kind of records, from the first to the last.

    Raises
    ------
    InputError
        If the ledger does not know of what was released.
    FindingsError
        If the pack does not hold, or a release cannot be made again as it was.
    """
    from atips_analysis.release.pack import pack

    manifest = read_json(folder / "manifest.json")
    released = manifest["state"] == "released"
    draft = manifest["release"]["draft"] if released else draft_of(folder)
    table = sha256((build.public / "indicators.csv").read_bytes())
    own = [entry for entry in entries if entry.year == build.year]
    if released:
        _check_in_ledger(
            manifest, own, entry_file(build.project.ledger, build.year, simulated=simulated)
        )
    same = [entry for entry in own if _is_of(entry, draft, table, contents)]
    pack_file = folder / "pack" / f"atips-{build.year}.zip"
    if not same:
        version, before = len(own) + 1, list(entries)
    else:
        kept = same[-1]
        version, before = kept.version, list(entries[: entries.index(kept)])
        if _is_in_place(folder, manifest, draft, pack_file, kept):
            return ReleaseMade(
                folder,
                pack_file,
                version,
                True,
                simulated,
                str(kept.content["pack"]),
                signed_by=kept.content.get("signed_by", {}),
            )
        approval, contents = _as_before(kept, contents)
    signers = approval.signers
    if signers is None:
        signers = _signers(build, same[-1] if same else None)
    staged = folder.with_name(f".{folder.name}.new")
    left_out = unreviewed_pages(plan_reports(build, simulated))
    release = {
        "version": version,
        "date": approval.day.isoformat(),
        "checked_by": approval.checked_by,
        "approved_by": approval.approved_by,
        "draft": draft,
        "bulletins": sorted(one.stem for one in bulletin_files(folder) if one.suffix == ".csv"),
        "left_out": list(left_out),
        **({"signed_by": signed_by(signers)} if signers else {}),
    }
    _released_pages(build, folder, staged, release, contents, simulated)
    content = _entry_content(build, staged, contents, release, table)
    file = entry_file(build.project.ledger, build.year, simulated=simulated)
    entry = Entry(file, build.year, version, content, contents.released)
    files = _pack_files(build, staged, [*before, entry], contents, signers)
    content["contents"] = {name: sha256(one) for name, one in sorted(files.items())}
    entry = replace(entry, content=with_seal(content, before[-1] if before else None))
    packed = pack(files, files_of([*before, entry]), signers)
    if approval.signers is None:
        _check_holds(packed, published_keys(build.project) if signers else None)
    digest = sha256(packed)
    if same:
        _check_same(same[-1], entry.content, digest)
    _keep_packs(folder, staged, pack_file.name, own, version)
    (staged / "pack" / pack_file.name).write_bytes(packed)
    write_counts(build.databank, contents.released.edition, contents.counts)
    printed = (build.public / "indicators.csv").read_text(encoding="utf-8")
    with for_readers():
        write_text(table_file(file, version), printed)
    if not same:
        versions = [*(one.content for one in own), {**entry.content, "pack": digest}]
        with for_readers():
            write_text(file, year_text(build.year, simulated=simulated, versions=versions))
    put_in_place(staged, folder)
    return ReleaseMade(
        folder, pack_file, version, bool(same), simulated, digest, left_out, signed_by(signers)
    )


def _signers(build: Build, kept: Entry | None) -> tuple[Signer, ...]:
    """Who signs: both roles where keys are set up; a release made again, whoever signed it."""
    before = None if kept is None else kept.content.get("signed_by", {})
    if before == {}:
        return ()
    signers = load_signers(build.project)
    if before is not None:
        check_as_before(signers, before)
    return signers


def _check_in_ledger(manifest: Mapping[str, Any], own: Sequence[Entry], file: Path) -> None:
    version = manifest["release"]["version"]
    known = [entry for entry in own if entry.version == version]
    if not known or known[0].content["draft"] != manifest["release"]["draft"]:
        raise InputError(
            f"the ledger lacks version {version} of {manifest['year']}, which lies in the reports as "
            "released; restore data/ledger from the repository",
            file=f"data/ledger/{file.name}",
        )


def _is_of(entry: Entry, draft: str, table: str, contents: Contents) -> bool:
    """Whether an entry is of this very draft, with these tables."""
    companions = {name: one["sha256"] for name, one in entry.content["beside"].items()}
    found = entry.content["draft"], entry.content["table"], companions
    return found == (draft, table, contents.tables)


def _is_in_place(
    folder: Path, manifest: Mapping[str, Any], draft: str, pack: Path, kept: Entry
) -> bool:
    return (
        is_released(folder, draft)
        and manifest["files"] == kept.content["files"]
        and pack.is_file()
        and sha256(pack.read_bytes()) == kept.content["pack"]
    )


def _as_before(kept: Entry, contents: Contents) -> tuple[Approval, Contents]:
    """Roles, date, cells and baselines as the ledger has them, to make a release again."""
    told = kept.content
    approval = Approval(told["checked_by"], told["approved_by"], date.fromisoformat(told["date"]))
    baselines = {name: one for name, one in contents.baselines.items() if name in told["baselines"]}
    return approval, replace(contents, released=kept.released, baselines=baselines)


def _check_same(kept: Entry, content: Mapping[str, Any], digest: str) -> None:
    if kept.content["pack"] == digest:
        return
    changed = changes(_software(kept.content), _software(content))
    why = f"made with other software: {'; '.join(changed)}" if changed else "its pack differs"
    raise FindingsError(
        f"version {kept.version} cannot be made again as it was released ({why}); restore the pack "
        "from where it is kept"
    )


def _software(content: Mapping[str, Any]) -> dict[str, Any]:
    """The software of an entry, as `changes` takes it."""
    return {**content, "version": content["software"]}


def _released_pages(
    build: Build,
    folder: Path,
    staged: Path,
    release: Mapping[str, Any],
    contents: Contents,
    simulated: bool,
) -> None:
    """The pages once more from their executed notebooks, not as drafts, in a folder of their own."""
    from atips_analysis.build.actions import render_page
    from atips_analysis.build.page_publication import reachable
    from atips_analysis.render.front_page import front_page_languages

    steps = plan_reports(build, simulated)
    pages = next(step for step in steps if step.name == "publish").settings["pages"]
    left = [page for page in pages if page[0] not in release["left_out"]]
    fronts = front_page_languages(build.work / "rendered", build.public, build.project, left)
    target = build.work / "released"
    shutil.rmtree(target, ignore_errors=True)
    for name, step in rendering_steps(steps).items():
        if name not in release["left_out"]:
            writes = [target / path.relative_to(build.work / "rendered") for path in step.writes]
            ways = reachable(step.settings["ways"], release["left_out"], fronts)
            settings = {**step.settings, "ways": ways}
            render_page(list(step.reads), writes, **settings, draft=False)
    for name in release["bulletins"]:
        for page in _released_bulletin(build, steps, name, contents.released.edition):
            shutil.copyfile(page, target / page.name)
        shutil.copyfile(folder / f"{name}.csv", target / f"{name}.csv")
    assemble(staged, target, build.project, pages, release)


def _released_bulletin(build: Build, steps: Sequence[Step], name: str, edition: str) -> list[Path]:
    work = working_folder(build, name, edition)
    if work is None or not (work / "bulletin.ipynb").is_file():
        period = name.removeprefix("bulletin-").replace("-to-", "..")
        raise InputError(
            f"what {name} was made from is gone; run atips bulletin --period {period} again, or "
            "delete its files, then release"
        )
    renderer = next(iter(rendering_steps(steps).values())).settings["renderer"]
    return render_bulletin(work, renderer, build.project, draft=False)


def _entry_content(
    build: Build, staged: Path, contents: Contents, release: Mapping[str, Any], table: str
) -> dict[str, Any]:
    manifest = read_json(staged / "manifest.json")
    return {
        **release,
        "edition": contents.released.edition,
        "baseline": build.baseline,
        "software": manifest["version"],
        "commit": manifest["commit"],
        "made_with": manifest["made_with"],
        "table": table,
        "files": manifest["files"],
        "release": to_json(contents.released),
        "beside": {
            name: {"sha256": one.sha256, "release": to_json(one.released)}
            for name, one in contents.companions.items()
        },
        "baselines": {name: sha256(content) for name, content in contents.baselines.items()},
    }


def _pack_files(
    build: Build,
    staged: Path,
    chain: Sequence[Entry],
    contents: Contents,
    signers: tuple[Signs, ...],
) -> dict[str, bytes]:
    """What the pack holds beside its ledger."""
    from atips_analysis.release.pack import Sealed, pack_files
    from atips_analysis.release.pack_metadata import Particulars

    profile, own = build.project.profile, chain[-1]
    told = own.content
    simulated = own.file.stem.endswith(SIMULATED)
    country = profile["country"]["name_en"]
    mark = " (simulated records)" if simulated else ""
    particulars = Particulars(
        name=f"atips-{build.year}{'-simulated' if simulated else ''}",
        title=f"Trafficking in persons, {country}, {build.year}{mark}",
        description="Reports and tables on trafficking in persons"
        + (
            f", made from SIMULATED RECORDS: no figure of {country}."
            if simulated
            else f" in {country}, protected and released."
        ),
        year=build.year,
        edition=contents.released.edition,
        version=own.version,
        software=str(told["software"]),
        released=datetime.combine(date.fromisoformat(told["date"]), datetime.min.time(), UTC),
        simulated=simulated,
        issuing_body=None if simulated else profile["council"].get("issuing_body_en"),
        country=country,
        commit=str(told["commit"]),
        made_with=told["made_with"],
        signed_by=signed_by(signers),
    )
    sealed = Sealed(
        particulars,
        staged,
        build.public,
        tuple(files_of(chain)),
        str(told["checked_by"]),
        str(told["approved_by"]),
        f"atips-{build.year}.zip",
        tuple(one.table for one in contents.companions.values()),
        contents.baselines,
        signers,
    )
    return pack_files(sealed, build.project)


def _check_holds(packed: bytes, keys: Path | None) -> None:
    """Verify the pack as a recipient would, with the council's published keys where it signs."""
    from atips_analysis.release.pack_verification import verify

    verdict = verify(packed, keys=keys)
    if verdict.findings:
        raise FindingsError(f"nothing was released: the pack does not hold: {verdict.findings[0]}")


def _keep_packs(folder: Path, staged: Path, name: str, own: Sequence[Entry], version: int) -> None:
    """Packs of other versions stay in the folder of packs, under their numbers."""
    (staged / "pack").mkdir()
    number_of = {str(entry.content["pack"]): entry.version for entry in own}
    for file in sorted((folder / "pack").glob("*.zip")) if (folder / "pack").is_dir() else []:
        number = number_of.get(sha256(file.read_bytes()))
        if number is not None and number != version:
            target = staged / "pack" / f"{name.removesuffix('.zip')}-version-{number}.zip"
            shutil.copyfile(file, target)
