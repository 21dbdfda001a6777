"""`atips backup` and `atips restore`: all that a project is, in one encrypted file and back again.

What intermediate files a build keeps is left out: `atips build` makes them again.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from atips_analysis.build.one_writer import LOCK, one_writer
from atips_analysis.custody.repair import banks
from atips_analysis.custody.vault import (
    Member,
    decrypt,
    encrypt,
    identity,
    members,
    only_look,
    recipients,
    write_below,
)
from atips_analysis.databank import verify
from atips_analysis.errors import FindingsError, InputError
from atips_analysis.files import beside, open_to_readers, remove_left_beside
from atips_analysis.project import MADE_WITH, Project

PLACES = (
    *("data", "reports", "notebooks", "expectations", "_extensions"),
    *("_quarto.yml", "index.qmd", ".gitignore", "CITATION.cff", "README.md", MADE_WITH),
)
"""What a project is: with these the folder that is restored is one."""


def backup(project: Project, out: Path, key_file: Path | None = None) -> int:
    """Write an encrypted backup, and read it again where a secret key is given; its files' number.

    Raises InputError if there is no public key, or `out` lies in the project, with which it would
    be lost. Raises FindingsError if what was written is not what was read.
    """
    if out.resolve().is_relative_to(project.root.resolve()):
        raise InputError(
            "a backup beside what it is of is lost with it; name a file on another medium", file=out
        )
    keys = recipients(project)
    key = identity(key_file, project) if key_file is not None else None
    with one_writer(project, even_locked=True):
        number = encrypt(_kept(project), keys, out)
    if key is not None:
        decrypt(out, key, only_look)
    return number


def check(file: Path, key_file: Path) -> int:
    """Read a backup through without writing anything; the number of its files.

    Raises
    ------
    InputError, FindingsError
        As `restore`.
    """
    return len(decrypt(file, identity(key_file, None), only_look))


def restore(file: Path, key_file: Path, out: Path) -> int:
    """Restore a backup into a folder that is not there yet, or is empty; the number of its files.

    Every file is compared with the list in the backup, and every edition with its manifest; the
    folder is there whole or not at all.

    Raises InputError if the folder holds anything, or the key does not open the backup. Raises
    FindingsError if the backup was cut short or changed, or an edition in it is damaged.
    """
    key = identity(key_file, None)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError("holds something; name a folder that is empty, or not there yet", file=out)
    staged = beside(out.resolve())
    remove_left_beside(out.resolve())  # records, which a restore that was killed had decrypted
    try:
        names = decrypt(file, key, write_below(staged))
        for bank in banks(Project(staged)):
            for fault in verify(bank):
                raise FindingsError(f"{file.name}: {fault}; nothing was restored")
        if (staged / "reports").is_dir():
            open_to_readers(staged / "reports")
        if out.exists():
            out.rmdir()
        staged.replace(out)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return len(names)


def _kept(project: Project) -> list[Member]:
    places = [project.root / name for name in PLACES]
    found = members(project.root, [place for place in places if place.exists()])
    return [
        one
        for one in found
        if not one.path.is_relative_to(project.work) and one.path != project.data / LOCK
    ]
