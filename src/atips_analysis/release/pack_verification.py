"""Verifying a pack with the package: what the script in it checks, the ledger, and the attack."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from atips_analysis.disclosure.cells import describe
from atips_analysis.disclosure.releases import Released, attack_releases, from_json, ties_stated
from atips_analysis.errors import InputError
from atips_analysis.ledger.ledger_chain import Entry
from atips_analysis.ledger.ledger_files import entry_file, ledger_files, read_ledger, released_in
from atips_analysis.release import verify_pack
from atips_analysis.release.signing import ROLES, holds, known_keys


@dataclass(frozen=True)
class Verdict:
    """What verifying found.

    `findings` is empty when the pack matches; `checked` says what was checked, a line each;
    `releases` names the releases of the pack's ledger; `proven` says whether keys or a ledger that
    the reader has know it, without which it only agrees with itself.
    """

    findings: tuple[str, ...]
    checked: tuple[str, ...]
    sha256: str
    releases: tuple[str, ...] = ()
    proven: bool = False


@dataclass(frozen=True)
class House:
    """A ledger to compare with: its releases, or what is wrong with it.

    `asked` says whether somebody named it, so that it has to know of the pack.
    """

    entries: tuple[Entry, ...] = ()
    broken: str = ""
    asked: bool = False
    shown: str = "data/ledger"


@dataclass
class _Found:
    findings: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    proven: bool = False


def verify(
    pack: bytes,
    ledger: Path | None = None,
    *,
    asked: bool = False,
    keys: Path | None = None,
    keys_asked: bool = False,
) -> Verdict:
    """Check a pack, offline.

    Parameters
    ----------
    pack : bytes
        The zip.
    ledger : Path, optional
        A folder with the ledger of this house. Where it holds any release of the same kind of
        records, it must hold this one; where it was asked for, in any case.
    asked : bool
        Whether somebody asked for that ledger.
    keys : Path, optional
        A folder of public keys. Where it holds any, a pack must be signed by them, but for one
        that the ledger knows; where it was asked for (`keys_asked`), every pack.

    Raises
    ------
    InputError
        If it is not a pack, or not safe to open.
    """
    digest = hashlib.sha256(pack).hexdigest()
    known = known_keys(keys) if keys else {}
    files = files_of_pack(pack)
    found = _Found(findings=verify_pack.check(files))
    if found.findings:
        return Verdict(tuple(found.findings), (), digest)
    try:
        found.checked += verify_pack.told(files)
        simulated = bool(json.loads(files[verify_pack.MANIFEST])["simulated"])
        house = _house(ledger, simulated=simulated, asked=asked)
        _against_ledger(files, digest, house, found)
        _signatures(files, known, keys_asked or bool(known and not found.proven), found)
        _attack(files, house, found)
    except (*verify_pack.UNREADABLE, InputError) as error:
        kind = type(error).__name__
        found.findings.append(f"the ledger in the pack cannot be read ({kind})")
    releases = [
        f"release of {year}, version {version}: {one['date']}, edition {one['edition']}, checked by "
        f"{one['checked_by']}, approved by {one['approved_by']}"
        for (year, version), one in sorted(verify_pack.entries_of(files).items())
    ]
    return Verdict(
        tuple(found.findings), tuple(found.checked), digest, tuple(releases), found.proven
    )


def _signatures(
    files: dict[str, bytes], known: dict[str, set[str]], asked: bool, found: _Found
) -> None:
    """Each role has signed the list of check sums, with a key that is the council's.

    `asked` says whether a pack that nobody signed does not match.
    """
    stated = verify_pack.signers_of(files)
    if not stated:
        line = "not signed: it was released where no keys were set up, or signatures were taken out"
        (found.findings if asked else found.checked).append(line)
        return
    before = len(found.findings)
    found.findings += [
        f"it is signed by {' and '.join(sorted(stated))}, and a pack by {' and '.join(ROLES)}"
        for _ in range(set(stated) != set(ROLES) or len(set(stated.values())) < len(ROLES))
    ]
    for role, key in stated.items():
        name = f"{verify_pack.SIGNATURES}{role}.sig"
        public = files[f"{verify_pack.KEYS}{role}.pem"]
        if not holds(public, files[name], files[verify_pack.SUMS]):
            found.findings.append(
                f"{name} is no signature of this pack by the key of {role!r}: it was changed, or is "
                "another role's or another pack's"
            )
        elif known and key not in known.get(role, ()):
            council = ", ".join(sorted(known.get(role, ()))) or "none"
            found.findings.append(
                f"{role!r} signed with a key that is not the council's: {key}, the council's: {council}"
            )
    if len(found.findings) == before:
        keys = ", ".join(f"{role} (key {key})" for role, key in stated.items())
        told = "they are the council's" if known else "compare the keys with those published"
        found.proven = found.proven or bool(known)
        found.checked.append(f"signatures: both hold, {keys}; {told}")


def bytes_of_pack(file: Path) -> bytes:
    """A pack as it lies on the disk.

    Raises InputError if it is larger than a pack can be.
    """
    if file.stat().st_size > verify_pack.LARGEST_PACK:
        raise InputError("not safe to open: it is larger than a pack can be")
    return file.read_bytes()


def files_of_pack(pack: bytes) -> dict[str, bytes]:
    """The files of a pack by name.

    Raises InputError if it is not a pack, or not safe to open.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(pack)) as archive:
            files = verify_pack.read_zip(archive)
        verify_pack.check_is_pack(files)
    except verify_pack.NotAPack as error:
        raise InputError(str(error)) from None
    except Exception as error:  # what is damaged raises errors of zip and of every compression
        kind = type(error).__name__
        raise InputError(f"not a pack: {verify_pack.DAMAGED} ({kind})") from None
    return files


