"""Making a release again from its pack and the data bank, in a clean folder, and comparing.

What went in: the edition that the pack names, the ledger and the frozen baselines as they travel
in the pack, and the project's own registers, notebooks and words. Nothing of earlier builds is
used. What comes out is compared with the pack, file by file.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from atips_analysis import __version__
from atips_analysis.build.asked_for import Build, published_folder
from atips_analysis.build.made_with import changes, made_with
from atips_analysis.build.plan import plan_reports
from atips_analysis.build.steps import run_steps
from atips_analysis.databank.clearing import why_deleted
from atips_analysis.databank.consolidation import notes_of
from atips_analysis.databank.edition import EDITIONS
from atips_analysis.errors import FindingsError, InputError
from atips_analysis.files import beside, close_to_others, remove_left_beside, write_json, write_text
from atips_analysis.ledger.ledger_chain import Entry
from atips_analysis.ledger.ledger_files import files_of, read_ledger
from atips_analysis.notebooks import warm_kernels
from atips_analysis.project import Project, commit_of_code, find_project
from atips_analysis.release import verify_pack
from atips_analysis.release.pack_verification import bytes_of_pack, files_of_pack
from atips_analysis.release.release_contents import contents_of
from atips_analysis.release.sealing import Approval, seal
from atips_analysis.release.signing import HasSigned

COPIED = ("notebooks", "expectations", "_extensions", "_quarto.yml")
DATA = ("council", "framework", "published", "narrative", "simulator")
"""What of the project's files a release is made from, besides its ledger and data bank."""
SIGNED = (verify_pack.KEYS, verify_pack.SIGNATURES)
"""Files that nobody can make again who has no private key; verifying checks them."""
FOLLOWS = (verify_pack.SUMS, "ro-crate-metadata.json", "README.html")
"""Files that list the others, and so differ with them."""


@dataclass(frozen=True)
class Reproduced:
    """What making a release again gave.

    `equal` and `taken` name files: those that are the same, byte for byte, and the keys and
    signatures that were taken from the pack. `differs` has a line a file, `changed` says how the
    software differs from that of the release.
    """

    equal: tuple[str, ...]
    taken: tuple[str, ...]
    differs: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether every file is equal."""
        return not self.differs


def reproduce(pack: Path, databank: Path, project: Project | None = None) -> Reproduced:
    """Make a release again; see `atips reproduce`.

    Raises InputError if it is not a pack, or the data bank lacks the edition that it names. Raises
    FindingsError if the pack does not match itself, or this version cannot make it again.
    """
    project = project or find_project()
    try:
        files = files_of_pack(bytes_of_pack(pack))
    except InputError as error:
        raise InputError(str(error), file=pack.name) from None
    findings = verify_pack.check(files)
    if findings:
        raise FindingsError(f"{pack.name}: does not match, and is not made again: {findings[0]}")
    manifest = json.loads(files[verify_pack.MANIFEST])
    _refuse_other_version(manifest)
    _refuse_no_edition(databank, str(manifest["edition"]), pack.name)
    with _clean_project(project, databank, files, manifest) as clean:
        build = _build(clean, manifest)
        made = files_of_pack(_released(build, files, manifest).read_bytes())
    now = {**manifest, "version": __version__, "commit": commit_of_code()}
    now["made_with"] = made_with(build.renderer)
    return _compared(files, made, changes(manifest, now))


def _refuse_no_edition(databank: Path, edition: str, pack: str) -> None:
    """Say whether the edition that a pack names was deleted here, or never was."""
    if (databank / EDITIONS / edition).is_dir():
        return
    if why := why_deleted(databank, edition):
        raise FindingsError(
            f"{pack}: edition {edition} was deleted from the data bank ({why}), so that the release can "
            "be verified (atips verify) and not made again"
        )
    raise InputError(
        f"has no edition {edition}, which {pack} names; name the data bank that it was made from (of "
        "the simulated example: data/databank/example)",
        file=databank.name,
    )


def _refuse_other_version(manifest: Mapping[str, Any]) -> None:
    """Say in one line that a release of another minor version cannot be made again by this one."""
    made = str(manifest["version"])
    if "made_with" in manifest and made.split(".")[:2] == __version__.split(".")[:2]:
        return
    if "made_with" not in manifest:
        why = "says of no library with what version it was made, as releases of its time did not"
    else:
        why = f"was made with atips-analysis {made}, and this is {__version__}"
    commit = str(manifest.get("commit", "unknown")).removesuffix("-dirty")
    raise FindingsError(
        f"this version cannot make the release again: it {why}; check out commit {commit[:12]}, "
        "install its requirements.lock, and run it there"
    )


@contextmanager
def _clean_project(
    project: Project, databank: Path, files: Mapping[str, bytes], manifest: Mapping[str, Any]
) -> Iterator[Project]:
    """A project in a folder of its own, as it was before the release; it is removed again.

    It lies in the work folder of the project, since it holds records; if this is killed, the next
    command that writes there removes it.
    """
    project.work.mkdir(parents=True, exist_ok=True)
    close_to_others(project.work)
    remove_left_beside(project.work / "reproduced")
    clean = Project(beside(project.work / "reproduced"))
    try:
        for name in COPIED:
            _copy(project.root / name, clean.root / name)
        for name in DATA:
            _copy(project.data / name, clean.data / name)
        for name, content in files.items():
            if name.startswith(verify_pack.BASELINES):
                target = clean.baseline / name.removeprefix(verify_pack.BASELINES)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        for name, text in files_of(_chain(files, clean)[:-1]).items():
            write_text(clean.ledger / name, text)
        bank = _build(clean, manifest).databank
        shutil.copytree(databank, bank, ignore=shutil.ignore_patterns("example"))
        yield clean
    finally:
        shutil.rmtree(clean.root, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(".*", "keys"))
    elif source.is_file():
        shutil.copyfile(source, target)


def _chain(files: Mapping[str, bytes], clean: Project) -> Sequence[Entry]:
    """The releases of the pack's ledger, its own the last."""
    with tempfile.TemporaryDirectory(dir=clean.root) as folder:
        there = []
        for name in sorted(files):
            if name.startswith("ledger/"):
                there.append(Path(folder) / name.removeprefix("ledger/"))
                there[-1].write_bytes(files[name])
        return read_ledger(there)


