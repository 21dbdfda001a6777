"""The packs of several countries: each verified offline, then read for what it prints."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.disclosure.releases import Released, from_json
from atips_analysis.errors import InputError
from atips_analysis.indicators.table import read_table
from atips_analysis.ledger.ledger_files import released_in
from atips_analysis.locks import temporary_folder
from atips_analysis.profile import MARKUP
from atips_analysis.release import verify_pack
from atips_analysis.release.pack_tables import DEFINITIONS, defined_in
from atips_analysis.release.pack_verification import bytes_of_pack, files_of_pack, verify
from atips_analysis.words.catalogues import SOURCE

LEAST = 2
"""Countries that make a region."""


@dataclass(frozen=True)
class SealedPack:
    """A pack that is as it was released, and what it prints.

    `area` is the country's code (ISO 3166-1, three letters), `names` its name by language;
    `signed` says whether nobody signed it ("no"), two keys did ("yes"), or two keys that are
    known to be the country's ("known"). `table` is the protected table of indicators (tidy),
    `definitions` has a row an indicator, `printed` is all that its ledger says was ever released.
    """

    file: str
    sha256: str
    area: str
    names: Mapping[str, str]
    year: int
    version: int
    day: str
    edition: str
    software: str
    simulated: bool
    signed: str
    table: pd.DataFrame = field(repr=False)
    definitions: pd.DataFrame = field(repr=False)
    released: Released = field(repr=False)
    printed: tuple[Released, ...] = field(repr=False)

    @property
    def threshold(self) -> int:
        """The smallest count of persons that it shows, but for zero."""
        return self.released.threshold

    def name(self, lang: str) -> str:
        """The country's name; in English where the pack has no other."""
        return self.names.get(lang) or self.names[SOURCE]


def open_packs(
    files: Sequence[Path], keys: Path | None = None
) -> tuple[tuple[SealedPack, ...], tuple[str, ...]]:
    """The packs that verify, in the order of their countries' codes, and a line on each other one.

    Parameters
    ----------
    files : sequence of Path
        Zips of releases, one a country, all of one year.
    keys : Path, optional
        A folder with a folder of public keys a country (`GTM/checked.pem`): a pack of a country
        that has one must be signed by them.

    Raises
    ------
    InputError
        If two packs are of one country, their years differ, simulated records stand beside real
        ones, or fewer than two verify.
    """
    found, refused = [], []
    for file in files:
        try:
            found.append(open_pack(file, keys))
        except InputError as error:
            refused.append(str(error))
    check_together(found, refused)
    return tuple(sorted(found, key=lambda one: one.area)), tuple(refused)


def open_pack(file: Path, keys: Path | None = None) -> SealedPack:
    """A pack, verified as `atips verify` does without a ledger of this house.

    Raises InputError if it is none, does not match, or is of a version that named no country.
    """
    if not file.is_file():
        raise InputError("no such file; name the zip of a release", file=file.name)
    try:
        content = bytes_of_pack(file)
        files = files_of_pack(content)
        manifest = _manifest(files)
        own = keys / manifest["country"]["iso3"] if keys else None
        known = own is not None and own.is_dir()
        verdict = verify(content, keys=own if known else None, keys_asked=known)
        if verdict.findings:
            raise InputError(
                f"does not match and is left out: {verdict.findings[0]}; ask "
                f"{manifest['country']['name'][SOURCE]} for the pack as it was released"
            )
        return _read(file.name, verdict.sha256, files, manifest, known)
    except InputError as error:
        raise InputError(str(error), file=file.name) from None


