"""What a pack says of itself for machines: a data package, an RO-Crate, and its check sums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from atips_analysis.publishing.pack_tables import PackTable
from atips_analysis.words import N_, in_all_languages

SUMS = "SHA256SUMS"
CRATE = "ro-crate-metadata.json"
MEDIA_TYPES = {
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "pdf": "application/pdf",
    "py": "text/x-python",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Particulars:
    """What is told of a pack wherever it is described.

    `issuing_body` is None for simulated records, which have none.
    """

    name: str
    title: str
    description: str
    year: int
    edition: str
    version: int
    software: str
    released: datetime
    simulated: bool
    issuing_body: str | None
    country: str

    @property
    def date(self) -> str:
        return self.released.date().isoformat()


def datapackage(
    particulars: Particulars, tables: Sequence[PackTable], files: Mapping[str, bytes]
) -> bytes:
    """`datapackage.json` (Frictionless Data Package 1.0): a resource a table, with its schema."""
    resources = []
    for table in tables:
        simulated = particulars.simulated and "source" in table.frame
        mark = " (simulated records)" if simulated else ""
        statement = f"SIMULATED RECORDS: no figure of {particulars.country}." if simulated else ""
        path = table.file_name(simulated=particulars.simulated)
        resources.append(
            {
                "name": table.name.lower(),
                "title": f"{table.title}{mark}",
                "description": " ".join(
                    part for part in (statement, table.other_titles, table.note) if part
                ),
                "path": path,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(files[path]),
                "hash": f"sha256:{sha256(files[path])}",
                "schema": table.schema,
            }
        )
    content = {
        "profile": "tabular-data-package",
        "name": particulars.name,
        "title": particulars.title,
        "description": particulars.description,
        "version": f"{particulars.year}.{particulars.version}.0",
        "created": particulars.released.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "keywords": [*in_all_languages(N_("trafficking in persons")).values(), particulars.country],
        "resources": resources,
    }
    return _json(content)


def ro_crate(particulars: Particulars, files: Mapping[str, bytes]) -> bytes:
    """`ro-crate-metadata.json` after RO-Crate 1.1: what is in the pack and what made it."""
    software = {"@id": "#atips-analysis"}
    crate: list[dict[str, Any]] = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": particulars.title,
            "description": particulars.description,
            "datePublished": particulars.date,
            "version": str(particulars.version),
            "temporalCoverage": str(particulars.year),
            "license": {"@id": "#licence"},
            "spatialCoverage": {"@id": "#country"},
            "hasPart": [{"@id": name} for name in sorted(files)],
            "mentions": [{"@id": "#release"}],
            **({"publisher": {"@id": "#issuing-body"}} if particulars.issuing_body else {}),
        },
        {
            "@id": "#licence",
            "@type": "CreativeWork",
            "name": "No licence stated",
            "description": "The issuing body has not stated a licence; name the source when quoting.",
        },
        {"@id": "#country", "@type": "Place", "name": particulars.country},
        {
            "@id": "#atips-analysis",
            "@type": "SoftwareApplication",
            "name": "atips-analysis",
            "version": particulars.software,
        },
        {
            "@id": "#edition",
            "@type": "Dataset",
            "name": f"Edition {particulars.edition} of the data bank",
            "description": "Confidential; named so that a result can be traced by those who keep it."
            + (" Its records are simulated." if particulars.simulated else ""),
        },
        {
            "@id": "#release",
            "@type": "CreateAction",
            "name": f"Release {particulars.year}, version {particulars.version}",
            "instrument": software,
            "object": {"@id": "#edition"},
            "result": {"@id": "./"},
            "endTime": particulars.date,
        },
    ]
    if particulars.issuing_body:
        body = {"@id": "#issuing-body", "@type": "Organization", "name": particulars.issuing_body}
        crate.append(body)
    for name in sorted(files):
        ending = name.rsplit(".", 1)[-1]
        crate.append(
            {
                "@id": name,
                "@type": "File",
                "encodingFormat": MEDIA_TYPES.get(ending, "application/octet-stream"),
                "contentSize": str(len(files[name])),
                "sha256": sha256(files[name]),
            }
        )
    return _json({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": crate})


def check_sums(files: Mapping[str, bytes]) -> bytes:
    """A line a file, as `sha256sum --check` reads it."""
    lines = [f"{sha256(files[name])}  {name}\n" for name in sorted(files)]
    return "".join(lines).encode("utf-8")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8")