def _build(clean: Project, manifest: Mapping[str, Any]) -> Build:
    submissions = clean.example if manifest["simulated"] else clean.data
    return Build(
        clean,
        int(manifest["year"]),
        str(manifest["baseline"]),
        submissions / "submissions",
        clean.reports,
        "auto" if "quarto" in manifest["made_with"]["tools"] else "embedded",
    )


def _released(build: Build, files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Path:
    """The pack of a release that is made anew."""
    edition, simulated = str(manifest["edition"]), bool(manifest["simulated"])
    for name, text in notes_of(build.databank, edition).items():
        write_text(build.confidential / name, text)
    write_json(build.confidential / "gate-passed.json", {"edition": edition})
    with warm_kernels(build.project.root):
        run_steps(plan_reports(build, simulated), build.work / "reports")
    folder = published_folder(build, simulated)
    _put_bulletins(build, folder, manifest)
    told = manifest["release"]
    approval = Approval(
        told["checked_by"],
        told["approved_by"],
        date.fromisoformat(told["date"]),
        tuple(
            HasSigned(
                role,
                files[f"{verify_pack.KEYS}{role}.pem"],
                files[f"{verify_pack.SIGNATURES}{role}.sig"],
            )
            for role in verify_pack.signers_of(dict(files))
        ),
    )
    contents = contents_of(build, folder, simulated=simulated)
    entries = read_ledger(sorted(build.project.ledger.glob("*.json")))
    return seal(build, folder, contents, entries, approval, simulated=simulated).pack


def _put_bulletins(build: Build, folder: Path, manifest: Mapping[str, Any]) -> None:
    """The bulletins that were released with the reports, made again too."""
    from atips_analysis.build.bulletins import make_bulletin

    for name in manifest["release"]["bulletins"]:
        period = name.removeprefix("bulletin-").replace("-to-", "..")
        make_bulletin(
            period,
            databank=build.databank,
            out=build.out,
            renderer=build.renderer,
            project=build.project,
        )


def _compared(
    files: Mapping[str, bytes], made: Mapping[str, bytes], changed: Sequence[str]
) -> Reproduced:
    """Files that are equal, taken from the pack, and different, each with what is known of why."""
    taken = tuple(sorted(name for name in files if name.startswith(SIGNED)))
    both = sorted((files.keys() | made.keys()) - {*taken})
    equal = tuple(name for name in both if files.get(name) == made.get(name))
    differs = tuple(
        f"{name}: {_why(name, files, made, bool(changed))}" for name in both if name not in equal
    )
    return Reproduced(equal, taken, differs, tuple(changed))


def _why(name: str, files: Mapping[str, bytes], made: Mapping[str, bytes], software: bool) -> str:
    if name not in made:
        return "was not made again"
    if name not in files:
        return "is not in the pack"
    if name in FOLLOWS or name.startswith("ledger/") or name == verify_pack.MANIFEST:
        return "lists files and software, and differs with them"
    before, now = files[name].splitlines(), made[name].splitlines()
    if name.endswith((".pdf", ".xlsx")) or b"\0" in files[name][:1024]:
        return f"differs ({len(files[name])} bytes, now {len(made[name])})"
    at = next(
        (
            number
            for number, (one, other) in enumerate(zip(before, now, strict=False), start=1)
            if one != other
        ),
        min(len(before), len(now)) + 1,
    )
    why = "" if software else "; the software is the same, so what it was made from has changed"
    return f"differs from line {at} on ({len(before)} lines, now {len(now)}){why}"
