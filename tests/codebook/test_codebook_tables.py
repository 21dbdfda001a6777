"""The loader, the dictionary and the spellings by small invented tables, and the signs one by one."""

from __future__ import annotations

import csv
from dataclasses import FrozenInstanceError
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import code_dictionary, dictionary, fold, load_codebook, words
from atips_analysis.codebook.dictionary import dimension_dictionary
from atips_analysis.codebook.dimension_table import dimensions_of
from atips_analysis.codebook.loader import CodeList
from atips_analysis.codebook.synonyms import (
    HeaderMatch,
    header_spellings,
    near_spelling,
    unknown_code,
    value_spellings,
)
from atips_analysis.errors import InputError

CODEBOOK = load_codebook()


def test_a_code_that_groups_others_and_the_total_of_sexes_are_no_code_of_a_row():
    table = pd.DataFrame({"code": ["A", "B"], "selectable": ["yes", "no"], "label_en": ["a", "b"]})
    assert CodeList("forms", table).codes == ("A",)
    sexes = pd.DataFrame({"code": ["F", "T"], "label_en": ["female", "total"]})
    assert CodeList("sex", sexes).codes == ("F",)
    assert CodeList("other", sexes).codes == ("F", "T")
    assert "T" in set(CODEBOOK.codelist("sex").table["code"])
    assert "T" not in CODEBOOK.codelist("sex").codes


def test_a_label_is_that_of_the_code_and_an_unknown_code_is_told_as_it_is():
    codelist = CODEBOOK.codelist("sex")
    assert codelist.label("F", "es") == codelist.labels("es")["F"] == "Mujer / femenino"
    assert codelist.label("nobody") == "nobody"
    with pytest.raises(
        InputError, match=r"codelists/sex.csv: no labels in language xx; add column"
    ):
        codelist.label("F", "xx")


def test_categories_have_their_labels_in_their_own_order():
    table = pd.DataFrame(
        {
            "dimension": ["stage", "other"],
            "codelists": "",
            "always_shown": "",
            "label_en": ["stage", "other"],
        }
    )
    categories = pd.DataFrame(
        {
            "dimension": ["stage", "stage", "other", "other"],
            "code": ["B", "A", "D", "C"],
            "label_en": ["second", "first", "fourth", "third"],
            "order": ["10", "9", "", ""],
        }
    )
    found = dimensions_of(table, {}, categories)
    assert found["stage"].order == ("A", "B"), "numbers are numbers"
    assert found["other"].order == ("D", "C"), "as they stand"
    assert found["stage"].category("B") == "second" and found["stage"].category("C") == "C"
    with pytest.raises(InputError, match=r"categories.csv: .*category A of dimension stage.* es"):
        found["stage"].category("A", "es")


def test_a_dimension_has_the_codes_that_rows_may_carry_and_then_its_own():
    table = pd.DataFrame(
        [("form", "forms; kinds", "A", "form", "forma")],
        columns=["dimension", "codelists", "always_shown", "label_en", "label_es"],
    )
    lists = {
        "forms": pd.DataFrame(
            [("A", "yes", "first", "primera"), ("B", "no", "group", "grupo")],
            columns=["code", "selectable", "label_en", "label_es"],
        ),
        "kinds": pd.DataFrame(
            [("A", "other", "otra"), ("C", "third", "tercera")],
            columns=["code", "label_en", "label_es"],
        ),
    }
    own = pd.DataFrame(
        [("form", "D", "own", "propia", "")],
        columns=["dimension", "code", "label_en", "label_es", "order"],
    )
    form = dimensions_of(table, lists, own)["form"]
    assert (form.order, form.own) == (("A", "C", "D"), ("D",))
    assert (form.codelists, form.always_shown) == (("forms", "kinds"), ("A",))
    assert (form.label("en"), form.label("es")) == ("form", "forma")
    said = {code: (form.category(code), form.category(code, "es")) for code in "ABCD"}
    assert said == {
        "A": ("first", "primera"),  # the first of two lists says it
        "B": ("group", "grupo"),
        "C": ("third", "tercera"),
        "D": ("own", "propia"),
    }


