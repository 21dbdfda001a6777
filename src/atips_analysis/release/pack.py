"""The sealed pack of a release: one zip, the same bytes from the same input."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.build.exhibits import EXHIBITS, as_csv
from atips_analysis.errors import FindingsError
from atips_analysis.indicators.place import wide_columns
from atips_analysis.pages.tidy import open_tidy
from atips_analysis.project import Project
from atips_analysis.release import verify_pack
from atips_analysis.release.bill_of_materials import SBOM, bill_of_materials
from atips_analysis.release.pack_metadata import (
    CRATE,
    SUMS,
    Particulars,
    check_sums,
    datapackage,
    ro_crate,
)
from atips_analysis.release.pack_page import pack_page
from atips_analysis.release.pack_tables import PackTable, defined_in, pack_tables
from atips_analysis.release.sdmx import Artefacts, sdmx_csv, structure_message
from atips_analysis.release.signing import Signs
from atips_analysis.release.spreadsheet import RECORDS, spreadsheet
from atips_analysis.render.reports_gate import CONFIDENTIAL_STATUS, forbidden
from atips_analysis.words import N_, by_language, in_language, languages, translator

LEDGER = verify_pack.LEDGER
STAMP = (1980, 1, 1, 0, 0, 0)
STATEMENT_NAME = "SIMULATED-RECORDS.txt"
STATEMENT = N_(
    "SIMULATED RECORDS\n\n"
    "Every record behind this pack was invented to show how the system works. No number in it "
    "that\ncomes from records is a figure of {country}, and none may be quoted as one. No body "
    "issues it.\n"
)
COLUMNS = {
    *(f"category_{lang}" for lang in languages()),
    *("column", "code", "topic"),
    *defined_in(),
    *("stream", "read", "accepted", "quarantined", "duplicates"),
    *("submitted_by", "dimension", "score", "severity", "rule", "rows", "status", "returned"),
}
"""Columns that may stand in a table of a pack besides those of indicators: what may leave."""


@dataclass(frozen=True)
class Sealed:
    """What a pack is made from.

    Parameters
    ----------
    reports : the released folder, without its pack.
    public : the public side of the build.
    ledger : names of the ledger's files: this release's and those of earlier ones.
    companions : tables that are released beside that of indicators.
    baselines : files of frozen baselines by name, their seals and tables.
    signers : the two roles with their keys; none where no keys are set up.
    """

    particulars: Particulars
    reports: Path
    public: Path
    ledger: Sequence[str]
    checked_by: str
    approved_by: str
    file_name: str
    companions: tuple[PackTable, ...] = ()
    baselines: Mapping[str, bytes] = field(default_factory=dict)
    signers: tuple[Signs, ...] = ()


def pack_files(sealed: Sealed, project: Project) -> dict[str, bytes]:
    """What a pack holds by name, all of which the ledger's entry names: all but the ledger itself.

    Raises FindingsError if a table has a column that is not on the list of what may leave.
    """
    particulars = sealed.particulars
    tidy = open_tidy(sealed.public, project)
    tables = pack_tables(tidy, sealed.public / "indicators.csv", sealed.public / "quality.json")
    tables += sealed.companions
    codes = pd.read_csv(sealed.public / "indicators.csv", dtype=str, keep_default_na=False)
    threshold = int(project.profile["disclosure"]["threshold"])
    files = _reports(sealed.reports)
    simulated = particulars.simulated
    files |= {table.file_name(simulated=simulated): table.csv() for table in tables}
    files[tables[0].file_name(simulated=simulated)] = (
        sealed.public / "indicators.csv"
    ).read_bytes()
    _check_columns(tables)
    mark = "-simulated" if simulated else ""
    files[f"tables{mark}.xlsx"] = spreadsheet(
        tables,
        title=particulars.title,
        cover=cover(sealed),
        notes=notes(threshold),
        created=particulars.released,
    )
    artefacts = Artefacts(
        particulars.year, particulars.version, simulated, project.profile["council"]["sdmx_agency"]
    )
    files[f"sdmx/indicators{mark}.csv"] = sdmx_csv(codes, artefacts)
    files["sdmx/structure.json"] = structure_message(codes, tidy, artefacts, particulars.released)
    files |= {
        f"{verify_pack.BASELINES}{name}": content for name, content in sealed.baselines.items()
    }
    files["verify.py"] = Path(verify_pack.__file__).read_bytes().replace(b"\r\n", b"\n")
    files["datapackage.json"] = datapackage(particulars, tables, files)
    if simulated:
        files[STATEMENT_NAME] = _statement(project).encode("utf-8")
    files["README.html"] = pack_page(
        particulars,
        project,
        checked_by=sealed.checked_by,
        approved_by=sealed.approved_by,
        threshold=threshold,
        file_name=sealed.file_name,
    )
    files[EXHIBITS] = _exhibits(sealed)
    files[SBOM] = bill_of_materials(particulars.software, particulars.commit, particulars.made_with)
    files |= {f"{verify_pack.KEYS}{one.role}.pem": one.public for one in sealed.signers}
    files[CRATE] = ro_crate(particulars, files, [f"{LEDGER}{name}" for name in sealed.ledger])
    return files


def pack(
    contents: Mapping[str, bytes], ledger: Mapping[str, str], signers: Sequence[Signs] = ()
) -> bytes:
    """The zip: its files with the ledger, the list of check sums, and its signatures.

    Parameters
    ----------
    contents : files by name (`pack_files`).
    ledger : ledger files by name, as text.
    """
    files = {**contents, **{f"{LEDGER}{name}": text.encode() for name, text in ledger.items()}}
    _check_contents(files)
    files[SUMS] = check_sums(files)
    signatures = {
        f"{verify_pack.SIGNATURES}{one.role}.sig": one.sign(files[SUMS]) for one in signers
    }
    return zipped(files | signatures)


def _exhibits(sealed: Sealed) -> bytes:
    """The build's map of exhibits, of the pages that are released."""
    rows = csv.DictReader(
        io.StringIO((sealed.public / EXHIBITS).read_text(encoding="utf-8"), newline="")
    )
    there = [row for row in rows if (sealed.reports / f"{row['page']}.html").is_file()]
    return as_csv(there).encode("utf-8")


