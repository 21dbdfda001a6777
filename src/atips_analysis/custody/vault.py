"""One encrypted file of many: a tar within age (https://age-encryption.org/v1), read and written
in a stream, so that no byte lies on the disk unencrypted on its way and no size needs the memory.

The last member lists every file with its SHA-256: what comes out is what went in, or is refused.
Whoever encrypts needs the public keys alone; the secret one is a file that is kept elsewhere.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyrage

from atips_analysis.databank.storage import sha256_of
from atips_analysis.errors import FindingsError, InputError, MachineError
from atips_analysis.files import parse_json, temporary_for, write_whole
from atips_analysis.project import Project

KEYS = "recipients.txt"
"""In data/council: the public keys that the confidential side is encrypted for, one a line."""
LIST = "files.json"
MAKE = "make a pair of keys with: atips lock --new-key FILE, on a medium that is kept elsewhere"
Take = Callable[[str, IO[bytes], float], str]


@dataclass(frozen=True)
class Member:
    """A file and the name that it has in the vault."""

    name: str
    path: Path


def new_key(file: Path, project: Project) -> None:
    """Write a secret key to `file`, and add its public key to those of the project.

    Raises InputError if `file` is there, or lies in the project, beside what it opens.
    """
    refuse_beside(file, project)
    if file.exists():
        raise InputError("is there already, and a key is never written over", file=file)
    identity = pyrage.x25519.Identity.generate()
    write_whole(file, f"{identity}\n".encode())
    file.chmod(0o600)
    keys = project.council / KEYS
    known = keys.read_text(encoding="utf-8") if keys.is_file() else _ABOUT
    write_whole(keys, f"{known}{identity.to_public()}\n".encode())


_ABOUT = (
    "# Public keys (age), one a line: the confidential side and its backups are encrypted for all\n"
    "# of them, and any one of their secret keys opens them. Delete the line of a key that was lost\n"
    "# or that somebody has who left, and lock or back up again: what was encrypted before stays\n"
    "# open to that key.\n"
)


def recipients(project: Project) -> list[Any]:
    """The public keys of a project.

    Raises InputError if there is none, or a line is no key.
    """
    file = project.council / KEYS
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    lines = text.splitlines()
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            found.append(pyrage.x25519.Recipient.from_str(line.strip()))
        except pyrage.RecipientError:
            raise InputError(
                "not a public key of age (age1…); correct it or delete the line",
                file=file.name,
                row=number,
            ) from None
    if not found:
        raise InputError(f"no public key to encrypt for; {MAKE}", file=f"data/council/{KEYS}")
    return found


def identity(file: Path, project: Project | None) -> Any:
    """The secret key in a file, as age writes it (comments may stand above it).

    Raises InputError if it is not there, is none, or lies in the project, beside what it opens.
    """
    if project is not None:
        refuse_beside(file, project)
    try:
        lines = file.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError):
        raise InputError("no secret key can be read here; name its file", file=file) from None
    for line in lines:
        if line.startswith("AGE-SECRET-KEY-"):
            try:
                return pyrage.x25519.Identity.from_str(line)
            except pyrage.IdentityError:
                break
    raise InputError("holds no secret key of age (AGE-SECRET-KEY-…)", file=file)


def refuse_beside(file: Path, project: Project) -> None:
    """A key that lies beside what it opens is stolen with it."""
    if file.resolve().is_relative_to(project.root.resolve()):
        raise InputError(
            "the secret key must not lie in the project, beside what it opens; keep it on a medium "
            "of its own",
            file=file,
        )


def members(root: Path, places: Iterable[Path]) -> list[Member]:
    """Every file of the places, which lie below `root`; sorted by name.

    Raises InputError if there is a link among them: what it points to would be left out.
    """
    found = []
    for place in places:
        for path in [place, *place.rglob("*")]:
            if path.is_symlink():
                raise InputError("is a link; put the file itself in its place", file=path)
            if path.is_file():
                found.append(Member(path.relative_to(root).as_posix(), path))
    return sorted(found, key=lambda member: member.name)


def encrypt(files: Iterable[Member], keys: list[Any], out: Path) -> int:
    """Write the vault whole or not at all; the number of files in it.

    Raises MachineError if the place cannot be written, or a file cannot be read.
    """
    entrance, exit_ = os.pipe()
    failed: list[BaseException] = []
    written: dict[str, str] = {}

    def seal(temporary: Path) -> None:
        try:
            with os.fdopen(entrance, "rb") as pipe, temporary.open("wb") as target:
                pyrage.encrypt_io(pipe, target, keys)
                target.flush()
                os.fsync(target.fileno())
        except BaseException as error:
            failed.append(error)

    with temporary_for(out) as temporary:
        # In a thread, so that a signal reaches this one, and not what age calls back.
        sealing = threading.Thread(target=seal, args=(temporary,), daemon=True)
        sealing.start()
        try:
            with (
                suppress(BrokenPipeError),  # why it is broken is told below
                os.fdopen(exit_, "wb") as pipe,
                tarfile.open(fileobj=pipe, mode="w|") as tar,
            ):
                for member in files:
                    written[member.name] = _add(tar, member)
                _add_bytes(tar, LIST, json.dumps(written, sort_keys=True).encode())
        except OSError as error:
            raise _cannot_be_read(error) from None
        finally:
            sealing.join()
        _refuse_unsealed(failed, out)
    return len(written)


def decrypt(vault: Path, key: Any, take: Take) -> list[str]:
    """Hand every file of the vault to `take` (name, content, time), which returns its SHA-256.

    Returns the names. Nothing may be relied on before this has returned.

    Raises InputError if it is no vault, or the key does not open it. Raises FindingsError if it was
    cut short or changed, or a file is not what went in.
    """
    entrance, exit_ = os.pipe()
    failed: list[BaseException] = []

    def fill() -> None:
        try:
            with os.fdopen(exit_, "wb") as pipe, vault.open("rb") as source:
                pyrage.decrypt_io(source, pipe, [key])
        except BaseException as error:
            failed.append(error)

    filling = threading.Thread(target=fill, daemon=True)
    filling.start()
    taken: dict[str, str] = {}
    told: Mapping[str, str] | None = None
    with os.fdopen(entrance, "rb") as pipe:
        try:
            for name, content, time in _contents(pipe):
                if name == LIST:
                    told = parse_json(content.read())
                else:
                    taken[name] = take(name, content, time)
            while pipe.read(1 << 16):  # age's last seal stands after tar's end
                pass
        except (tarfile.TarError, ValueError, EOFError):
            pass  # what age says of it is told below
        finally:
            pipe.close()
            filling.join()
    _refuse_failed(failed, vault)
    if told != taken:
        raise FindingsError(f"{vault.name}: what is in it is not what went in; take another backup")
    return sorted(taken)


def write_below(folder: Path) -> Take:
    """A `take` that writes the files below a folder, with their times."""

    def take(name: str, content: IO[bytes], time: float) -> str:
        target = folder / name
        with temporary_for(target) as temporary:
            with temporary.open("wb") as file:
                while block := content.read(1 << 20):
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            os.utime(temporary, (time, time))
        return sha256_of(target)

    return take


def only_look(name: str, content: IO[bytes], time: float) -> str:
    """A `take` that writes nothing."""
    return hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]


def _contents(pipe: IO[bytes]) -> Iterator[tuple[str, IO[bytes], float]]:
    with tarfile.open(fileobj=pipe, mode="r|") as tar:
        for one in tar:
            path, content = PurePosixPath(one.name), tar.extractfile(one) if one.isreg() else None
            if content is None or path.is_absolute() or ".." in path.parts or "\\" in one.name:
                raise FindingsError(
                    f"holds {one.name!r}, which no backup holds; nothing of it is used"
                )
            yield one.name, content, one.mtime


def _refuse_failed(failed: list[BaseException], vault: Path) -> None:
    for error in failed:
        if isinstance(error, pyrage.DecryptError):
            what = (
                "the key does not open it; name another with --key-file"
                if "key" in str(error)
                else "not a file that atips lock or atips backup wrote"
            )
            raise InputError(what, file=vault.name) from None
        if isinstance(error, FileNotFoundError):
            raise InputError("there is no such file", file=vault) from None
        raise FindingsError(
            f"{vault.name}: was cut short or changed; take another backup"
        ) from None


def _add(tar: tarfile.TarFile, member: Member) -> str:
    """A file as it is now; one that grows or shrinks meanwhile is refused by the list."""
    with member.path.open("rb") as file:
        about = tarfile.TarInfo(member.name)
        status = os.fstat(file.fileno())
        about.size, about.mtime, about.mode = status.st_size, status.st_mtime, 0o600
        told = _Hashing(file)
        tar.addfile(about, told)
    return told.digest.hexdigest()


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size = len(content)
    tar.addfile(about, io.BytesIO(content))


class _Hashing:
    """A file that is hashed while it is read, so that it is read once."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.digest.update(block)
        return block


def _cannot_be_read(error: OSError) -> MachineError:
    name, why = error.filename or "a file", error.strerror or error
    return MachineError(f"{name}: cannot be read ({why}); nothing was written")


def _refuse_unsealed(failed: list[BaseException], out: Path) -> None:
    for error in failed:
        if isinstance(error, pyrage.EncryptError):
            raise MachineError(
                f"{out}: cannot be written ({str(error).rpartition('] ')[2]}); make room, or choose "
                "another place"
            ) from None
        raise error
