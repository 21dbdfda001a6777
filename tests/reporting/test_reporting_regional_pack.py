"""The regional pack: the same tables in two languages, from the protected table alone."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import dimensions
from atips_analysis.framework import load_indicators
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.place import narrow, wide_columns
from atips_analysis.indicators.table import write_table
from atips_analysis.pages.tidy import Tidy
from atips_analysis.project import find_project
from atips_analysis.reporting import page, regional_pack
from atips_analysis.words.catalogues import catalogue_file, read_catalogue
from atips_analysis.words.terminology import forbidden_in

PROJECT = find_project(Path(__file__).parent)
CHAPTERS = [
    "front_matter",
    "about",
    "key_figures",
    "side_by_side",
    "victims",
    "sustainable_development",
    "glotip",
    "justice",
    "protection",
    "classification",
    "benchmarks",
    "hidden",
    "definitions",
    "reading",
]
IDENTIFIER = re.compile(r"\{#([a-z]+-[a-z-]+)")


def row(indicator_id: str, unit: str, period: str, value: float | None, **more: object) -> dict:
    asked = parse_period(period)
    return (
        dict.fromkeys(dimensions(), "Total")
        | {
            "indicator_id": indicator_id,
            "unit_of_count": unit,
            "statistic": "count",
            "period": period,
            "period_start": asked.start_date,
            "period_end": asked.end_date,
            "value": value,
            "status": "C" if value is None else "OK" if value else "Z",
            "source": "simulated",
            "vintage": "0123456789ab",
        }
        | more
    )


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    rows = []
    for period, cases in (("2021", 11), ("2022", 13), ("2023", 19), ("2024", 1234)):
        rows.append(row("PROS-01", "CASE", period, cases))
    for period in ("2021", "2022", "2023", "2024", "2021-2023"):
        rows.append(row("PROT-01", "VICTIM", period, None))
        for status in ("POTENTIAL", "CONFIRMED"):
            rows.append(row("PROT-01", "VICTIM", period, None, status_of_victim=status))
        rate = {"statistic": "rate", "numerator": 6, "denominator": 417000}
        rows.append(row("PROT-02", "VICTIM", period, 1.44, **rate))
    rows.append(row("PROT-02", "VICTIM", "2021-2023", 2.67, age_group="CHILD", **rate))
    table = pd.DataFrame(rows, columns=list(wide_columns()))
    numbers = ["value", "numerator", "denominator", "ci_low", "ci_high"]
    table[numbers] = table[numbers].astype("Float64")
    table[["method", "note"]] = table[["method", "note"]].fillna("")
    folder = tmp_path_factory.mktemp("public")
    write_table(narrow(table), folder / "indicators.csv")
    about = {
        "edition": "0123456789ab",
        "simulated": True,
        "year": 2024,
        "baseline": "2021-2023",
        "version": "0",
    }
    (folder / "build.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def said(inputs, tmp_path_factory):
    """The Markdown of the whole pack in a language, made once a language."""

    @cache
    def say(lang: str) -> str:
        parts: list[str] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(tmp_path_factory.mktemp(lang))
            patch.setattr(page, "_show", parts.append)
            pack = regional_pack.open_pack(inputs, PROJECT.root, 2024, "2021-2023", lang)
            for chapter in CHAPTERS:
                getattr(regional_pack, chapter)(pack)
        return "\n\n".join(parts)

    return say


def test_both_languages_have_the_same_sections_tables_and_figures(said):
    assert IDENTIFIER.findall(said("en")) == IDENTIFIER.findall(said("es"))


def test_the_spanish_pack_says_no_forbidden_word(said):
    assert not list(forbidden_in(said("es"), "es"))


def test_the_spanish_pack_leaves_no_message_in_english(said):
    spanish = said("es")
    said_in = {str(entry.id): entry.locations for entry in read_catalogue(catalogue_file("es"))}
    long = [
        message
        for message, places in said_in.items()
        if len(message) > 25 and "{" not in message and "regional_pack" in str(places)
    ]
    assert len(long) > 10
    assert not [message for message in long if message in spanish]


def test_the_notebook_runs_every_chapter_that_is_tested_here():
    notebook = (PROJECT.notebooks / "regional-pack.ipynb").read_text(encoding="utf-8")
    assert re.findall(r"regional_pack\.(?!open_pack)(\w+)\(", notebook) == CHAPTERS


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_hidden_number_is_a_mark_and_numbers_are_written_as_in_the_region(said, lang):
    text = said(lang)
    assert "- **c** " in text
    assert "- **1,234** " in text
    assert "1.44" in text


def test_it_says_that_it_is_a_proposal_and_that_codes_are_not_verified(said):
    english, spanish = said("en"), said("es")
    assert "It is a proposal" in english and "Conformity of the codes is not verified" in english
    assert "Es una propuesta" in spanish
    assert "La conformidad de los códigos no está verificada" in spanish


def test_the_cover_says_its_years_in_its_language(said):
    assert 'period: "2021–2023 and 2024"' in said("en")
    assert 'period: "2021–2023 y 2024"' in said("es")


def test_simulated_records_are_said_to_be_so(said):
    assert "Simulated records" in said("en")
    assert "Registros simulados" in said("es")


def test_statuses_of_victims_stand_apart(said):
    table = said("es").split("{#tbl-status}")[0].rsplit("\n\n", 2)[1]
    assert "Víctima confirmada" in table and "Víctima potencial" in table


def test_a_part_that_others_published_makes_no_zeros_of_the_others():
    rows = [
        row("PROS-03", "SUSPECT", "2021", None),
        row("PROS-03", "SUSPECT", "2021", 0, age_group="CHILD"),
        row("PROS-03", "SUSPECT", "2024", 8),
        row("PROS-03", "SUSPECT", "2024", 8, age_group="ADULT"),
    ]
    tidy = Tidy(pd.DataFrame(rows), load_indicators(PROJECT), {})
    asked = {"unit": "SUSPECT", "statistic": "count"}
    assert tidy.cell("PROS-03", 2021, age_group="ADULT", **asked).status == "C"
    assert tidy.cell("PROS-03", 2021, age_group="CHILD", **asked).status == "Z"
    assert tidy.cell("PROS-03", 2024, age_group="CHILD", **asked).status == "Z"


def test_categories_stand_in_the_order_of_their_code_list_and_the_unknown_last():
    tidy = Tidy(pd.DataFrame(), (), {}, "es")
    assert tidy.in_order("sex", ["U", "M", "F"]) == ["F", "M", "U"]
    assert tidy.in_order("stage", ["AWAIT_TRIAL", "CONTACT", "MAGISTRATE"])[0] == "CONTACT"