def _house(ledger: Path | None, *, simulated: bool, asked: bool) -> House:
    """The releases of a ledger; one that is damaged is a finding, not an end."""
    if ledger is None:
        return House()
    shown = ledger.name if asked else "data/ledger"
    try:
        entries = read_ledger(ledger_files(ledger, simulated=simulated))
    except InputError as error:
        return House(broken=str(error), asked=asked, shown=shown)
    return House(entries, asked=asked, shown=shown)


def _against_ledger(files: dict[str, bytes], digest: str, house: House, found: _Found) -> None:
    """The ledger of this house knows this pack, when there is one."""
    manifest = json.loads(files[verify_pack.MANIFEST])
    year, version = int(manifest["year"]), int(manifest["release"]["version"])
    file = entry_file(Path(), year, simulated=bool(manifest["simulated"])).name
    what = f"year {year}, version {version}"
    if house.broken:
        found.findings.append(f"the ledger here cannot be relied on: {house.broken}")
        return
    if not house.entries and not house.asked:
        found.checked.append("ledger here: none to compare with; the pack's own was checked")
        return
    known = [one for one in house.entries if (one.year, one.version) == (year, version)]
    if not known:
        found.findings.append(
            f"the ledger ({house.shown}/{file}) lacks an entry of this release ({what})"
        )
        return
    entry = known[0].content
    _, own = verify_pack.entry_of(files)
    if entry.get("pack") != digest:
        found.findings.append(
            f"the ledger has another pack for {what}: its SHA-256 is {entry.get('pack')}"
        )
    elif {key: value for key, value in entry.items() if key != "pack"} != own:
        found.findings.append(f"the entry of {what} in the ledger is not the one in the pack")
    else:
        found.proven = True
        found.checked.append(f"ledger here: {what} is entered, with this pack")


def _attack(files: dict[str, bytes], house: House, found: _Found) -> None:
    """All releases that the pack or the house knows of, and the baselines, attacked together."""
    entries = verify_pack.entries_of(files)
    here = {(one.year, one.version): one.content for one in house.entries}
    together = [
        (place, one)
        for place, version in sorted({**here, **entries}.items())
        for one in released_in(version)
    ]
    released = [one for _, one in together]
    released += [
        from_json(json.loads(files[name])["released"], file=name)
        for name in sorted(files)
        if name.startswith(verify_pack.BASELINES) and name.endswith(".json")
    ]
    baselines = len(released) - len(together)
    ties = ties_stated(released)
    report = attack_releases(released, ties=ties)
    if not report.solvable:
        found.findings.append(
            f"releases contradict one another: {'; '.join(report.contradictions)}"
        )
    elif not report.safe:
        first = next(report.opened.itertuples())
        found.findings.append(
            f"{len(report.opened)} hidden or rounded counts can be worked out, the first is "
            f"{describe(first.key)}, from {first.opened_by}"
        )
    else:
        found.checked.append(
            _withstood(released, len(report.cells), len(here | entries), baselines)
        )
        editions = {one.edition for one in released}
        if len(editions) > 1:
            found.checked.append(
                f"attack: of {len(editions)} editions, counts are taken as one where the ledger "
                "says that no row has changed; the release itself was attacked with each count "
                "that had not moved"
            )


def _withstood(released: list[Released], hidden: int, releases: int, baselines: int) -> str:
    sums = sum(len(one.relations) for one in released)
    figures = len({figure for one in released for figure in one.figures})
    beside = f" and {baselines} frozen baselines" if baselines else ""
    return (
        f"attack: none of {hidden} hidden or rounded counts can be worked out from {len(released)} "
        f"tables ({releases} releases{beside}), {sums} sums and {figures} public figures; a count "
        "is one, whatever number of values and shares it stands behind"
    )
