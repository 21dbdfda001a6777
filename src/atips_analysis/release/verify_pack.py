#!/usr/bin/env python3
"""Checks a pack of statistics without anything but Python (3.8 or later) and without a network.

    python verify.py                 the folder that this file lies in
    python verify.py atips-2024.zip  a pack as it was received

It checks that every file is there and unchanged (SHA-256), that nothing was added, that the ledger
holds this release and every one before it, that the tables print what the ledger says was
released, all copies the same, and that they add up. A number that is
hidden for protection (C) is at least 1: a sum with hidden parts must leave room for them. A
number that is rounded (R) stands for the counts less than 10 away; the rounded parts of a table
add up to a rounded total, and to less than 5 from a total that is printed as it is.

Ends with 0 when all is well, 1 when the pack does not match, 2 when it is not a pack. A pack that
somebody forged as a whole agrees with itself: compare the SHA-256 of the zip, which is printed,
with the one that the issuing body gives you.

Comprueba un paquete de estadísticas con Python y nada más (3.8 o posterior), sin conexión: que
estén todos los archivos y sin cambios (SHA-256), que no se haya añadido nada, que el registro de
publicaciones contenga esta publicación y todas las anteriores, que los cuadros digan lo que consta
en él, todas las copias lo mismo, y que sumen. Termina con 0 si todo está bien, 1 si el paquete no
coincide, 2 si no es un paquete.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import math
import re
import struct
import sys
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import Any

SUMS = "SHA256SUMS"
MANIFEST = "reports/manifest.json"
BASELINES = "baselines/"
LEDGER = "ledger/"
KEYS = "keys/"
SIGNATURES = "signatures/"
NEEDED = (
    "README.html",
    "datapackage.json",
    "ro-crate-metadata.json",
    "verify.py",
    "tables{mark}.xlsx",
    "sdmx/indicators{mark}.csv",
    "sdmx/structure.json",
    "tables/indicators{mark}.csv",
    MANIFEST,
)
MAY_HOLD = ("exhibits.csv", "sbom.cdx.json")
OF_SIMULATED = "SIMULATED-RECORDS.txt"
PEM = re.compile("-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/]{59}=)\n-----END PUBLIC KEY-----\n")
"""An Ed25519 key as a pack has it, and nothing beside it: readers of PEM differ in what they skip."""
NOT_SEALED = ("pack", "seal")
BASE, WITHIN = 5, 9
TOLD = (
    "period_start",
    "period_end",
    "value",
    "numerator",
    "denominator",
    "ci_low",
    "ci_high",
    "method",
    "status",
    "low",
    "high",
    "source",
    "vintage",
    "note",
)
"""Columns that say nothing of where a row stands."""
MOST_FILES = 5000
LARGEST_FILE = 200 * 1024 * 1024
LARGEST_PACK = 500 * 1024 * 1024
MOST_SHRUNK = 1000
LONGEST_NAME = 250

UNREADABLE = (
    *(ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError),
    csv.Error,
)
"""What a text of a pack may raise that is none of its kind: of another form, too deep, too large."""
DAMAGED = "it is no zip, or was damaged on its way; ask the sender for it again"


class NotAPack(Exception):
    """What was given is not a pack, or is not safe to open."""


def check(files: dict[str, bytes]) -> list[str]:
    """What does not match, one line each; nothing when all is well.

    `files` gives each file's content by its name in the pack.
    """
    check_is_pack(files)
    findings: list[str] = []
    try:
        findings += check_sums(files)
        findings += check_said_once(files)
        findings += check_complete(files)
        if MANIFEST in files and table_of(files) in files:
            findings += check_belongs(files) + check_ledger(files) + check_chain(files)
            findings += check_covered(files)
            findings += check_signers(files)
            findings += check_tables(files) + check_same_numbers(files)
            findings += check_counted(files)
        findings += check_baselines(files)
    except UNREADABLE as error:
        kind = type(error).__name__
        findings.append(f"the ledger, the table or a list of the pack cannot be read ({kind})")
    return list(dict.fromkeys(findings))


def check_is_pack(files: dict[str, bytes]) -> None:
    """Refuse what has no list of its files or no ledger."""
    if SUMS not in files or not any(name.startswith(LEDGER) for name in files):
        raise NotAPack(f"not a pack: it has no {SUMS} or no ledger")


def check_sums(files: dict[str, bytes]) -> list[str]:
    """Every file is listed, is there and has the hash that is listed."""
    findings, listed = [], sums_of(files)
    for name in sorted(listed):
        if name not in files:
            findings.append(f"{name} is missing")
        elif sha256(files[name]) != listed[name]:
            findings.append(f"{name} was changed: its SHA-256 is not the one in {SUMS}")
    for name in sorted(set(files) - set(listed) - {SUMS} - signatures_of(files)):
        findings.append(f"{name} was added: {SUMS} does not list it")
    lines = [f"{listed[name]}  {name}\n" for name in sorted(listed)]
    if not findings and files[SUMS] != "".join(lines).encode("utf-8"):
        findings.append(f"{SUMS} is not as a release writes it: a line a file, each once, in order")
    return findings


def check_said_once(files: dict[str, bytes]) -> list[str]:
    """No list says a thing twice: one reader would take the first, another the last."""
    findings = []
    for name in sorted(files):
        twice: list[str] = []

        def once(pairs: list[tuple[str, Any]], twice: list[str] = twice) -> dict[str, Any]:
            said = dict(pairs)
            if len(said) < len(pairs):
                twice.extend(key for key, _ in pairs)
            return said

        if name.endswith(".json"):
            json.loads(text(files[name]), object_pairs_hook=once)
        elif name.endswith(".csv"):
            header = next(csv.reader(io.StringIO(text(files[name]), newline="")), [])
            twice.extend(header if len(set(header)) < len(header) else ())
        said = sorted(key for key in set(twice) if twice.count(key) > 1)
        if said:
            findings.append(f"{name} says {said[0]!r} twice")
    return findings


def check_belongs(files: dict[str, bytes]) -> list[str]:
    """Every file is one that a release makes: a list of check sums would list any other as well."""
    _, entry = entry_of(files)
    mark, signers = mark_of(files), signers_of(files)
    package = json.loads(text(files.get("datapackage.json", b"{}")))
    own = {SUMS, *MAY_HOLD, *(name.format(mark=mark) for name in NEEDED)}
    own |= {OF_SIMULATED} if mark else set()
    own |= {"reports/" + name for name in json.loads(text(files[MANIFEST]))["files"]}
    own |= {one["path"] for one in package.get("resources", []) if is_table(one["path"])}
    own |= {f"tables/{name}{mark}.csv" for name in (entry or {}).get("beside") or {}}
    own |= {BASELINES + name for name in (entry or {}).get("baselines") or {}}
    own |= {f"ledger/{year}{mark}.json" for year, _ in entries_of(files)}
    own |= {f"{KEYS}{role}.pem" for role in signers} | signatures_of(files)
    strangers = sorted(set(files) & {*sums_of(files)} - own)
    return [f"{name} was added: it is none of the files of a release" for name in strangers]


def is_table(name: str) -> bool:
    """Whether a name is one of a table."""
    return re.fullmatch(r"tables/[^/]+\.csv", name) is not None


def signatures_of(files: dict[str, bytes]) -> set[str]:
    """The files that sign the list of check sums, and so do not stand in it."""
    return {f"{SIGNATURES}{role}.sig" for role in signers_of(files)}


def signers_of(files: dict[str, bytes]) -> dict[str, str]:
    """The fingerprint of each signing role's key, as the ledger has it; none when not signed."""
    try:
        _, entry = entry_of(files)
        return signed_in(entry or {})
    except UNREADABLE:
        return {}


