"""Verifying a pack with the package: what the script in it checks, the ledger, and the attack."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atips_analysis.disclosure.cells import describe
from atips_analysis.disclosure.ledger import attack_releases, from_json, ties_stated
from atips_analysis.disclosure.ledger_files import entry_file, ledger_files, released_in
from atips_analysis.errors import InputError
from atips_analysis.publishing import verify_pack


@dataclass(frozen=True)
class Verdict:
    """What verifying found.

    `findings` is empty when the pack matches; `checked` says what was checked, a line each.
    """

    findings: tuple[str, ...]
    checked: tuple[str, ...]
    sha256: str


def verify(pack: bytes, ledger: Path | None = None) -> Verdict:
    """Check a pack, offline.

    Parameters
    ----------
    pack : bytes
        The zip.
    ledger : Path, optional
        A folder with the ledger of this house. Where it holds any release of the same kind of
        records, it must hold this one.

    Raises
    ------
    InputError
        If it is not a pack, or not safe to open.
    """
    digest = hashlib.sha256(pack).hexdigest()
    try:
        with zipfile.ZipFile(io.BytesIO(pack)) as archive:
            files = verify_pack.read_zip(archive)
        findings = verify_pack.check(files)
    except verify_pack.NotAPack as error:
        raise InputError(str(error)) from None
    except Exception as error:
        kind = type(error).__name__
        raise InputError(f"not a pack: it cannot be read as a zip ({kind})") from None
    checked = [f"{len(files)} files: complete and unchanged", "tables: add up"]
    try:
        if not findings:
            findings += _against_ledger(files, digest, ledger, checked)
            findings += _attack(files, checked)
    except (KeyError, TypeError, ValueError, IndexError, InputError) as error:
        findings.append(f"the ledger in the pack cannot be read ({type(error).__name__})")
    return Verdict(tuple(findings), tuple(checked), digest)


def _against_ledger(
    files: Mapping[str, bytes], digest: str, ledger: Path | None, checked: list[str]
) -> list[str]:
    """The ledger of this house knows this pack, when there is one."""
    manifest = json.loads(files[verify_pack.MANIFEST])
    simulated, version = bool(manifest["simulated"]), manifest["release"]["version"]
    kept = ledger_files(ledger, simulated=simulated) if ledger is not None else ()
    if ledger is None or not kept:
        checked.append("ledger: the pack's own; there is none here to compare it with")
        return []
    file = entry_file(ledger, int(manifest["year"]), simulated=simulated)
    what = f"year {manifest['year']}, version {version}"
    known: list[dict[str, Any]] = []
    if file.is_file():
        try:
            known = json.loads(file.read_text(encoding="utf-8"))["versions"]
        except (ValueError, KeyError, TypeError):
            raise InputError("is not a file of the ledger", file=file.name) from None
    entry = next((one for one in known if one["version"] == version), None)
    if entry is None:
        return [f"the ledger (data/ledger/{file.name}) lacks an entry of this release ({what})"]
    _, own = verify_pack.entry_of(files)
    if entry.get("pack") != digest:
        return [f"the ledger has another pack for {what}: its SHA-256 is {entry.get('pack')}"]
    if {key: value for key, value in entry.items() if key != "pack"} != own:
        return [f"the entry of {what} in the ledger is not the one in the pack"]
    checked.append(f"ledger: {what} is entered, with this pack")
    return []


def _attack(files: Mapping[str, bytes], checked: list[str]) -> list[str]:
    """This release, the earlier ones of the pack's ledger and its baselines, attacked together."""
    released = []
    for name in sorted(files):
        if name.startswith("ledger/"):
            for version in json.loads(files[name])["versions"]:
                released += released_in(version, file=name)
        elif name.startswith(verify_pack.BASELINES) and name.endswith(".json"):
            released.append(from_json(json.loads(files[name])["released"], file=name))
    report = attack_releases(released, ties=ties_stated(released))
    if not report.solvable:
        return [f"releases contradict one another: {'; '.join(report.contradictions)}"]
    if not report.safe:
        first = next(report.opened.itertuples())
        return [
            f"{len(report.opened)} hidden cells can be worked out, the first is "
            f"{describe(first.key)}, from {first.opened_by}"
        ]
    checked.append(
        f"attack: {len(report.cells)} hidden cells over {len(released)} releases, none can be "
        "worked out"
    )
    return []