@pytest.mark.parametrize(("change", "says"), [
    ({"dimension": "kind"}, r"dimensions.csv, row 3: dimension 'kind' stands twice"),
    ({"dimension": "a b"}, r"dimensions.csv, row 3: dimension 'a b' is no name"),
    ({"label_es": " "}, r"dimensions.csv, row 3: dimension stage has no label_es"),
    ({"codelists": "none"}, r"dimensions.csv, row 3: .*the code list 'none', which is not there"),
    ({"always_shown": "A; Z"}, r"dimensions.csv, row 3: dimension stage has no category Z"),
    ({"dimension": "other"}, r"dimensions.csv, row 3: dimension other has no category; name its"),
])  # fmt: skip
def test_a_wrong_row_of_the_dimensions_is_named_with_its_number(change, says):
    rows = [
        {"dimension": name, "codelists": "", "always_shown": "A", "label_en": "a", "label_es": "b"}
        for name in ("kind", "stage")
    ]
    rows[1] |= {"always_shown": ""} | change
    own = [
        {"dimension": name, "code": "A", "label_en": "a", "label_es": "b", "order": ""}
        for name in ("kind", "stage")
    ]
    with pytest.raises(InputError, match=says):
        dimensions_of(pd.DataFrame(rows), {}, pd.DataFrame(own))


@pytest.mark.parametrize(("change", "says"), [
    ({"dimension": "other"}, r"categories.csv, row 3: other is no dimension"),
    ({"label_en": ""}, r"categories.csv, row 3: category B of kind has no label_en"),
])  # fmt: skip
def test_a_wrong_row_of_the_categories_is_named_with_its_number(change, says):
    table = pd.DataFrame(
        [
            {
                "dimension": "kind",
                "codelists": "",
                "always_shown": "",
                "label_en": "a",
                "label_es": "b",
            }
        ]
    )
    own = [
        {"dimension": "kind", "code": code, "label_en": "a", "label_es": "b", "order": ""}
        for code in "AB"
    ]
    own[1] |= change
    with pytest.raises(InputError, match=says):
        dimensions_of(table, {}, pd.DataFrame(own))


def test_streams_of_persons_are_protected_as_such():
    about = {name for name, stream in CODEBOOK.streams.items() if stream.about_persons}
    assert about == {
        "victims",
        "suspects",
        "charges",
        "services",
        "referrals",
        "screenings",
        "counts",
    }


def test_every_column_is_as_its_row_of_the_table_says():
    path = Path(load_codebook.__code__.co_filename).parent / "columns.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {
        (stream.name, column.name): column
        for stream in CODEBOOK.streams.values()
        for column in stream.columns
    }
    assert list(columns) == [(row["stream"], row["column"]) for row in rows]
    for row in rows:
        column = columns[row["stream"], row["column"]]
        assert column.stream == row["stream"]
        assert (column.required, column.key) == (row["required"] == "yes", row["key"] == "yes")
        told = (column.type, column.codelist, column.sensitivity, column.maps_to)
        assert told == tuple(row[name] for name in ("type", "codelist", "sensitivity", "maps_to"))
        assert column.label_en == column.label() == row["label_en"]
        assert column.label("es") == row["label_es"]
        assert column.help("es") == row["help_es"].replace("{case_prefix}", CODEBOOK.case_prefix)
    for stream in CODEBOOK.streams.values():
        assert stream.key == tuple(column.name for column in stream.columns if column.key)


@pytest.mark.parametrize(("asked", "says"), [
    (lambda: CODEBOOK.stream("victims").label("xx"), "label of stream victims"),
    (lambda: CODEBOOK.stream("victims").column("sex").label("xx"), "label of column sex"),
    (lambda: CODEBOOK.stream("victims").column("sex").help("xx"), "help of column sex"),
    (lambda: CODEBOOK.dimension("sex").label("xx"), "label of dimension sex"),
])  # fmt: skip
def test_words_in_a_language_that_is_not_there_are_missed_in_their_table(asked, says):
    with pytest.raises(InputError, match=rf"(columns|streams|dimensions)\.csv: .*{says}.*xx"):
        asked()


def test_no_list_has_a_blank_that_is_no_text():
    for codelist in CODEBOOK.codelists.values():
        assert not codelist.table.isna().any(axis=None), codelist.name
        assert codelist.table["code"].is_unique and "" not in set(codelist.table["code"])
        assert list(codelist.table.index) == list(range(len(codelist.table)))


def test_the_code_of_a_case_has_its_countrys_prefix_a_year_and_a_number():
    assert CODEBOOK.case_pattern == rf"^{CODEBOOK.case_prefix}-\d{{4}}-\d{{4,}}$"