def signed_in(entry: dict[str, Any]) -> dict[str, str]:
    """The fingerprint of each role's key that an entry of the ledger names."""
    return dict(entry.get("signed_by") or {})


def check_signers(files: dict[str, bytes]) -> list[str]:
    """The keys and signatures that the ledger names are there; the keys are those.

    Once a release was signed, those that follow are; and who checks does not approve.
    """
    findings, last = [], ""
    for year, version, entry in chain_of(files):
        place = f"{year} (version {version})"
        if last and not signed_in(entry):
            findings.append(f"the release of {last} was signed, that of {place} after it is not")
        last = place if signed_in(entry) else last
        if one_role(entry["checked_by"]) == one_role(entry["approved_by"]):
            findings.append(f"the release of {place} was checked and approved by the same role")
    for role, stated in sorted(signers_of(files).items()):
        key, signature = f"{KEYS}{role}.pem", f"{SIGNATURES}{role}.sig"
        if signature not in files:
            findings.append(f"{signature} is missing: the ledger says that {role!r} has signed")
        if key not in files:
            findings.append(f"{key} is missing: the ledger says that {role!r} has signed")
        elif not stated or fingerprint(files[key]) != stated:
            findings.append(f"{key} is another key than the ledger names for {role!r}")
    return findings


def fingerprint(key: bytes) -> str:
    """The first 32 digits of the SHA-256 of the 32 bytes of an Ed25519 key in PEM.

    Nothing for a file that holds anything beside the key.
    """
    pem = PEM.fullmatch(text(key).replace("\r\n", "\n"))
    return sha256(base64.b64decode(pem[1])[-32:])[:32] if pem else ""


