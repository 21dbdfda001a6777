"""Two roles sign a pack with two keys (Ed25519); anybody can check it with the public ones.

What is signed is `SHA256SUMS`, which covers every other file of the pack, the ledger with the
roles and the public keys among them. Keys are PEM files and signatures are the 64 bytes alone, so
that OpenSSL checks them as well as this package. Ed25519 (RFC 8032) draws nothing at random: the
same key signs the same pack with the same bytes.
"""

from __future__ import annotations

import getpass
import hashlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from atips_analysis.errors import FindingsError, InputError
from atips_analysis.files import for_readers, write_whole
from atips_analysis.project import Project

ROLES = ("checked", "approved")
"""Who signs: the role that checked the build, and the one that approved it."""
PUBLISHED = "keys"
"""The folder of public keys: below `data/council`, and in a pack."""


class Signs(Protocol):
    """Who signs a pack: a role with a public key."""

    @property
    def role(self) -> str: ...
    @property
    def public(self) -> bytes: ...
    @property
    def fingerprint(self) -> str: ...
    def sign(self, content: bytes) -> bytes: ...


@dataclass(frozen=True)
class HasSigned:
    """A role that has signed a release: its public key and signature, without the private key.

    What it "signs" bears the signature of that release, which holds where the bytes are the same.
    """

    role: str
    public: bytes
    signature: bytes

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public)

    def sign(self, content: bytes) -> bytes:
        return self.signature


@dataclass(frozen=True)
class Signer:
    """A role with its private key."""

    role: str
    key: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The public key as PEM."""
        return _pem(self.key.public_key())

    @property
    def fingerprint(self) -> str:
        """What the ledger calls the key by."""
        return fingerprint(self.public)

    def sign(self, content: bytes) -> bytes:
        """The signature of some bytes: 64 bytes."""
        return self.key.sign(content)


def published_keys(project: Project) -> Path:
    """Where a project's public keys lie: `ROLE.pem`, and earlier ones as `ROLE-NUMBER.pem`."""
    return project.council / PUBLISHED


def private_key_file(project: Project, role: str) -> Path:
    """Where the private key of a role lies, on the confidential side."""
    return project.keys / f"{role}.key"


def make_key(project: Project, role: str, *, replace: bool = False) -> str:
    """Make the pair of keys of a role; return the public one's fingerprint.

    A passphrase is asked for; an empty one leaves the private key open to whoever reads the file.
    Where there is a private key and no public one, its public half is written again.

    Raises InputError if the role is none, or has a key and `replace` was not said.
    """
    if role not in ROLES:
        raise InputError(f"{role!r} is not a role that signs; give one of {', '.join(ROLES)}")
    private = private_key_file(project, role)
    public = published_keys(project) / f"{role}.pem"
    if private.is_file() and not public.is_file() and not replace:  # killed between the two
        return _published(public, _opened(private, role))
    if (private.exists() or public.exists()) and not replace:
        raise InputError(
            f"there is a key for {role!r}; --replace makes another, and keeps the public one so that "
            "earlier packs can be checked",
            file=f"data/council/{PUBLISHED}/{public.name}",
        )
    passphrase = ask_passphrase(f"passphrase of the new key for {role!r} (empty: none)")
    if sys.stdin.isatty() and ask_passphrase("the same once more") != passphrase:
        raise InputError("the two passphrases are not the same; no key was made")
    key = Ed25519PrivateKey.generate()
    locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    if public.exists():
        _keep(public)
    write_whole(private, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))
    private.chmod(0o600)
    return _published(public, key)


def _published(public: Path, key: Ed25519PrivateKey) -> str:
    """Write the public half of a key where it is published; its fingerprint."""
    with for_readers():
        write_whole(public, _pem(key.public_key()))
    return fingerprint(public.read_bytes())


def _keep(public: Path) -> None:
    """A public key that is replaced keeps its file, under a number."""
    number = 1 + len(list(public.parent.glob(f"{public.stem}-*.pem")))
    public.rename(public.with_name(f"{public.stem}-{number}.pem"))


