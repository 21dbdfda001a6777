"""The table of indicators in SDMX: data as SDMX-CSV 2.0, structure as SDMX-JSON 2.0.

Formats: SDMX Technical Working Group, sdmx-csv v2.0.0 and sdmx-json structure message v2.0.0
(both SDMX 3.0, 2021). OBS_STATUS and CONF_STATUS use the codes of the SDMX cross-domain lists
CL_OBS_STATUS 2.2 and CL_CONF_STATUS 1.3; confidentiality follows the house's cell_status list.

Written here and read by `pysdmx` in the tests: its models hold a name in one language, so that its
writer (1.21) dropped all 268 Spanish names of the example's structure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pandas as pd

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.files import csv_text
from atips_analysis.pages.region import AREA, REGION
from atips_analysis.pages.tidy import STATISTICS, Tidy
from atips_analysis.words import N_, in_all_languages, languages
from atips_analysis.words.catalogues import SOURCE

CONCEPTS = "CS_TIP"
TABLE, REGIONAL = "TIP_INDICATORS", "TIP_COALITION"
"""What a country's dataflow and structure are called, and those of several countries."""
NOT_APPLICABLE = "_Z"
TOTAL = "_T"
OBS_STATUS = {
    "OK": "A",
    "Z": "A",
    "R": "A",
    "PV": "P",
    "E": "E",
    "C": "Q",
    "M": "O",
    "NC": "L",
    "NAP": "M",
}
OBS_STATUS_LABELS = (
    ("A", N_("Normal value")),
    ("E", N_("Estimated value")),
    ("L", N_("Missing value; data exist but were not collected")),
    ("M", N_("Missing value; data cannot exist")),
    ("O", N_("Missing value")),
    ("P", N_("Provisional value")),
    ("Q", N_("Missing value; suppressed")),
)
CONF_STATUS_LABELS = (
    ("F", N_("Free (free for publication)")),
    ("C", N_("Confidential statistical information")),
)
Item = tuple[str, Mapping[str, str]]
"""A code with its names by language."""

FIRST = ("INDICATOR", "UNIT_OF_COUNT", "STATISTIC")
ATTRIBUTES = (
    ("OBS_STATUS", "CL_OBS_STATUS"),
    ("CONF_STATUS", "CL_CONF_STATUS"),
    ("NUMERATOR", "Double"),
    ("DENOMINATOR", "Double"),
    ("CI_LOW", "Double"),
    ("CI_HIGH", "Double"),
    ("LOW", "Double"),
    ("HIGH", "Double"),
    ("METHOD", "String"),
    ("SOURCE", "String"),
    ("VINTAGE", "String"),
    ("NOTE", "String"),
)
TYPES = ("Double", "String")


@dataclass(frozen=True)
class Artefacts:
    """How the structure's parts are named, and which `agency` maintains them: those of a release never change, so it is their version.

    Invented records have a dataflow of their own, so that no database mixes them with real ones;
    and so has a table of several countries, whose series open with the country: `areas` names
    them by code and language.
    """

    year: int
    release: int
    simulated: bool
    agency: str
    areas: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def version(self) -> str:
        return f"{self.year}.{self.release}.0"

    @property
    def flow(self) -> str:
        return f"DF_{self._name}" + ("_SIMULATED" if self.simulated else "")

    @property
    def structure(self) -> str:
        return f"DSD_{self._name}"

    @property
    def _name(self) -> str:
        return REGIONAL if self.areas else TABLE

    @property
    def series(self) -> list[str]:
        """The dimensions, but for time."""
        own = [AREA.upper()] if self.areas else []
        return [*own, *FIRST, *(name.upper() for name in dimensions())]

    def artefact(self, name: str, title: str) -> dict[str, Any]:
        """A maintainable artefact without its content."""
        return {
            "id": name,
            "version": self.version,
            "agencyID": self.agency,
            "name": title,
            "names": {SOURCE: title},
        }

    def urn(self, kind: str, name: str, item: str = "") -> str:
        """The name that other parts refer to it by."""
        inside = f".{item}" if item else ""
        return f"urn:sdmx:org.sdmx.infomodel.{kind}={self.agency}:{name}({self.version}){inside}"

    def component(self, name: str) -> dict[str, Any]:
        return {"id": name, "conceptIdentity": self.urn("conceptscheme.Concept", CONCEPTS, name)}

    def enumeration(self, name: str) -> dict[str, Any]:
        return {"enumeration": self.urn("codelist.Codelist", name)}

    def codelist(
        self, name: str, title: str, items: Sequence[tuple[str, Mapping[str, str]]]
    ) -> dict[str, Any]:
        return self.artefact(name, title) | {"codes": [_item(*item) for item in items]}