def one_role(role: str) -> str:
    """A role's name without what two spellings of it may differ in."""
    return " ".join(unicodedata.normalize("NFKC", role).casefold().split())


def sums_of(files: dict[str, bytes]) -> dict[str, str]:
    """The listed SHA-256 of each file."""
    lines = [line.partition("  ") for line in text(files[SUMS]).splitlines()]
    return {name: digest for digest, _, name in lines}


def check_complete(files: dict[str, bytes]) -> list[str]:
    """All that belongs to a pack, and all that its own lists name."""
    marked = MANIFEST in files
    needed = [n.format(mark=mark_of(files)) if marked else n for n in NEEDED]
    needed = [name for name in needed if marked or "{" not in name]
    findings = [f"{name} is missing" for name in needed if name not in files]
    wanted = []
    if "datapackage.json" in files:
        package = json.loads(text(files["datapackage.json"]))
        for resource in package.get("resources", []):
            wanted.append((resource["path"], resource.get("hash", "").replace("sha256:", "")))
    if MANIFEST in files:
        for name, digest in json.loads(text(files[MANIFEST]))["files"].items():
            wanted.append(("reports/" + name, digest))
    listed = sums_of(files)
    for name, digest in wanted:
        if name not in files:
            findings.append(f"{name} is missing")
        elif digest and digest != sha256(files[name]) == listed.get(name):
            findings.append(f"{name} is not the file that the pack describes")
    return sorted(set(findings))


def mark_of(files: dict[str, bytes]) -> str:
    """What file names say of simulated records; the manifest knows."""
    return "-simulated" if json.loads(text(files[MANIFEST]))["simulated"] else ""


def table_of(files: dict[str, bytes]) -> str:
    """The name of the table of indicators."""
    return f"tables/indicators{mark_of(files)}.csv"


def entry_of(files: dict[str, bytes]) -> tuple[str, Any]:
    """The ledger's entry of this release: (name of its file, the version)."""
    manifest = json.loads(text(files[MANIFEST]))
    name = "ledger/{}{}.json".format(manifest["year"], mark_of(files))
    if name not in files:
        return name, None
    for version in json.loads(text(files[name]))["versions"]:
        if version["version"] == manifest["release"]["version"]:
            return name, version
    return name, None