def _manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    """What the pack says of itself, with its country."""
    try:
        manifest = dict(json.loads(files[verify_pack.MANIFEST]))
        made_by = str(manifest.get("version", "an earlier version"))
        country, year = manifest.get("country"), int(manifest["year"])
    except verify_pack.UNREADABLE:
        raise InputError("is no pack of a release: its manifest cannot be read") from None
    if not country or f"tables/{DEFINITIONS}.csv" not in files:
        raise InputError(
            f"is of an older format (made by atips-analysis {made_by}), which lacks its country or "
            f"tables/{DEFINITIONS}.csv; ask for {year} released again with today's version"
        )
    try:
        names = [str(name) for name in country["name"].values()]
        right = re.fullmatch("[A-Z]{3}", country["iso3"]) and country["name"][SOURCE]
    except verify_pack.UNREADABLE:
        names, right = [], None
    if not right or any(MARKUP.search(name) for name in names):
        raise InputError("names its country in a way that no release does; ask for another pack")
    return manifest


def _read(
    name: str, sha256: str, files: Mapping[str, bytes], manifest: Mapping[str, Any], known: bool
) -> SealedPack:
    try:
        _, entry = verify_pack.entry_of(dict(files))
        versions = verify_pack.entries_of(dict(files)).values()
        baselines = [
            from_json(json.loads(files[file])["released"], file=file)
            for file in sorted(files)
            if file.startswith(verify_pack.BASELINES) and file.endswith(".json")
        ]
        printed = [one for version in versions for one in released_in(version)]
        return SealedPack(
            name,
            sha256,
            str(manifest["country"]["iso3"]),
            manifest["country"]["name"],
            int(manifest["year"]),
            int(manifest["release"]["version"]),
            date.fromisoformat(manifest["release"]["date"]).isoformat(),
            str(manifest["edition"]),
            str(manifest["version"]),
            bool(manifest["simulated"]),
            ("known" if known else "yes") if verify_pack.signers_of(dict(files)) else "no",
            _table(files[verify_pack.table_of(dict(files))]),
            _definitions(files[f"tables/{DEFINITIONS}.csv"]),
            released_in(entry)[0],
            (*printed, *baselines),
        )
    except verify_pack.UNREADABLE:
        raise InputError("cannot be read; ask for the pack as it was released") from None


def _table(content: bytes) -> pd.DataFrame:
    """The table of indicators, as it is handled inside."""
    with temporary_folder("pack") as folder:
        file = folder / "indicators.csv"
        file.write_bytes(content)
        try:
            return read_table(file)
        except InputError as error:
            raise InputError(str(error).removeprefix(f"{file}: ")) from None


def _definitions(content: bytes) -> pd.DataFrame:
    table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    return table.set_index("indicator_id").reindex(columns=list(defined_in()), fill_value="")


def check_together(packs: Sequence[SealedPack], refused: Sequence[str]) -> None:
    """Stop where packs are no region: one country twice, several years, invented beside real.

    `refused` has a line on each pack that was left out.

    Raises
    ------
    InputError
        The packs, and what to do.
    """
    seen: dict[str, SealedPack] = {}
    for pack in packs:
        other = seen.setdefault(pack.area, pack)
        if other is not pack:
            raise InputError(
                f"{other.file} (version {other.version} of {other.year}) and {pack.file} (version "
                f"{pack.version} of {pack.year}) are both of {pack.name(SOURCE)}; name one of them"
            )
    years = sorted({pack.year for pack in packs})
    if len(years) > 1:
        of = "; ".join(
            f"{year}: {', '.join(pack.file for pack in packs if pack.year == year)}"
            for year in years
        )
        raise InputError(f"packs of several years ({of}); name packs of one year")
    if len({pack.simulated for pack in packs}) > 1:
        invented = ", ".join(pack.file for pack in packs if pack.simulated)
        raise InputError(
            f"{invented}: made from simulated records, which may not stand beside real ones; leave "
            "it out"
        )
    if len(packs) < LEAST:
        left = f"; left out: {'; '.join(refused)}" if refused else ""
        usable = packs[0].file if packs else "none"
        raise InputError(
            f"one country is no region; name the packs of two or more (usable here: {usable}){left}"
        )


def fingerprint(packs: Sequence[SealedPack]) -> str:
    """One name for these very packs: the first 12 digits of a hash over theirs."""
    whole = "\n".join(sorted(pack.sha256 for pack in packs))
    return hashlib.sha256(whole.encode()).hexdigest()[:12]
