"""What a pack says of itself for machines: a data package, an RO-Crate, and its check sums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from atips_analysis.errors import FindingsError
from atips_analysis.release.pack_tables import PackTable, is_number, meaning_of
from atips_analysis.words import N_, in_all_languages

if TYPE_CHECKING:
    from frictionless import Resource, Schema

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
    commit: str = "unknown"
    made_with: Mapping[str, Any] = field(default_factory=dict)
    """Lock, Python, libraries and tools, as the manifest has them."""
    signed_by: Mapping[str, str] = field(default_factory=dict)
    """The fingerprint of each signing role's key; none where no keys are set up."""

    @property
    def date(self) -> str:
        return self.released.date().isoformat()


def datapackage(
    particulars: Particulars, tables: Sequence[PackTable], files: Mapping[str, bytes]
) -> bytes:
    """`datapackage.json` (Frictionless Data Package 1.0): a resource a table, with its schema.

    Raises FindingsError if the package is none: a name that is not allowed, a column that stands
    twice.
    """
    from frictionless import FrictionlessException, Package

    package = Package(
        profile="tabular-data-package",
        name=particulars.name,
        title=particulars.title,
        description=particulars.description,
        version=f"{particulars.year}.{particulars.version}.0",
        created=particulars.released.strftime("%Y-%m-%dT%H:%M:%SZ"),
        keywords=[*in_all_languages(N_("trafficking in persons")).values(), particulars.country],
        resources=[_resource(particulars, table, files) for table in tables],
    )
    content = package.to_descriptor()
    try:
        Package.from_descriptor(content)
    except FrictionlessException as error:
        fault = (error.reasons or [error.error])[0]
        raise FindingsError(f"datapackage.json: {fault.note}; nothing was released") from error
    return _json(content)


def _resource(particulars: Particulars, table: PackTable, files: Mapping[str, bytes]) -> Resource:
    from frictionless import Resource

    simulated = particulars.simulated and "source" in table.frame
    mark = " (simulated records)" if simulated else ""
    statement = f"SIMULATED RECORDS: no figure of {particulars.country}." if simulated else ""
    path = table.file_name(simulated=particulars.simulated)
    return Resource(
        profile="tabular-data-resource",
        name=table.name.lower(),
        title=f"{table.title}{mark}",
        description=" ".join(part for part in (statement, table.other_titles, table.note) if part),
        path=path,
        format="csv",
        mediatype=MEDIA_TYPES["csv"],
        encoding="utf-8",
        bytes=len(files[path]),
        hash=f"sha256:{sha256(files[path])}",
        schema=_schema(table),
    )


def _schema(table: PackTable) -> Schema:
    from frictionless import Schema, fields

    return Schema(
        fields=[
            (fields.NumberField if is_number(column) else fields.StringField)(
                name=column, description=meaning_of(column)
            )
            for column in map(str, table.frame.columns)
        ],
        missing_values=[""],
    )


def ro_crate(
    particulars: Particulars, files: Mapping[str, bytes], ledger: Sequence[str] = ()
) -> bytes:
    """`ro-crate-metadata.json` after RO-Crate 1.1: what is in the pack and what made it.

    1.1 is what repositories read today. Its context has no word for a check sum, which later
    versions take from schema.org; the crate brings that word along. Files of the `ledger` are named
    alone: they name the crate by its check sum.
    """
    from rocrate.model import ContextEntity, SoftwareApplication
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version="1.1")
    crate.metadata.extra_terms["sha256"] = "http://schema.org/sha256"

    def described(entity: str, kind: str, **properties: Any) -> ContextEntity:
        return crate.add(ContextEntity(crate, entity, properties={"@type": kind, **properties}))

    root = crate.root_dataset
    crate.name, crate.description = particulars.title, particulars.description
    crate.datePublished = particulars.date
    root["version"] = str(particulars.version)
    root["temporalCoverage"] = str(particulars.year)
    crate.license = described(
        "#licence",
        "CreativeWork",
        name="No licence stated",
        description="The issuing body has not stated a licence; name the source when quoting.",
    )
    root["spatialCoverage"] = described("#country", "Place", name=particulars.country)
    if particulars.issuing_body:
        crate.publisher = described("#issuing-body", "Organization", name=particulars.issuing_body)
    told = {
        "name": "atips-analysis",
        "version": particulars.software,
        "softwareVersion": f"{particulars.software}, commit {particulars.commit}",
    }
    software = crate.add(SoftwareApplication(crate, "#atips-analysis", told))
    software["softwareRequirements"] = [
        crate.add(SoftwareApplication(crate, f"#{name}", {"name": name, "version": version}))
        for name, version in _required(particulars.made_with)
    ]
    root["mentions"] = crate.add_action(
        software,
        "#release",
        described(
            "#edition",
            "Dataset",
            name=f"Edition {particulars.edition} of the data bank",
            description="Confidential; named so that a result can be traced by those who keep it."
            + (" Its records are simulated." if particulars.simulated else ""),
        ),
        root,
        {
            "name": f"Release {particulars.year}, version {particulars.version}",
            "endTime": particulars.date,
        },
    )
    for name in sorted({*files, *ledger}):
        kind = MEDIA_TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")
        told = {"encodingFormat": kind}
        if name in files:
            told |= {"contentSize": str(len(files[name])), "sha256": sha256(files[name])}
        crate.add_file(dest_path=name, properties=told)
    return _json(crate.metadata.generate())


def _required(made_with: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Python, the tools and the libraries, and the lock by its hash: names and versions."""
    if not made_with:
        return []
    first = [("Python", made_with["python"]), *made_with["tools"].items()]
    locked = ("requirements.lock", f"sha256:{made_with['lock']}")
    rest = [one for one in made_with["libraries"].items() if one[0] not in made_with["tools"]]
    return [*first, *rest, locked]


def check_sums(files: Mapping[str, bytes]) -> bytes:
    """A line a file, as `sha256sum --check` reads it."""
    lines = [f"{sha256(files[name])}  {name}\n" for name in sorted(files)]
    return "".join(lines).encode("utf-8")


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8")