def check_ledger(files: dict[str, bytes]) -> list[str]:
    """The ledger has an entry of this release, and it names these files."""
    manifest = json.loads(text(files[MANIFEST]))
    name, entry = entry_of(files)
    if entry is None:
        return [f"{name} has no entry of this release"]
    findings = []
    if entry["edition"] != manifest["edition"]:
        findings.append(
            "{} is about edition {}, the reports are not".format(name, entry["edition"])
        )
    if entry["files"] != manifest["files"]:
        findings.append(f"{name} names other files than the manifest of the reports")
    if entry["table"] != sha256(files[table_of(files)]):
        findings.append(f"{name} is about another table of indicators")
    return findings


def check_covered(files: dict[str, bytes]) -> list[str]:
    """Every file is the one that the ledger names: whoever has the ledger need trust no list here."""
    findings = []
    for name, digest in sorted(contents_of(files).items()):
        if name not in files:
            findings.append(f"{name} is missing: the ledger names it")
        elif sha256(files[name]) != digest:
            findings.append(f"the ledger is about another {name}")
    if contents_of(files):
        findings += [f"{name} was added: the ledger does not name it" for name in uncovered(files)]
    return findings


def contents_of(files: dict[str, bytes]) -> dict[str, str]:
    """The SHA-256 that the ledger has of each file; none of releases of before it had them."""
    _, entry = entry_of(files)
    return dict((entry or {}).get("contents") or {})


def uncovered(files: dict[str, bytes]) -> list[str]:
    """Files that the ledger names nowhere; its own are held by seals, the list of sums by all."""
    _, entry = entry_of(files)
    named = {*contents_of(files), SUMS, table_of(files)} | signatures_of(files)
    named |= {"reports/" + name for name in (entry or {}).get("files") or {}}
    named |= {f"tables/{name}{mark_of(files)}.csv" for name in (entry or {}).get("beside") or {}}
    named |= {BASELINES + name for name in (entry or {}).get("baselines") or {}}
    named |= {f"{KEYS}{role}.pem" for role in signers_of(files)}
    return sorted(name for name in {*files} - named if not name.startswith(LEDGER))


def check_chain(files: dict[str, bytes]) -> list[str]:
    """Every release before this one is there, unchanged, and nothing else is in the ledger.

    Each entry has a seal over what it says and names the one that it follows by that one's seal.
    """
    findings, entries = check_years(files), entries_of(files)
    for (year, version), entry in sorted(entries.items()):
        if entry["seal"] != seal_of(entry):
            findings.append(f"the entry of {year}, version {version} was changed after its release")
    own = json.loads(text(files[MANIFEST]))
    place, seen = (own["year"], own["release"]["version"]), set()
    while place in entries and place not in seen:
        seen.add(place)
        link = entries[place]["follows"]
        if link is None:
            break
        later, place = place, (link["year"], link["version"])
        known = entries.get(place)
        if known is None:
            findings.append(
                f"the ledger lacks the release of {place[0]} (version {place[1]}), which that of "
                f"{later[0]} (version {later[1]}) follows"
            )
        elif link["seal"] != known["seal"] or link["pack"] != known["pack"]:
            findings.append(
                f"the entry of {place[0]}, version {place[1]} is not the one that the release of "
                f"{later[0]} (version {later[1]}) follows"
            )
    for year, version in sorted(set(entries) - seen):
        if not findings:
            findings.append(f"no later release follows the entry of {year}, version {version}")
    return findings


def check_years(files: dict[str, bytes]) -> list[str]:
    """Each file of the ledger is of one year, and holds every version of it once."""
    findings = []
    for name in sorted(files):
        if name.startswith(LEDGER):
            content = json.loads(text(files[name]))
            numbers = [one["version"] for one in content["versions"]]
            if name != "ledger/{}{}.json".format(content["year"], mark_of(files)):
                findings.append(f"{name} is no ledger of these records and of its year")
            elif not numbers or numbers != list(range(1, len(numbers) + 1)):
                findings.append(f"{name} does not hold each version of its year once, in order")
    return findings