def test_the_dictionary_of_dimensions_says_their_lists_and_what_these_lack():
    table = dimension_dictionary(CODEBOOK, "es").set_index("dimension")
    assert list(table.index) == list(CODEBOOK.dimensions)
    for one in CODEBOOK.dimensions.values():
        row = table.loc[one.name]
        assert (row["label"], row["codelists"]) == (one.label("es"), ", ".join(one.codelists))
        assert row["codes"] == "; ".join(f"{code} {one.category(code, 'es')}" for code in one.own)


def test_the_codebook_is_not_changed_once_loaded():
    with pytest.raises(FrozenInstanceError):
        CODEBOOK.streams = {}
    assert load_codebook() is load_codebook()


def test_the_rows_of_the_dictionary_are_those_of_the_codebook():
    table = dictionary(CODEBOOK).set_index(["stream", "column"])
    for stream in CODEBOOK.streams.values():
        for column in stream.columns:
            row = table.loc[(stream.name, column.name)]
            assert row["stream_label"] == stream.label()
            assert (row["label"], row["help"]) == (column.label(), column.help())
            assert (row["codelist"], row["maps_to"]) == (column.codelist, column.maps_to)
            assert row["required"] == ("required" if column.required else "optional")
            assert row["key"] == ("yes" if column.key else "no")
            assert row["sensitivity"] == column.sensitivity
            if column.codelist:
                codelist = CODEBOOK.codelist(column.codelist)
                told = [f"{code} {codelist.label(code)}" for code in codelist.codes]
                assert row["codes"] == "; ".join(told)
            else:
                assert row["codes"] == ""
    assert table.loc[("victims", "sex"), "codes"].startswith("F Female; M Male")
    assert dictionary(CODEBOOK, "es").set_index(["stream", "column"]).loc[
        ("victims", "sex"), ["required", "key"]
    ].tolist() == ["obligatorio", "no"]


def test_types_are_told_apart_in_the_dictionary():
    table = dictionary(CODEBOOK)
    types = {}
    for stream in CODEBOOK.streams.values():
        for column in stream.columns:
            types.setdefault(column.type, set()).update(
                table.loc[
                    (table["stream"] == stream.name) & (table["column"] == column.name), "type"
                ]
            )
    assert all(len(said) == 1 for said in types.values())
    assert len({next(iter(said)) for said in types.values()}) == len(types)


def test_the_dictionary_of_codes_has_the_lists_that_rows_use_and_no_other():
    table = code_dictionary(CODEBOOK)
    used = {c.codelist for s in CODEBOOK.streams.values() for c in s.columns if c.codelist}
    assert set(table["codelist"]) == used
    assert list(dict.fromkeys(table["codelist"])) == sorted(used)
    for name, own in table.groupby("codelist"):
        assert list(own["code"]) == list(CODEBOOK.codelist(name).codes)
        assert list(own["label"]) == [CODEBOOK.codelist(name).label(code) for code in own["code"]]


@pytest.mark.parametrize(
    ("sign", "word"),
    [
        *(("+", "plus"), ("<", "under"), (">", "over"), ("≥", "atleast"), ("≤", "atmost")),
        *(("&", "and"), ("%", "percent"), ("#", "number"), ("№", "number"), ("?", "question")),
        *(("✓", "tick"), ("✔", "tick"), ("☑", "tick"), ("☒", "tick")),
        *(("✗", "cross"), ("✘", "cross"), ("☐", "unticked")),
    ],
)
def test_a_sign_that_changes_the_meaning_is_spelled_out(sign, word):
    assert fold(f"1{sign}2") == f"1{word}2"
    assert words(f"a{sign}b") == ("a", word, "b")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("dateOfBirth", ("date", "of", "birth")),
        ("DOB", ("dob",)),
        ("fecha de nación", ("fecha", "de", "nacion")),
        ("No. 12", ("no", "12")),
        ("ID2Name", ("id2name",)),
        ("", ()),
    ],
)
def test_words_are_parted_at_signs_blanks_and_inner_capitals(text, parts):
    assert words(text) == parts


LIST = pd.DataFrame(
    {
        "code": ["A", "B", "UNK"],
        "label_en": ["Apple", "Bread", "Not known"],
        "label_es": ["Manzana", "A", ""],
    }
)
SYNONYMS = pd.DataFrame(
    [
        ("food", "pome", "A"),
        ("food", "Apple", "B"),
        ("food", "??", "A"),
        ("*", "nobody knows", "unknown"),
        ("*", "pome", "unknown"),
        ("yes_no", "sure", "yes"),
    ],
    columns=["codelist", "spelling", "code"],
)


