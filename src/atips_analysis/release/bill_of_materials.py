"""The software bill of materials of a pack: CycloneDX 1.6 as JSON, without clock or chance.

Its components are the locked packages, in the versions that the release was made with, and the
programs that rendered it. A library that was not as locked is listed as it was.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.utils import canonicalize_name

from atips_analysis.build.made_with import PACKAGE, pins

SBOM = "sbom.cdx.json"


def bill_of_materials(version: str, commit: str, made_with: Mapping[str, Any]) -> bytes:
    """The bill for a release that was made with this software (`made_with` of its manifest).

    The serial number is made of the content (RFC 9562, version 5), so that the same software has
    the same bill.
    """
    components = [*_libraries(made_with), *_programs(made_with)]
    content = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                **_component("application", PACKAGE, version, f"pkg:pypi/{PACKAGE}@{version}"),
                "properties": [
                    {"name": "atips:commit", "value": commit},
                    {"name": "atips:requirements.lock:sha256", "value": made_with["lock"]},
                ],
            }
        },
        "components": sorted(components, key=lambda one: str(one["bom-ref"])),
    }
    written = json.dumps(content, sort_keys=True, separators=(",", ":"))
    serial = uuid.uuid5(uuid.NAMESPACE_OID, written)
    whole = {**content, "serialNumber": f"urn:uuid:{serial}"}
    return (json.dumps(whole, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _libraries(made_with: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The pins of the lock; a library that differs from all of its pins takes their place."""
    as_it_was = dict(one.rsplit(" ", 1) for one in made_with["not_as_locked"])
    for name, version in as_it_was.items():
        note = {"name": "atips:lock", "value": "not as locked"}
        yield {**_library(name, version), "properties": [note]}
    for name, version, marker, _hashes in pins():
        if canonicalize_name(name) not in as_it_was:
            where = [{"name": "atips:lock:marker", "value": marker}] if marker else []
            yield {**_library(name, version), **({"properties": where} if where else {})}


def _library(name: str, version: str) -> dict[str, Any]:
    return _component("library", name, version, f"pkg:pypi/{canonicalize_name(name)}@{version}")


def _programs(made_with: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    programs = {"python": made_with["python"], **made_with["tools"]}
    for name, version in programs.items():
        yield _component("application", name, version, f"pkg:generic/{name}@{version}")


def _component(kind: str, name: str, version: str, purl: str) -> dict[str, Any]:
    return {"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl}