def sdmx_csv(table: pd.DataFrame, artefacts: Artefacts) -> bytes:
    """The protected tidy table as an SDMX-CSV 2.0 data message.

    Parameters
    ----------
    table : DataFrame
        Texts, as in `indicators.csv`.
    artefacts : Artefacts
        Names the dataflow.
    """
    confidentiality = conf_status()
    head = ["STRUCTURE", "STRUCTURE_ID", "ACTION", *artefacts.series, "TIME_PERIOD", "OBS_VALUE"]
    lines: list[list[Any]] = [[*head, *(name for name, _ in ATTRIBUTES)]]
    for row in table.to_dict("records"):
        identity = [
            *([TOTAL if row[AREA] == REGION else row[AREA]] if artefacts.areas else []),
            row["indicator_id"],
            row["unit_of_count"] or NOT_APPLICABLE,
            (row["statistic"] or NOT_APPLICABLE).upper(),
            *(TOTAL if row[name] == "Total" else row[name] for name in dimensions()),
        ]
        rest = [row[name.lower()] for name, _ in ATTRIBUTES[2:]]
        status = str(row["status"])
        lines.append(
            [
                "dataflow",
                f"{artefacts.agency}:{artefacts.flow}({artefacts.version})",
                "I",
                *identity,
                time_period(str(row["period"])),
                row["value"],
                OBS_STATUS[status],
                confidentiality[status],
                *rest,
            ]
        )
    return csv_text(lines).encode("utf-8")


def time_period(period: str) -> str:
    """A period as SDMX writes it: a year as it is, years together as a time range."""
    first, _, last = period.partition("-")
    if last.isdigit() and len(last) == 4:
        return f"{first}-01-01/P{int(last) - int(first) + 1}Y"
    if last[:1] == "H":
        return f"{first}-S{last[1:]}"
    return period


def conf_status() -> dict[str, str]:
    """CONF_STATUS of each public status, from the code list `cell_status`."""
    table = load_codebook().codelist("cell_status").table
    codes = dict(zip(table["code"], table["sdmx_conf_status"], strict=True))
    return {status: codes[status] for status in OBS_STATUS}


