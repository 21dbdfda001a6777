"""What is published: pages, tables and front pages in one folder, with a manifest, past the gate."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from atips_analysis.build.reports_folder import put_in_place
from atips_analysis.files import for_readers, read_json, remove, write_json
from atips_analysis.project import Project
from atips_analysis.statements.statement_register import FILE as STATEMENTS
from atips_analysis.words import by_language


def publish(
    reads: list[Path],
    writes: list[Path],
    *,
    work: str,
    folder: str,
    pages: list[list[str]],
    root: str,
) -> None:
    """Move what is public to its folder, whole: the old one stands until the new one is ready.

    A release that was sealed from this very draft stays as it is. A page that is no longer in the
    register goes.
    """
    target = Path(folder)
    for left in sorted((Path(work) / "rendered").resolve().rglob("*")):
        if left.is_file() and left not in reads:
            left.unlink()
    staged = target.with_name(f".{target.name}.new")
    assemble(staged, Path(work) / "rendered", Project(Path(root)), pages, keep=target)
    if is_released(target, draft_of(staged)):
        remove(staged)
        return
    if (target / "pack").is_dir():
        shutil.copytree(target / "pack", staged / "pack")
    put_in_place(staged, target)


def assemble(
    staged: Path,
    rendered: Path,
    project: Project,
    pages: list[list[str]],
    release: Mapping[str, Any] | None = None,
    keep: Path | None = None,
) -> None:
    """Fill a folder with what is public, and check it at the gate.

    `rendered` is the folder of pages in the work folder of a build; `release` is what sealing adds to
    the manifest, none for a draft; bulletins that lie in `keep` stay.
    """
    from atips_analysis.render.front_page import write_front_pages
    from atips_analysis.render.reports_gate import check_public

    public = rendered.parent / "public"
    remove(staged)
    with for_readers():
        staged.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(rendered, staged)
    for name in ("indicators.csv", "research.json", STATEMENTS):
        shutil.copyfile(public / name, staged / name)
    if keep is not None:
        _keep_bulletins(keep, staged, read_json(public / "build.json")["edition"])
    write_front_pages(staged, public, project, pages, draft=release is None)
    _write_manifest(staged, public, project, release)
    check_public(staged)


def left_out_of(folder: Path) -> tuple[str, ...]:
    """The pages that a release in a folder lacks, as nobody had reviewed their translation."""
    manifest = folder / "manifest.json"
    release = read_json(manifest).get("release", {}) if manifest.is_file() else {}
    return tuple(release.get("left_out", ()))


def draft_of(folder: Path) -> str:
    """A hash over the reports of a draft: what a release was checked and approved as.

    The front page follows from them and from the years beside it; bulletins come and go.
    """
    files = {
        name: digest
        for name, digest in read_json(folder / "manifest.json")["files"].items()
        if not name.startswith(("index", "bulletin-"))
    }
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def is_released(folder: Path, draft: str) -> bool:
    """Whether a folder holds, unchanged, what was sealed from this very draft."""
    if not (folder / "manifest.json").is_file():
        return False
    manifest = read_json(folder / "manifest.json")
    sealed = manifest["state"] == "released" and manifest["release"]["draft"] == draft
    return sealed and all(
        (folder / name).is_file()
        and hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
        for name, digest in manifest["files"].items()
    )


def _keep_bulletins(folder: Path, staged: Path, edition: str) -> None:
    """Bulletins of the same edition stay; those of another one are out of date and go."""
    for table in sorted(folder.glob("bulletin-*.csv")):
        with table.open(encoding="utf-8", newline="") as file:
            first = next(csv.DictReader(file), {})
        if first.get("vintage") == edition:
            for file_of_it in folder.glob(f"{table.stem}.*"):
                shutil.copy2(file_of_it, staged / file_of_it.name)  # with its time


def _write_manifest(
    folder: Path, public: Path, project: Project, release: Mapping[str, Any] | None
) -> None:
    country = project.profile["country"]
    about = read_json(public / "build.json")
    files = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    write_json(
        folder / "manifest.json",
        {
            **about,
            "country": {"iso3": country["iso3"], "name": by_language(country, "name")},
            "files": files,
            "protection": read_json(public / "protection.json"),
            "state": "draft" if release is None else "released",
            "records": "simulated" if about["simulated"] else "submitted by agencies",
            **({} if release is None else {"release": dict(release)}),
        },
    )
