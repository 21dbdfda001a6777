"""The terms that matter most name where their Spanish comes from, and how that is known."""

from __future__ import annotations

import csv
from pathlib import Path

from atips_analysis.framework.reference_sheet import load_terms
from atips_analysis.project import find_project

PROJECT = find_project(Path(__file__).parent)
NO_SOURCE = "no source found"
EVIDENCE = {"read", "recalled", "none"}
"""Read in the source or in a page that quotes it; known by heart and to be verified; not found."""


def terms() -> list[dict[str, str]]:
    with (PROJECT.framework / "terms.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_sixty_terms_and_more_name_a_source():
    named = [one for one in terms() if one["source"] and one["source"] != NO_SOURCE]
    assert len(named) >= 60


def test_each_source_says_how_it_is_known_and_where_none_was_found_that_is_said():
    for one in terms():
        assert bool(one["source"]) == bool(one["evidence"]), one["en"]
        if one["source"]:
            assert one["evidence"] in EVIDENCE, one["en"]
            assert (one["evidence"] == "none") == (one["source"] == NO_SOURCE), one["en"]


def test_a_source_is_named_with_its_place_in_it():
    for one in terms():
        if "Protocolo" in one["source"] or "Convención" in one["source"]:
            assert "artículo" in one["source"] or "preámbulo" in one["source"], one["en"]


def test_trafficking_is_trata_and_smuggling_is_trafico_ilicito():
    words = load_terms(PROJECT.framework, "es")
    assert words["trafficking in persons"] == "trata de personas"
    assert words["smuggling of migrants"] == "tráfico ilícito de migrantes"