def _statement(project: Project) -> str:
    """That the records were invented, in every language."""
    names = by_language(project.profile["country"], "name")
    said = []
    for lang in languages():
        _ = translator(lang)
        country = in_language(names, lang, "name of the country", "data/council/profile.toml")
        said.append(_(STATEMENT, country=country))
    return "\n".join(said)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files as a zip with sorted names, fixed stamps and the same attributes everywhere."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, STAMP)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = 0o100644 << 16
            archive.writestr(member, files[name])
    return out.getvalue()


def cover(sealed: Sealed) -> list[tuple[str, str]]:
    """What the spreadsheet's cover tells."""
    particulars = sealed.particulars
    lines = [
        ("Title", particulars.title),
        ("Year", str(particulars.year)),
        ("Status", f"Released, version {particulars.version}, {particulars.date}"),
        ("Checked by", sealed.checked_by),
        ("Approved by", sealed.approved_by),
        ("Edition of the data bank", particulars.edition),
        ("Made with", f"atips-analysis {particulars.software}"),
    ]
    if particulars.simulated:
        lines.insert(1, (RECORDS, "SIMULATED RECORDS, not data of the country"))
    if particulars.issuing_body:
        lines.insert(1, ("Issued by", particulars.issuing_body))
    return lines


def notes(threshold: int) -> list[tuple[str, str]]:
    """What the marks of the tables mean."""
    return [
        ("OK", "Published value."),
        ("Z", "True zero."),
        (
            "C",
            f"Hidden for protection: a count of persons from 1 to {threshold - 1}, or another that "
            "would give one away. The cell is blank; it is neither zero nor missing, and lies from "
            "low to high.",
        ),
        ("M", "Missing: no agency sent it."),
        ("NC", "Not collected: no agency records it."),
        ("NAP", "Not applicable."),
        ("E, PV", "Estimated, provisional."),
        ("Total", "The row is not broken down by that column."),
        ("ci_low, ci_high", "95 % interval of year-to-year chance; not of counting error."),
        ("unit_of_count", "Every number counts one unit; units are never mixed."),
    ]


def _reports(folder: Path) -> dict[str, bytes]:
    return {
        f"reports/{file.relative_to(folder).as_posix()}": file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "pack" not in file.relative_to(folder).parts[:1]
    }


def _check_columns(tables: list[PackTable]) -> None:
    known = {*wide_columns(), *COLUMNS}
    for table in tables:
        unknown = [column for column in table.frame.columns if column not in known]
        if unknown:
            raise FindingsError(
                f"table {table.name}: column {unknown[0]!r} is not on the list of what may leave; "
                "nothing was released"
            )
        status: Any = table.frame.get("status")
        if status is not None and set(status) & CONFIDENTIAL_STATUS:
            raise FindingsError(
                f"table {table.name} tells small counts from others; nothing was released"
            )


def _check_contents(files: Mapping[str, bytes]) -> None:
    patterns = forbidden()
    for name, content in files.items():
        if name.endswith((".csv", ".json", ".html")):
            for what, pattern in patterns.items():
                if pattern.search(content):
                    raise FindingsError(f"{name} holds {what}; nothing was released")