def structure_message(
    table: pd.DataFrame, tidy: Tidy, artefacts: Artefacts, prepared: datetime
) -> bytes:
    """The dataflow, its structure, concepts and code lists as an SDMX-JSON 2.0 message."""
    names = {
        indicator.id: {lang: indicator.name(lang) for lang in languages()}
        for indicator in tidy.indicators
    }
    lists = [
        *([_areas(artefacts)] if artefacts.areas else []),
        artefacts.codelist(
            "CL_INDICATOR", "Indicators", [(k, names[k]) for k in _used(table, "indicator_id")]
        ),
        artefacts.codelist("CL_UNIT_OF_COUNT", "Units of count", [*_units(table), _nothing()]),
        artefacts.codelist("CL_STATISTIC", "Statistics", [*_statistics(table), _nothing()]),
        *[_dimension_list(table, tidy, artefacts, name) for name in dimensions()],
        artefacts.codelist("CL_OBS_STATUS", "Observation status", _items_of(OBS_STATUS_LABELS)),
        artefacts.codelist(
            "CL_CONF_STATUS", "Confidentiality status", _items_of(CONF_STATUS_LABELS)
        ),
    ]
    concepts = [*artefacts.series, "TIME_PERIOD", "OBS_VALUE"]
    concepts += [name for name, _ in ATTRIBUTES]
    content = {
        "meta": {
            "schema": "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/sdmx-json-structure-schema.json",
            "id": f"{artefacts.flow}-{tidy.about['edition']}",
            "test": artefacts.simulated,
            "prepared": prepared.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "contentLanguages": list(languages()),
            "sender": {"id": "SIMULATED" if artefacts.simulated else artefacts.agency},
        },
        "data": {
            "dataflows": [
                artefacts.artefact(artefacts.flow, _title(tidy))
                | {"structure": artefacts.urn("datastructure.DataStructure", artefacts.structure)}
            ],
            "dataStructures": [_data_structure(artefacts)],
            "conceptSchemes": [
                artefacts.artefact(CONCEPTS, "Concepts of the indicators")
                | {"concepts": [_concept(name) for name in concepts]}
            ],
            "codelists": lists,
        },
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _data_structure(artefacts: Artefacts) -> dict[str, Any]:
    series = [
        artefacts.component(name)
        | {"position": position, "localRepresentation": artefacts.enumeration(f"CL_{name}")}
        for position, name in enumerate(artefacts.series, start=1)
    ]
    attributes = [
        artefacts.component(name)
        | {
            "usage": "mandatory" if representation.endswith("STATUS") else "optional",
            "attributeRelationship": {"observation": {}},
            "localRepresentation": {"format": {"dataType": representation}}
            if representation in TYPES
            else artefacts.enumeration(representation),
        }
        for name, representation in ATTRIBUTES
    ]
    time = artefacts.component("TIME_PERIOD") | {
        "localRepresentation": {"format": {"dataType": "ObservationalTimePeriod"}}
    }
    value = artefacts.component("OBS_VALUE") | {
        "usage": "optional",
        "localRepresentation": {"format": {"dataType": "Double"}},
    }
    return artefacts.artefact(artefacts.structure, "Structure of the indicators") | {
        "dataStructureComponents": {
            "dimensionList": {
                "id": "DimensionDescriptor",
                "dimensions": series,
                "timeDimension": time,
            },
            "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
            "measureList": {"id": "MeasureDescriptor", "measures": [value]},
        }
    }


def _areas(artefacts: Artefacts) -> dict[str, Any]:
    added_up = (TOTAL, in_all_languages(N_("Added up")))
    return artefacts.codelist("CL_REF_AREA", "Countries", [added_up, *artefacts.areas.items()])


def _dimension_list(
    table: pd.DataFrame, tidy: Tidy, artefacts: Artefacts, name: str
) -> dict[str, Any]:
    spoken = {lang: replace(tidy, lang=lang) for lang in languages()}
    items = [
        (code, {lang: of.label(name, code) for lang, of in spoken.items()})
        for code in _used(table, name)
        if code != "Total"
    ]
    title = _spoken(name.upper())
    return artefacts.codelist(
        f"CL_{name.upper()}", title, [(TOTAL, in_all_languages("Total")), *items]
    )


def _units(table: pd.DataFrame) -> list[Item]:
    units = load_codebook().codelist("unit_of_count")
    return [
        (code, {lang: units.label(code, lang) for lang in languages()})
        for code in _used(table, "unit_of_count")
        if code
    ]


def _statistics(table: pd.DataFrame) -> list[Item]:
    return [(name.upper(), _statistic(name)) for name in _used(table, "statistic") if name]


def _statistic(name: str) -> dict[str, str]:
    """What a statistic is called: in English its own name."""
    english = name.capitalize()
    if name not in STATISTICS:
        return dict.fromkeys(languages(), name) | {SOURCE: english}
    return in_all_languages(STATISTICS[name], context="statistic") | {SOURCE: english}


def _items_of(items: Sequence[tuple[str, str]]) -> list[Item]:
    return [(code, in_all_languages(label)) for code, label in items]


def _used(table: pd.DataFrame, column: str) -> list[str]:
    return sorted(set(table[column]))


def _nothing() -> Item:
    return NOT_APPLICABLE, in_all_languages(N_("Not applicable"))


def _item(name: str, names: Mapping[str, str]) -> dict[str, Any]:
    return {"id": name, "name": names[SOURCE], "names": dict(names)}


def _concept(name: str) -> dict[str, Any]:
    own = load_codebook().dimensions.get(name.lower())
    if own is None:
        return {"id": name, "name": _spoken(name), "names": {SOURCE: _spoken(name)}}
    return _item(name, {lang: _spoken(own.label(lang)) for lang in languages()})


def _spoken(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _title(tidy: Tidy) -> str:
    mark = "SIMULATED RECORDS: " if tidy.simulated else ""
    return f"{mark}Indicators of trafficking in persons"
