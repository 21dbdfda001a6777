"""The codebook's tables agree with one another, and with how people write."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import (
    code_dictionary,
    dictionary,
    fold,
    load_codebook,
    read_council_table,
    words,
)
from atips_analysis.codebook.loader import HERE, read_table
from atips_analysis.project import find_project

CODEBOOK = load_codebook()
COUNCIL = ("codelist", "spelling", "code")
VALUES = pd.concat(
    [
        read_table(HERE / "synonyms" / "values.csv"),
        read_council_table(find_project(Path(__file__).parent), "spellings", COUNCIL),
    ]
)
"""Spellings of the package, and of the country that the repository holds."""
HEADERS = read_table(HERE / "synonyms" / "headers.csv")
STREAMS = read_table(HERE / "synonyms" / "streams.csv")
COLUMNS = read_table(HERE / "columns.csv")
USED = sorted(set(COLUMNS["codelist"]) - {""})


@pytest.mark.parametrize(
    ("codelist", "text", "code"),
    [
        ("sex", "f", "F"),
        ("sex", "Mujer", "F"),
        ("sex", "FEMENINO", "F"),
        ("sex", "girl", "F"),
        ("sex", "varón", "M"),
        ("country_iso3", "Guatemalan", "GTM"),
        ("country_iso3", "GT", "GTM"),
        ("country_iso3", "guatemalteca", "GTM"),
        ("country_iso3", "Honduranian", "HND"),
        ("country_iso3", "hondureño", "HND"),
        ("country_iso3", "Beliceña", "BLZ"),
        ("country_iso3", "Peruvian", "PER"),
        ("country_iso3", "trinitense", "TTO"),
        ("country_iso3", "Taiwanese", "TWN"),
        ("country_iso3", "Filipina", "PHL"),
        ("country_iso3", "BZE", "BLZ"),
        ("country_iso3", "U.S.A.", "USA"),
        ("district", "Cayo", "CY"),
        ("district", "Cy", "CY"),
        ("district", "O. Walk", "OW"),
        ("form_of_exploitation", "CSEC", "SEX_CSEC"),
        ("form_of_exploitation", "ESCNNA", "SEX_CSEC"),
        ("form_of_exploitation", "forced labor", "LAB_SECTOR"),
        ("form_of_exploitation", "Labour trafficking", "LAB_SECTOR"),
        ("form_of_exploitation", "sex trafficking", "SEX"),
        ("source_agency", "policía", "BPD_ATIPS"),
        ("source_agency", "Desarrollo Humano", "DHS"),
        ("status_decision_authority", "human services", "DHS"),
        ("age_group", "18+", "ADULT"),
        ("age_group", "< 18", "CHILD"),
        ("yes_no", "Sí", "yes"),
        ("yes_no", "✓", "yes"),
        ("yes_no", "X", "yes"),
        ("yes_no", "0", "no"),
        ("economic_sector", "Not known", "UNK"),
        ("sex", "?", "U"),
        ("inspection_finding", "None", "NONE"),
    ],
)
def test_what_people_write_is_understood(codelist, text, code):
    assert CODEBOOK.code_of(codelist, text) == code


@pytest.mark.parametrize(
    ("codelist", "text"),
    [("sex", "femael"), ("age_group", "18"), ("country_iso3", "Guatemal"), ("district", "C")],
)
def test_a_value_that_is_not_listed_is_never_guessed(codelist, text):
    assert CODEBOOK.code_of(codelist, text) is None


def test_the_countries_are_those_of_iso_3166_and_each_has_a_group_that_may_be_published():
    countries = CODEBOOK.codelist("country_iso3").table
    official = countries[countries["iso2"] != ""]
    assert len(official) == 249
    assert official["iso2"].is_unique and official["code"].is_unique
    groups = set(CODEBOOK.codelist("citizenship_group").codes)
    assert set(countries["citizenship_group"]) == groups


def test_the_groups_of_countries_agree_with_those_their_list_names():
    of = CODEBOOK.codelist("country_iso3").attribute("citizenship_group")
    for row in CODEBOOK.codelist("citizenship_group").table.itertuples():
        for word in row.iso3166_alpha3.split():
            if word in of:
                assert of[word] == row.code, word


def test_every_spelling_leads_to_a_code_of_its_list():
    known = {name: set(codelist.table["code"]) for name, codelist in CODEBOOK.codelists.items()}
    known["yes_no"] = {"yes", "no"}
    known["*"] = {"unknown"}
    for row in VALUES.itertuples():
        assert row.code in known[row.codelist], row


def test_no_spelling_means_two_codes_of_a_list():
    meanings = defaultdict(set)
    for name, codelist in CODEBOOK.codelists.items():
        for row in codelist.table.to_dict("records"):
            for attribute in ("code", "label_en", "label_es"):
                meanings[name, fold(row[attribute])].add(row["code"])
    for row in VALUES.itertuples():
        meanings[row.codelist, fold(row.spelling)].add(row.code)
    doubtful = {key: codes for key, codes in meanings.items() if len(codes) > 1}
    assert doubtful == {}


def test_every_code_of_a_list_in_use_has_two_labels_and_a_spelling_beside_them():
    for name in USED:
        table = CODEBOOK.codelist(name).table
        assert (table["label_en"] != "").all() and (table["label_es"] != "").all(), name
        assert table["code"].is_unique, name
        for code in CODEBOOK.codelist(name).codes:
            for text in (code, *table.loc[table["code"] == code, ["label_en", "label_es"]].iloc[0]):
                assert CODEBOOK.code_of(name, text) == code, (name, text)


def test_every_list_in_use_that_has_synonyms_is_named_as_it_is():
    assert set(VALUES["codelist"]) <= {*CODEBOOK.codelists, "yes_no", "*"}
    assert set(USED) - set(VALUES["codelist"]) == set()


def test_every_header_spelling_leads_to_a_column_and_to_one_only():
    streams = CODEBOOK.streams
    meanings = defaultdict(set)
    for row in HEADERS.itertuples():
        own = [row.stream] if row.stream else list(streams)
        holders = [name for name in own if row.column in {c.name for c in streams[name].columns}]
        assert holders, row
        meanings[row.stream, fold(row.spelling)].add(row.column)
    assert {key: names for key, names in meanings.items() if len(names) > 1} == {}


def test_labels_tell_the_columns_of_a_stream_apart_in_both_languages():
    for stream in CODEBOOK.streams.values():
        for lang in ("en", "es"):
            labels = [fold(column.label(lang)) for column in stream.columns]
            assert len(set(labels)) == len(labels), stream.name
            assert all(labels)
        for column in stream.columns:
            for text in (column.name, *column.labels.values()):
                match = CODEBOOK.column_of(stream.name, text)
                assert match is not None and match.column == column.name, (stream.name, text)


def test_stream_spellings_lead_to_streams_and_to_one_only():
    meanings = defaultdict(set)
    for spelling, stream in CODEBOOK.stream_spellings:
        assert stream in CODEBOOK.streams
        meanings[fold(spelling)].add(stream)
    assert {text: names for text, names in meanings.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    ("stream", "header", "column", "how"),
    [
        ("victims", "victim_id", "victim_id", "exact"),
        ("victims", "Ciudadanía", "citizenship", "label"),
        ("victims", "Nationality", "citizenship", "synonym"),
        ("trainings", "No. of participants", "participants", "synonym"),
    ],
)
def test_headers_are_known_by_name_label_or_synonym(stream, header, column, how):
    match = CODEBOOK.column_of(stream, header)
    assert (match.column, match.how) == (column, how)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Citizenshp", "citizenship"),
        ("Natonality", "citizenship"),
        ("Consent statistcs", "consent_statistics"),
    ],
)
def test_a_near_spelling_of_a_header_is_recognised(header, column):
    assert CODEBOOK.column_of("victims", header) is None
    assert CODEBOOK.column_near("victims", header).column == column


@pytest.mark.parametrize(
    "header", ["Colour", "Weight", "Victim name", "Sx", "Passport", "Age of recruiter"]
)
def test_a_header_that_is_only_somewhat_like_a_column_is_not(header):
    assert CODEBOOK.column_near("victims", header) is None


def test_every_coded_column_has_a_list_and_every_other_has_none():
    for stream in CODEBOOK.streams.values():
        for column in stream.columns:
            assert bool(column.codelist) == (column.type in ("code", "codes")), column
            if column.codelist:
                assert column.codelist in CODEBOOK.codelists


def test_every_column_is_explained_in_both_languages():
    assert (COLUMNS["label_en"] != "").all() and (COLUMNS["label_es"] != "").all()
    assert (COLUMNS["help_en"] != "").all() and (COLUMNS["help_es"] != "").all()


def test_the_crosswalk_names_lists_that_exist_and_all_four_entities():
    crosswalk = CODEBOOK.crosswalk
    assert set(crosswalk["ictip_entity"]) == {
        "TIP event",
        "Victim",
        "Perpetrator",
        "Reporting entity",
    }
    lists = {name for cell in crosswalk["code_list"] for name in cell.split()}
    assert lists <= set(CODEBOOK.codelists)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_dictionary_has_a_row_a_column_and_nothing_blank_that_matters(lang):
    table = dictionary(CODEBOOK, lang)
    assert len(table) == len(COLUMNS)
    for name in ("stream_label", "label", "type", "required", "sensitivity", "help"):
        assert (table[name] != "").all(), name
    assert (code_dictionary(CODEBOOK, lang)["label"] != "").all()


def test_signs_that_change_the_meaning_are_kept_apart():
    assert fold("18+") != fold("18") and fold("<18") != fold(">18")
    assert fold("Stann-Creek ") == fold("STANN CREEK") == fold("stanncreek")
    assert words("dateOfBirth") == words("date_of_birth") == ("date", "of", "birth")


def test_the_codes_na_and_none_are_text_in_the_lists():
    assert "NONE" in CODEBOOK.codelist("shelter_type").codes
    assert CODEBOOK.codelist("country_iso3").table["iso2"].isin(["NI"]).any()
    assert not CODEBOOK.codelist("missing_value").table.isna().any().any()


def test_every_list_of_a_victims_characteristics_can_say_unknown():
    for name in ("sex", "age_group", "citizenship", "form", "country_of_exploitation"):
        column = CODEBOOK.stream("victims").column(name)
        assert CODEBOOK.unknown_code(column.codelist) in CODEBOOK.codelist(column.codelist).codes