def load_signers(project: Project) -> tuple[Signer, ...]:
    """Both roles with their keys, passphrases asked for where needed; none where no key is set up.

    Raises InputError if one role has a key and the other has none, a key cannot be read, is not the
    one whose public half is published, or both are the same.
    """
    public = [published_keys(project) / f"{role}.pem" for role in ROLES]
    private = [private_key_file(project, role) for role in ROLES]
    if not any(file.is_file() for file in (*public, *private)):
        return ()
    for role, file, other in zip(ROLES, private, public, strict=True):
        if not file.is_file():
            raise InputError(
                f"the key of the role {role!r} is not here; put it back, or make one: atips keys "
                f"--role {role}" + (" --replace" if other.is_file() else ""),
                file=f"data/keys/{file.name}",
            )
    signers = tuple(
        Signer(role, _opened(file, role)) for role, file in zip(ROLES, private, strict=True)
    )
    for signer, file in zip(signers, public, strict=True):
        if not file.is_file() or fingerprint(file.read_bytes()) != signer.fingerprint:
            raise InputError(
                f"is not the public half of data/keys/{signer.role}.key; restore it from the "
                f"repository, or make a new pair: atips keys --role {signer.role} --replace",
                file=f"data/council/{PUBLISHED}/{file.name}",
            )
    if len({signer.fingerprint for signer in signers}) < len(signers):
        raise InputError(
            "both roles have the same key; a release is signed with two: make another with atips "
            "keys --role approved --replace",
            file="data/keys",
        )
    return signers


def signed_by(signers: Iterable[Signs]) -> dict[str, str]:
    """The fingerprint of each role's key, as the ledger has it: by role, in one order."""
    return dict(sorted((signer.role, signer.fingerprint) for signer in signers))


def check_as_before(signers: Iterable[Signs], before: Mapping[str, str]) -> None:
    """To make a release again takes the keys that signed it.

    Raises FindingsError if they are others.
    """
    if signed_by(signers) != dict(before):
        keys = ", ".join(before.values())
        raise FindingsError(
            f"the release was signed with keys that are not here ({keys}), and cannot be made again "
            "as it was; restore the pack from where it is kept"
        )


def fingerprint(public: bytes) -> str:
    """The first 32 digits of the SHA-256 of a public key's 32 bytes.

    Raises InputError if it is no Ed25519 key in PEM.
    """
    raw = _public(public).public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:32]


def holds(public: bytes, signature: bytes, content: bytes) -> bool:
    """Whether a signature is of this content, by this key."""
    try:
        _public(public).verify(signature, content)
    except (InvalidSignature, InputError):
        return False
    return True


def known_keys(folder: Path) -> dict[str, set[str]]:
    """Fingerprints of the keys in a folder of public keys, by role.

    Raises InputError if a file is no public key.
    """
    known: dict[str, set[str]] = {}
    for file in sorted(folder.glob("*.pem")) if folder.is_dir() else ():
        try:
            print_of_it = fingerprint(file.read_bytes())
        except InputError as error:
            raise InputError(str(error), file=file.name) from None
        known.setdefault(file.stem.partition("-")[0], set()).add(print_of_it)
    return known


def ask_passphrase(what: str) -> str:
    """A passphrase from the terminal, unseen; a line of standard input where there is no terminal."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{what}: ")
    return sys.stdin.readline().rstrip("\r\n")


def _opened(file: Path, role: str) -> Ed25519PrivateKey:
    shown, content = f"data/keys/{file.name}", file.read_bytes()
    passphrase = None
    if b"ENCRYPTED" in content:
        passphrase = ask_passphrase(f"passphrase of the key for {role!r}").encode()
    try:
        key = load_pem_private_key(content, passphrase or None)
    except TypeError:
        raise InputError("has a passphrase, and none was given", file=shown) from None
    except (ValueError, UnsupportedAlgorithm):
        why = "the passphrase is not its own" if passphrase else "is no private key"
        raise InputError(f"{why}; nothing was released", file=shown) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError("is no Ed25519 key; make one with atips keys", file=shown)
    return key


def _public(content: bytes) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError("is no public key (Ed25519, PEM)")
    return key


def _pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