def entries_of(files: dict[str, bytes]) -> dict[tuple[int, int], Any]:
    """The entries of the pack's ledger by (year, version)."""
    found = {}
    for name in sorted(files):
        if name.startswith(LEDGER):
            content = json.loads(text(files[name]))
            for version in content["versions"]:
                found[content["year"], version["version"]] = version
    return found


def chain_of(files: dict[str, bytes]) -> list[tuple[int, int, Any]]:
    """Each release as (year, version, entry), from the first to the pack's own."""
    chain: list[tuple[int, int, Any]] = []
    entries, own = entries_of(files), json.loads(text(files[MANIFEST]))
    place = (own["year"], own["release"]["version"])
    while place in entries and len(chain) < len(entries):
        chain.append((*place, entries[place]))
        link = entries[place]["follows"] or {}
        place = (link.get("year"), link.get("version"))
    return chain[::-1]


def seal_of(entry: dict[str, Any]) -> str:
    """The SHA-256 of an entry as canonical JSON, without the hash of its pack and its seal."""
    covered = {name: value for name, value in entry.items() if name not in NOT_SEALED}
    written = json.dumps(covered, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(written.encode("utf-8"))


def check_tables(files: dict[str, bytes]) -> list[str]:
    """Every table of the release prints what the ledger says, and every sum holds."""
    _, entry = entry_of(files)
    if entry is None:
        return []
    findings = check_table(files[table_of(files)], entry["release"])
    for name, one in entry.get("beside", {}).items():
        path = f"tables/{name}{mark_of(files)}.csv"
        if path not in files:
            findings.append(f"{path} is missing")
        elif sha256(files[path]) != one["sha256"]:
            findings.append(f"the ledger is about another {path}")
        else:
            findings += check_table(files[path], one["release"])
    return sorted(set(findings))


def check_same_numbers(files: dict[str, bytes]) -> list[str]:
    """Every other copy of the indicators prints the same numbers and hides the same ones."""
    table = rows_of(files[table_of(files)])
    findings = []
    if files.get("reports/indicators.csv", files[table_of(files)]) != files[table_of(files)]:
        findings.append(f"reports/indicators.csv is not {table_of(files)}")
    known = {row.get("indicator_id") for row in table}
    same: dict[Any, list[Any]] = {}
    for row in table:
        same.setdefault(row.get("indicator_id"), []).append((row.get("value"), row.get("status")))
    for name in sorted(files):
        folder, _, file = name.rpartition("/")
        one = file.replace(f"{mark_of(files)}.csv", "")
        if folder == "tables" and one in known:
            printed = [(row["value"], row["status"]) for row in rows_of(files[name])]
            if printed != same[one]:
                findings.append(f"{name} prints other numbers than {table_of(files)}")
        elif folder == "sdmx" and file.endswith(".csv"):
            printed = [
                (row["OBS_VALUE"], row["CONF_STATUS"] == "C") for row in rows_of(files[name])
            ]
            if printed != [(row["value"], row["status"] == "C") for row in table]:
                findings.append(f"{name} prints other numbers than {table_of(files)}")
    return findings


def check_counted(files: dict[str, bytes]) -> list[str]:
    """The manifest gives as many hidden values as the table has."""
    stated = json.loads(text(files[MANIFEST])).get("protection", {}).get("hidden")
    hidden = sum(row.get("status") == "C" for row in rows_of(files[table_of(files)]))
    if stated is not None and stated != hidden:
        return [f"{MANIFEST} says that {stated} values are hidden; the table hides {hidden}"]
    return []


def rows_of(content: bytes) -> list[dict[str, Any]]:
    """The rows of a CSV file, by column.

    Raises ValueError where a row has more or fewer cells than the first: readers differ in what
    they make of it.
    """
    rows = list(csv.DictReader(io.StringIO(text(content), newline="")))
    if any(None in row or None in row.values() for row in rows):
        raise ValueError("rows of several lengths")
    return rows


def check_table(content: bytes, release: dict[str, Any]) -> list[str]:
    """A table prints what was released, and the sums of the release hold."""
    findings = []
    rows = rows_of(content)
    number = {row_id(row): at for at, row in enumerate(rows)}
    cells = release["cells"]
    for measure, period, categories, shown, places in cells:
        for row, column in places:
            at = number.get(row)
            if at is None:
                findings.append(
                    f"{measure}, {period}, {categories or 'Total'}: the table has no such row"
                )
                continue
            printed = rows[at][column]
            hidden = rows[at]["status"] == "C"
            if hidden and printed:
                findings.append(f"row {at + 2} of the table is hidden and shows a number")
            if not hidden and number_in(printed) != number_of(shown):
                findings.append(
                    f"{measure}, {period}, {categories or 'Total'}: the table does not print "
                    f"what was released (row {at + 2})"
                )
    for table, total, parts in release["sums"]:
        least, most = span(cells, parts)
        low, high = span(cells, [total])
        if least > high or most < low or not rounded_sum_holds(cells, total, parts):
            findings.append("{} does not add up".format(release["tables"][table]))
    return findings


def row_id(row: Any) -> str:
    """The id by which the ledger names a row: from the SHA-256 of what the row is about."""
    said = sorted(
        f"{name}={value}"
        for name, value in row.items()
        if value not in ("", "Total") and name not in TOLD and not name.startswith("category_")
    )
    return hashlib.sha256("\n".join(said).encode("utf-8")).hexdigest()[:16]


def number_in(printed: str) -> float:
    """The number that a cell prints; what only some readers take for one (1_8, other digits) is none."""
    plain = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", printed)
    return float(printed) if plain else float("nan")


def number_of(shown: Any) -> float:
    """What a table prints for a cell: its count, or the multiple that it is rounded to."""
    if isinstance(shown, list):
        number = shown[1] - WITHIN
        whole = number % BASE == 0 and shown[0] == max(0, number - WITHIN)
        return number if whole else float("nan")
    return float("nan") if shown is None else shown


def rounded_sum_holds(cells: list[Any], total: int, parts: list[int]) -> bool:
    """Rounded parts of one period add up, with what is printed as it is beside them."""
    whole, shown = cells[total], [cells[part][3] for part in parts]
    rounded = [one for one in shown if isinstance(one, list)]
    if any(math.isnan(number_of(one)) for one in [whole[3], *rounded] if isinstance(one, list)):
        return True  # a hidden count with its range: `span` says whether the sum can hold
    printed = [one for one in [whole[3], *shown] if isinstance(one, (int, list))]
    if not rounded or len(printed) < 1 + len(parts):
        return True
    if any(cells[part][1] != whole[1] for part in parts):
        return True
    difference = sum(number_of(one) for one in shown) - number_of(whole[3])
    if isinstance(whole[3], list):
        return difference == 0 or any(one for one in shown if not isinstance(one, list))
    return abs(difference) < BASE


def check_baselines(files: dict[str, bytes]) -> list[str]:
    """Each frozen baseline is as its seal says, and those that the ledger names are there."""
    findings = []
    _, entry = entry_of(files) if MANIFEST in files else ("", None)
    for name, digest in ((entry or {}).get("baselines") or {}).items():
        if BASELINES + name not in files:
            findings.append(f"{BASELINES}{name} is missing")
        elif sha256(files[BASELINES + name]) != digest:
            findings.append(f"the ledger is about another {BASELINES}{name}")
    for name in sorted(files):
        if name.startswith(BASELINES) and name.endswith(".json"):
            seal = json.loads(text(files[name]))
            stated, table = seal.pop("sha256"), BASELINES + seal["table"]["file"]
            written = json.dumps(
                seal, sort_keys=True, ensure_ascii=False, separators=(",", ":")
            ).encode("utf-8")
            if sha256(written) != stated:
                findings.append(f"{name} was changed after it was frozen")
            if table not in files or sha256(files[table]) != seal["table"]["sha256"]:
                findings.append(f"{table} is not the table that was frozen")
    return findings


def span(cells: list[Any], numbers: list[int]) -> tuple[float, float]:
    """The least and the most that some cells can make together."""
    least, most = 0, 0.0
    for number in numbers:
        shown = cells[number][3]
        if shown is None or shown == "unpublished":
            least, most = least + (shown is None), float("inf")
        elif isinstance(shown, list):
            least, most = least + shown[0], most + shown[1]
        else:
            least, most = least + shown, most + shown
    return least, most


def told(files: dict[str, bytes]) -> list[str]:
    """What was checked of a pack without findings, a line each."""
    _, entry = entry_of(files)
    entries, manifest = entries_of(files), json.loads(text(files[MANIFEST]))
    releases = [entry["release"], *(one["release"] for one in entry.get("beside", {}).values())]
    sums = sum(len(one["sums"]) for one in releases)
    status = [row.get("status") for row in rows_of(files[table_of(files)])]
    hidden, rounded = status.count("C"), status.count("R")
    lines = [
        f"{len(files)} files are complete and unchanged",
        f"manifest: the {len(manifest['files'])} files of the reports are those that it names",
        f"ledger: this release is its head, its seal holds, and so does every one before it "
        f"({len(entries) - 1})",
        f"tables: {sums} sums hold, and all copies of a table print the same numbers",
        covered(files),
        f"hidden: {hidden} values of the table of indicators are blank, {rounded} are rounded",
    ]
    if mark_of(files):
        lines.append("records: SIMULATED, no figure of any country")
    return lines


def covered(files: dict[str, bytes]) -> str:
    """Which files nothing but the list of check sums holds, which whoever changes them writes anew."""
    loose = uncovered(files)
    if not loose:
        return "ledger: it names every file of the pack"
    return f"NOT COVERED by the ledger, which names no check sum of them: {', '.join(loose)}"


def read_pack(path: Path) -> dict[str, bytes]:
    """The files of a pack, a zip or a folder, by name; nothing is unpacked to disk."""
    if path.is_dir():
        return read_folder(path)
    try:
        with zipfile.ZipFile(str(path)) as pack:
            return read_zip(pack)
    except NotAPack:
        raise
    except FileNotFoundError:
        raise NotAPack("no such file; check the name") from None
    except Exception as error:  # what is damaged raises errors of zip and of every compression
        kind = type(error).__name__
        raise NotAPack(f"not a pack: {DAMAGED} ({kind})") from None


def read_zip(pack: zipfile.ZipFile) -> dict[str, bytes]:
    """Members, refused when names lead out of the pack or sizes cannot be true."""
    members = pack.infolist()
    if len(members) > MOST_FILES:
        raise NotAPack(f"not a pack: it holds {len(members)} files")
    size, names = 0, set()
    for member in members:
        name = member.filename
        parts = name.split("/")
        if name.startswith("/") or "\\" in name or ":" in name or ".." in parts or "" in parts:
            raise NotAPack(f"not safe to open: a file is named {name!r}")
        if not name.isprintable() or len(name) > LONGEST_NAME:
            raise NotAPack(f"not safe to open: no file of a pack is named {name[:60]!a}")
        if (member.external_attr >> 16) & 0o170000 not in (0, 0o100000):
            raise NotAPack(f"not safe to open: {name} is a link, or no file")
        if same_place(name) in names:
            raise NotAPack(f"not safe to open: {name} stands twice")
        names.add(same_place(name))
        size += member.file_size
        shrunk = member.file_size > MOST_SHRUNK * max(member.compress_size, 1024)
        if member.file_size > LARGEST_FILE or size > LARGEST_PACK or shrunk:
            raise NotAPack("not safe to open: it would unpack to far more than a pack holds")
    return read_members(pack, members)


def same_place(name: str) -> str:
    """A name as the most forgiving disk takes it: case, accents, dots and blanks at an end."""
    alike = unicodedata.normalize("NFKC", name).casefold()
    return "/".join(part.rstrip(". ") for part in alike.split("/"))


def read_members(pack: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """What the members hold, read from the front as well as by the list at the end.

    Programs read a zip by one or the other. Refused is one whose two lists differ, or that holds
    bytes of no member: before, between, within or after them.
    """
    stream: Any = pack.fp
    files, at, listed = {}, 0, 22
    for member in members:
        stream.seek(at)
        head = stream.read(30)
        flags, method, _, check, packed, size, named, extra = struct.unpack("<6xHHIIIIHH", head)
        name = stream.read(named)
        told = [flags, method, check, packed, size, extra, at]
        own = [member.flag_bits, member.compress_type, member.CRC, member.compress_size]
        own += [member.file_size, len(member.extra), member.header_offset]
        as_listed = name == member.orig_filename.encode("utf-8" if flags & 0x800 else "cp437")
        if told != own or not as_listed or member.comment or flags & ~0x806 or extra:
            raise NotAPack(f"not safe to open: {member.filename} is not as the zip lists it")
        files[member.filename] = unpacked(stream.read(packed), member)
        at, listed = at + 30 + named + packed, listed + 46 + named
    if stream.seek(0, 2) != at + listed or pack.comment:
        raise NotAPack("not safe to open: it holds bytes that belong to no file of a pack")
    return files


def unpacked(packed: bytes, member: zipfile.ZipInfo) -> bytes:
    """The content of a member, of the size and check sum that it states."""
    if member.compress_type == zipfile.ZIP_STORED:
        content, whole = packed, True
    else:
        engine = zlib.decompressobj(-15)
        content = engine.decompress(packed, member.file_size + 1)
        whole = (
            engine.eof and not engine.unused_data and member.compress_type == zipfile.ZIP_DEFLATED
        )
    if not whole or len(content) != member.file_size or zlib.crc32(content) != member.CRC:
        raise NotAPack(f"not safe to open: {member.filename} is not what it says, or was damaged")
    return content


def read_folder(path: Path) -> dict[str, bytes]:
    """The files of an unpacked pack."""
    files: dict[str, bytes] = {}
    for file in sorted(path.rglob("*")):
        inside = file.relative_to(path).as_posix()
        if file.is_symlink() or not (file.is_file() or file.is_dir()):
            raise NotAPack(f"not safe to open: {inside} is a link, or no file")
        if file.is_file():
            if file.stat().st_size > LARGEST_FILE or len(files) > MOST_FILES:
                raise NotAPack("not safe to open: it is far more than a pack holds")
            files[inside] = file.read_bytes()
    return files


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def text(content: bytes) -> str:
    """A file's bytes as text (UTF-8)."""
    return content.decode("utf-8")


def shown(line: str) -> str:
    """A line that a terminal shows and does not obey, whatever the pack holds."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in line)


def main(arguments: list[str]) -> int:
    """Check a pack and say what was found; the exit code."""
    path = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        files = read_pack(path)
        findings = check(files)
    except NotAPack as error:
        print(shown(f"{path.name}: {error}"), file=sys.stderr)
        return 2
    for finding in findings:
        print(shown(f"DOES NOT MATCH  {finding}"))
    if findings:
        print(f"{len(findings)} findings: do not use this pack")
        return 1
    for line in told(files):
        print(shown(line if line.startswith("NOT") else f"OK  {line}"))
    print("not checked here: the attack on hidden numbers (atips verify repeats it)")
    if signers_of(files):
        print("not checked here: the signatures (atips verify does, and OpenSSL: see README.html)")
    else:
        print(
            "not signed: a forged pack agrees with itself as well; do not rely on this one before"
        )
        print("the issuing body has confirmed its SHA-256")
    if path.is_file():
        print(f"SHA-256 of the pack: {sha256(path.read_bytes())}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