def test_codes_win_over_labels_labels_over_synonyms_and_these_over_not_known():
    found = value_spellings({"food": LIST, "tool": LIST[:2]}, SYNONYMS)
    assert found["food"] == {
        "a": "A",
        "b": "B",
        "unk": "UNK",
        "apple": "A",
        "bread": "B",
        "notknown": "UNK",
        "manzana": "A",
        "pome": "A",
        "questionquestion": "A",
        "nobodyknows": "UNK",
    }
    assert "nobodyknows" not in found["tool"] and "pome" not in found["tool"]
    assert found["yes_no"] == {"sure": "yes"}


COLUMNS = pd.DataFrame(
    [("one", "sex", "Sex", "Sexo"), ("one", "age", "Age", "sex"), ("two", "sex", "Gender", "")],
    columns=["stream", "column", "label_en", "label_es"],
)
HEADERS = pd.DataFrame(
    [("", "M/F", "sex"), ("one", "years", "age"), ("", "years", "sex"), ("two", "n/a", "age")],
    columns=["stream", "spelling", "column"],
)


def test_headers_are_known_by_name_then_label_then_the_streams_synonym_then_anyones():
    found = header_spellings(COLUMNS, HEADERS)
    assert found["one"] == {
        "sex": HeaderMatch("sex", "exact"),
        "age": HeaderMatch("age", "exact"),
        "sexo": HeaderMatch("sex", "label"),
        "mf": HeaderMatch("sex", "synonym"),
        "years": HeaderMatch("age", "synonym"),
    }
    assert found["two"] == {
        "sex": HeaderMatch("sex", "exact"),
        "gender": HeaderMatch("sex", "label"),
        "mf": HeaderMatch("sex", "synonym"),
        "years": HeaderMatch("sex", "synonym"),
    }


def known(*spellings: tuple[str, str]) -> dict[str, HeaderMatch]:
    return {spelling: HeaderMatch(column, "label") for spelling, column in spellings}


@pytest.mark.parametrize(
    ("header", "spellings", "column"),
    [
        ("citizenshp", [("citizenship", "c")], "c"),
        ("abcde", [("abcde", "c")], "c"),
        ("abcd", [("abcd", "c")], None),
        ("abcde", [("abcd", "c")], None),
        ("abcdefg", [("abcdefh", "c")], None),  # 12 of 14 letters are 0.857
        ("abcdefgh", [("abcdefgi", "c")], "c"),  # 14 of 16 letters are 0.875
        ("abcdefg" * 7 + "x", [("abcdefg" * 6 + "x" + "hijklmn", "c")], "c"),  # 43 of 50: just 0.86
        ("abcdefgh", [("abcdefghij", "c")], "c"),  # two letters more: 16 of 18
        ("abcdefgh", [("abcdefgi", "c"), ("abcdefgj", "d")], None),
        ("abcdefgh", [("abcdefgi", "c"), ("abcdefgj", "c")], "c"),
        ("abcdefghij", [("abcdefghij", "c"), ("abcdefghik", "d")], "c"),
        (
            "abcdefghijklmnopqrst",
            [("abcdefghijklmnopqrst", "c"), ("abcdefghijklmnopqrsu", "d")],
            None,
        ),
    ],
)
def test_a_near_spelling_is_long_very_alike_and_clearly_the_most_alike(header, spellings, column):
    found = near_spelling(header, known(*spellings))
    assert found == (HeaderMatch(column, "near") if column else None)


@pytest.mark.parametrize(
    ("codelist", "codes", "code"),
    [
        ("sex", ("F", "UNK"), "U"),
        ("food", ("NR", "NOT_SPECIFIED"), "NOT_SPECIFIED"),
        ("food", ("UNKNOWN", "UNK"), "UNK"),
        ("food", ("UNKNOWN", "NR"), "UNKNOWN"),
        ("food", ("NR",), "NR"),
        ("food", ("A",), None),
    ],
)
def test_the_code_for_not_known_of_a_list(codelist, codes, code):
    assert unknown_code(codelist, codes) == code


def test_a_column_or_list_that_there_is_not_is_named():
    with pytest.raises(KeyError, match="stream victims has no column colour"):
        CODEBOOK.stream("victims").column("colour")
    for lost in (lambda: CODEBOOK.codelist("colours"), lambda: CODEBOOK.stream("colours")):
        with pytest.raises(InputError, match="'colours' is not one of "):
            lost()
