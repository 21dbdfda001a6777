"""Cleaning puts values into form, records what it did, loses nothing and guesses nothing."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atips_analysis.cleaning import CHANGES, clean, values
from atips_analysis.cleaning.consent import refused
from atips_analysis.cleaning.forms import form_by_age
from atips_analysis.codebook import load_codebook

CODEBOOK = load_codebook()
VICTIM = {
    "victim_id": "V-0001",
    "case_id": "BZ-CASE-2024-0001",
    "identified_year": "2024",
    "sex": "F",
    "age_group": "ADULT",
    "citizenship": "GTM",
    "status": "POTENTIAL",
    "status_date": "2024-03",
    "decision_by": "DHS",
    "form": "LAB_SECTOR",
    "primary_form": "yes",
    "country_of_exploitation": "BLZ",
    "consent_statistics": "yes",
}


def frame_of(stream: str, *rows: dict[str, str | None]) -> pd.DataFrame:
    names = [column.name for column in CODEBOOK.stream(stream).columns]
    place = {
        "file": "DHS_2024.xlsx",
        "sheet": stream,
        "submitted_by": "DHS",
        "submitted_for": 2024,
        "source": "register",
    }
    table = pd.DataFrame([place | row for row in rows], columns=[*names, *place])
    table["row"] = range(2, 2 + len(rows))
    return table.astype(dict.fromkeys(names, "str"))


def victims(*differences: dict[str, str | None]) -> pd.DataFrame:
    return frame_of("victims", *(VICTIM | difference for difference in differences))


def cleaned_value(column: str, text: str, stream: str = "victims") -> str | None:
    row = VICTIM if stream == "victims" else {}
    value = clean(stream, frame_of(stream, row | {column: text}), CODEBOOK).frame[column].iloc[0]
    return None if pd.isna(value) else value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        (" 12 ", "12"),
        ("12.0", "12"),
        ("12,0", "12"),
        ("007", "7"),
        ("1,020", "1020"),
        ("1,020,300", "1020300"),
        ("1,020.00", "1020"),
        ("1 020", "1020"),
        ("1\u00a0020", "1020"),
        ("1'020", "1020"),
        ("cero", "0"),
        ("nil", "0"),
        ("zero", "0"),
        ("ninguno", "0"),
        ("ninguna", "0"),
        ("1.020.300", "1020300"),
        ("1.020,00", "1020"),
        ("0,000", "0"),
        ("0.000", "0"),
        ("0,250", "0,250"),  # a quarter, and no 250
        ("1.020", "1.020"),  # a decimal point or a thousands mark: nobody knows
        ("1,02", "1,02"),
        ("12.5", "12.5"),
        ("<5", "<5"),
        ("-3", "-3"),
        ("twelve", "twelve"),
        ("none", "none"),
        ("12 persons", "12 persons"),
        ("n/a", None),
        ("-", None),
        ("--", None),
        ("---", None),
        ("  ", None),
    ],
)
def test_whole_numbers(text, number):
    assert cleaned_value("n", text, "inspections") == number


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("17", "17"),
        ("17 years", "17"),
        ("17 años", "17"),
        ("17.0", "17"),
        ("17-18", "17-18"),
        ("adult", "adult"),
    ],
)
def test_ages(text, age):
    assert cleaned_value("age_years_ident", text) == age


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2024", "2024"),
        ("2024.0", "2024"),
        ("Año 2024", "2024"),
        ("2024-07-01", "2024"),
        ("1905-07-16", "2024"),
        ("1905-09-29", "2099"),
        ("1905-09-30", "1905-09-30"),
        ("1905-06-12", "1990"),
        ("1905-06-11", "1905-06-11"),
        ("1990-05-01", "1990"),
        ("1989-05-01", "1989-05-01"),
        ("24", "24"),
        ("2023/24", "2023/24"),
    ],
)
def test_years_also_those_that_excel_made_dates_of(text, year):
    assert cleaned_value("identified_year", text) == year


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("bz case 2024/7", "BZ-CASE-2024-0007"),
        ("BZ-CASE-2024-0007", "BZ-CASE-2024-0007"),
        ("BZCASE20240007", "BZ-CASE-2024-0007"),
        ("case 2024-7", "BZ-CASE-2024-0007"),
        ("BZ_CASE_2024_0007", "BZ-CASE-2024-0007"),
        ("2024-0007", "2024-0007"),
        ("BZ-CASE-24-7", "BZ-CASE-24-7"),
        ("BZCASE2024007", "BZCASE2024007"),
    ],
)
def test_case_codes_when_year_and_number_are_both_there(text, case):
    assert cleaned_value("case_id", text) == case


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("THREATS", "THREATS"),
        ("threats, debts", "DEBT_BONDAGE;THREATS"),
        ("Deudas / amenazas", "DEBT_BONDAGE;THREATS"),
        ("THREATS;DEBT_BONDAGE", "DEBT_BONDAGE;THREATS"),
        ("threats | threats\nrape", "THREATS;SEX_ABUSE"),
        ("amenazas y deudas", "DEBT_BONDAGE;THREATS"),
        ("drugs and alcohol", "SUBSTANCES"),
        ("threats / drugs and alcohol", "THREATS;SUBSTANCES"),
        ("threats, drugs and alcohol", "THREATS;SUBSTANCES"),
        ("threats; magic", "THREATS;magic"),
        ("threats;; magic;magic", "THREATS;magic"),
        ("threats, magic", "threats, magic"),
    ],
)
def test_lists_of_codes_are_parted_ordered_and_said_once(text, codes):
    assert cleaned_value("means_of_control", text) == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mujer", "F"),
        ("F - Female", "F"),
        ("Female (F)", "F"),
        ("Mujer / femenino", "F"),
        ("F - Male", "F - Male"),
        ("femael", "femael"),
        ("unknown", "U"),
        ("N/A", None),
    ],
)
def test_codes_from_codes_labels_and_listed_spellings(text, code):
    assert cleaned_value("sex", text) == code


@pytest.mark.parametrize(
    "text", ["Guinea-Bissau (GNB)", "GNB - Guinea-Bissau", "GNB: Guinea-Bissau"]
)
def test_a_label_with_a_hyphen_and_its_code_say_the_same(text):
    assert cleaned_value("citizenship", text) == "GNB"


def test_the_codes_none_and_nap_are_codes_where_a_list_has_them():
    assert cleaned_value("finding", "None", "inspections") == "NONE"
    assert cleaned_value("disability", "N/A") == "NAP"


@pytest.mark.parametrize("text", ["Sí", "si", "YES", "y", "x", "✓", "TRUE", "1"])
def test_yes_in_either_language(text):
    assert cleaned_value("primary_form", text) == "yes"


@pytest.mark.parametrize(
    ("text", "pseudonym"),
    [
        ("812D6D43DFFE180F", "812d6d43dffe180f"),
        (" 812d6d43dffe180f", "812d6d43dffe180f"),
        ("V-0001", "V-0001"),
    ],
)
def test_a_pseudonym_is_the_same_in_capitals(text, pseudonym):
    assert cleaned_value("victim_id", text) == pseudonym


def test_an_ambiguous_day_and_month_stays_for_the_quality_room():
    assert cleaned_value("status_date", "03/04/2024") == "03/04/2024"


def test_a_month_without_a_year_is_the_month_of_the_returns_year_only_where_the_column_is_month():
    assert cleaned_value("month", "Marzo", "inspections") == "2024-03"
    assert cleaned_value("month", "3", "inspections") == "2024-03"
    assert cleaned_value("month", "enero", "inspections") == "2024-01"
    assert cleaned_value("status_date", "March") == "March"


@pytest.mark.parametrize(
    ("began", "found", "form"),
    [
        ("ADULT", "ADULT", "SEX_ADULT"),
        ("CHILD", "ADULT", "SEX_CSEC"),
        (None, "CHILD", "SEX_CSEC"),
        (None, "ADULT", "SEX"),
        ("UNK", "ADULT", "SEX"),
    ],
)
def test_sex_trafficking_is_told_apart_by_the_age_when_it_began(began, found, form):
    row = {"form": "sex trafficking", "age_at_exploit_group": began, "age_group": found}
    assert clean("victims", victims(row), CODEBOOK).frame["form"].tolist() == [form]


@pytest.mark.parametrize(
    ("kind", "form"),
    [("MATERIAL", "SEX_CSAM"), ("REMOTE", "SEX_CSAM"), ("PROSTITUTION", "SEX_CSEC")],
)
def test_a_childs_sexual_exploitation_is_told_apart_by_its_type(kind, form):
    row = {"form": "Sexual exploitation", "age_at_exploit_group": "CHILD", "sexual_type": kind}
    assert clean("victims", victims(row), CODEBOOK).frame["form"].tolist() == [form]


def test_every_age_group_tells_a_child_from_an_adult_in_the_form():
    ages = CODEBOOK.codelist("age_group").table.set_index("code")
    for code, row in ages.iterrows():
        told = {"form": "SEX", "age_at_exploit_group": code, "age_group": None}
        child = row["max_age"] != "" and int(row["max_age"]) < 18
        form = "SEX_CSEC" if child else "SEX_ADULT" if row["min_age"] else "SEX"
        assert clean("victims", victims(told), CODEBOOK).frame["form"].tolist() == [form]


def test_a_form_that_is_told_apart_is_a_change_and_one_that_is_not_is_none():
    open_form = {"form": "SEX", "age_at_exploit_group": "ADULT"}
    change = form_by_age(victims(open_form, {"form": "BEG"}))
    assert change is not None
    assert form_by_age(victims({"form": "BEG"})) is None
    bare = victims(open_form).drop(columns=["age_group", "sexual_type"])
    assert form_by_age(bare) is not None
    changes = clean("victims", victims(open_form), CODEBOOK).changes
    own = changes[changes["column"] == "form"]
    assert own[["old", "new", "rule"]].to_numpy().tolist() == [["SEX", "SEX_ADULT", "form by age"]]


@pytest.mark.parametrize("text", ["NA", "n/a", "N.A."])
def test_not_applicable_is_no_country(text):
    assert cleaned_value("citizenship", text) in (None, "UNK") or pd.isna(
        cleaned_value("citizenship", text)
    )


@pytest.mark.parametrize("text", ["NO", "SD", "NR", "ES", "DOMINICAN", "Congolese"])
def test_two_letters_or_words_of_two_meanings_are_no_country(text):
    assert cleaned_value("citizenship", text) in (text, "UNK")


def test_each_change_keeps_old_new_rule_and_place():
    changes = clean("victims", victims({"sex": "mujer"}), CODEBOOK).changes
    assert changes.to_dict("records") == [
        {
            "stream": "victims",
            "file": "DHS_2024.xlsx",
            "sheet": "victims",
            "row": 2,
            "submitted_by": "DHS",
            "column": "sex",
            "old": "mujer",
            "new": "F",
            "rule": "code",
        }
    ]


@pytest.mark.parametrize(
    ("stream", "column", "text", "rule"),
    [
        ("victims", "status_date", "marzo 2024", "month"),
        ("victims", "identified_year", "2024.0", "year"),
        ("victims", "identified_year", "2024-07-01", "year"),
        ("victims", "identified_year", "1905-07-16", "year"),
        ("victims", "identified_year", " 2024", "spaces"),
        ("victims", "age_years_ident", "n/a", "placeholder"),
        ("victims", "age_years_ident", " adult ", "spaces"),
        ("victims", "sex", "mujer", "code"),
        ("victims", "means_of_control", "amenazas", "codes"),
        ("victims", "age_years_ident", "17 años", "age in years"),
        ("victims", "primary_form", "sí", "yes or no"),
        ("victims", "case_id", "case 2024/7", "case code"),
        ("victims", "victim_id", "A" * 16, "pseudonym"),
        ("victims", "means_of_control", "rape, amenazas", "codes"),
        ("victims", "means_of_control", "amenazas; magic", "codes"),
        ("inspections", "n", "12.0", "number"),
        ("inspections", "n", "1,020", "number"),
        ("inspections", "n", "cero", "number"),
        ("inspections", "month", "marzo", "month of the return's year"),
    ],
)
def test_a_change_names_the_rule_that_made_it(stream, column, text, rule):
    row = VICTIM if stream == "victims" else {}
    changes = clean(stream, frame_of(stream, row | {column: text}), CODEBOOK).changes
    assert changes.loc[changes["column"] == column, "rule"].tolist() == [rule]


@pytest.mark.parametrize(
    ("text", "month"), [("mar-24", "2024-03"), ("mar-23", "mar-23"), ("mar-00", "mar-00")]
)
def test_a_month_with_two_digits_of_a_year_counts_where_they_are_the_returns(text, month):
    assert cleaned_value("month", text, "inspections") == month
    assert cleaned_value("status_date", text) == month


def test_a_month_and_the_year_of_its_return_are_all_that_a_month_needs():
    frame = frame_of("inspections", {"month": "marzo"})[["month", "submitted_for"]]
    assert clean("inspections", frame, CODEBOOK).frame["month"].tolist() == ["2024-03"]


def test_without_consent_every_characteristic_is_unknown_and_no_old_value_is_kept():
    row = {
        "consent_statistics": "No",
        "sex": "mujer",
        "age_years_ident": "16 años",
        "age_group": "<18",
        "citizenship": "Honduranian",
        "form": "ESCNNA",
        "sector": "bar",
        "sexual_type": "PROSTITUTION",
        "means_of_control": "amenazas, deudas",
        "disability": "NR",
    }
    result = clean("victims", victims(row), CODEBOOK)
    left = result.frame.iloc[0]
    assert left[["sex", "age_group", "citizenship", "form"]].tolist() == [
        "U",
        "UNK",
        "UNK",
        "UNKNOWN",
    ]
    assert left["country_of_exploitation"] == "UNK" and left["disability"] == "UNK"
    assert left["means_of_control"] == "NOT_SPECIFIED"
    assert left[["age_years_ident", "sector", "sexual_type"]].isna().all()
    assert left[["victim_id", "status", "identified_year"]].tolist() == [
        "V-0001",
        "POTENTIAL",
        "2024",
    ]
    hidden = result.changes[result.changes["rule"] == "no consent"]
    assert hidden["old"].isna().all() and len(hidden) >= 9
    told = result.changes["old"].dropna().tolist() + result.changes["new"].dropna().tolist()
    for secret in ("mujer", "F", "CHILD", "HND", "SEX_CSEC", "THREATS", "16", "I"):
        assert not any(secret in text.split(";") for text in told), secret


def test_without_consent_what_counts_a_person_once_is_kept_as_it_was():
    keys = {f"partial_key_{n}": f"{n}" * 16 for n in (1, 2, 3)}
    frame = victims({"consent_statistics": "no", **keys})
    left = clean("victims", frame, CODEBOOK).frame.iloc[0]
    kept = ("victim_id", "case_id", "identified_year", "status", "status_date", "decision_by")
    for name in (*kept, "consent_statistics", *keys):
        assert left[name] == frame.iloc[0][name], name
    second = victims({"consent_statistics": "no", "primary_form": "no"})
    assert clean("victims", second, CODEBOOK).frame["primary_form"].tolist() == ["yes"]


@pytest.mark.parametrize("text", sorted(values.PLACEHOLDERS - {""}))
@pytest.mark.parametrize("column", ["sex", "age_years_ident", "status_date", "means_of_control"])
def test_what_stands_for_nothing_is_a_blank_in_every_column(column, text):
    found = cleaned_value(column, text.upper())
    codelist = CODEBOOK.stream("victims").column(column).codelist
    unknown = CODEBOOK.code_of(codelist, text) if codelist else None
    assert found == unknown


def test_the_ways_to_leave_a_cell_open_are_known():
    for text in ("-", "--", "–", "—", ".", "..", "...", "…", "n/a", "N.A.", "NA", "-99", "n.d."):
        assert values.is_placeholder(text), text
    for text in ("null", "NaN", "<NA>", "(blank)", "(vacío)", "not applicable", "No aplica"):
        assert values.is_placeholder(text), text
    assert not any(values.is_placeholder(text) for text in ("0", "no", "none", "x", "-1", "99"))


@pytest.mark.parametrize(("column", "written", "code"), [
    ("decision_by", "Non-governmental organization (NGO)", "NGO"),
    ("decision_by", "NGO - Non-governmental organization", "NGO"),
    ("means_of_control", "THREATS DEBT_BONDAGE", "DEBT_BONDAGE;THREATS"),
    ("case_id", "case 2024/7", "BZ-CASE-2024-0007"),
    ("case_id", "BZ 2024/7", "BZ 2024/7"),
])  # fmt: skip
def test_codes_are_known_beside_their_labels_and_one_after_another(column, written, code):
    assert cleaned_value(column, written) == code


def test_only_a_month_becomes_a_month_of_the_returns_year():
    row = {"session_id": "mar-24", "month": "mar-24"}
    cleaned = clean("trainings", frame_of("trainings", row), CODEBOOK).frame
    assert cleaned[["session_id", "month"]].to_numpy().tolist() == [["mar-24", "2024-03"]]


def test_a_blank_consent_is_no_refusal_nor_is_a_stream_without_the_question():
    frame = victims({"consent_statistics": None}, {"consent_statistics": "no", "victim_id": None})
    assert list(refused(frame)) == [False, True]
    assert list(refused(frame.drop(columns="consent_statistics"))) == [False, False]
    assert list(refused(frame.drop(columns="victim_id"))) == [False, True]


def test_another_agencys_refusal_is_not_this_ones():
    frame = victims({"consent_statistics": "no"}, {})
    assert list(refused(frame)) == [True, True]
    assert list(refused(frame.assign(submitted_by=["DHS", "BPD"]))) == [True, False]


def test_rows_without_consent_look_alike_whatever_they_held():
    rows = [
        {"consent_statistics": "no", "sex": sex, "form": form, "disability": more, "sector": more}
        for sex, form, more in (("F", "BEG", None), ("M", "LAB_SECTOR", "UNK"), ("xx", "??", "zz"))
    ]
    names = [column.name for column in CODEBOOK.stream("victims").columns]
    frame = clean("victims", victims(*rows), CODEBOOK).frame[names]
    assert len(frame.drop_duplicates()) == 1


def test_a_refusal_on_one_row_holds_for_the_agencys_other_rows_on_the_victim():
    rows = victims(
        {"consent_statistics": "no", "form": "BEG"},
        {"consent_statistics": "yes", "form": "LAB_SECTOR", "primary_form": "no"},
        {"consent_statistics": "yes", "victim_id": "V-0002"},
    )
    frame = clean("victims", rows, CODEBOOK).frame
    assert frame["form"].tolist() == ["UNKNOWN", "UNKNOWN", "LAB_SECTOR"]


def test_every_column_of_every_stream_has_a_cleaner_that_accepts_its_own_codes():
    for stream in CODEBOOK.streams.values():
        for column in stream.columns:
            if column.type == "code":
                for code in CODEBOOK.codelist(column.codelist).codes:
                    assert values.code(code, column.codelist, CODEBOOK).value == code


def test_a_stream_without_rows_is_cleaned_to_none():
    for stream in CODEBOOK.streams:
        result = clean(stream, frame_of(stream), CODEBOOK)
        assert len(result.frame) == 0 and list(result.changes) == list(CHANGES)


def some_text(column) -> st.SearchStrategy[str | None]:
    usual = {
        "id": ["V1", " v 1 ", "bz case 2024/7", "case 2023 12"],
        "year": ["2024", "2024.0", "1905-07-16", "24"],
        "month": ["2024-03", "marzo 2024", "45356", "03/04/2024", "March", "3", "2024-13"],
        "bool": ["yes", "No", "sí", "x", "perhaps"],
        "count": ["1,020", "12.0", "1.020", "-", "nil", "<5"],
        "age": ["17", "17 años", "0", "x"],
    }
    if column.codelist:
        table = CODEBOOK.codelist(column.codelist).table
        known = table[["code", "label_en", "label_es"]].to_numpy().ravel().tolist()
        usual[column.type] = [
            *known,
            *(f"{text}, {known[0]}" for text in known[:3]),
            "a; b;a",
            "N/A",
        ]
    return st.one_of(
        st.none(),
        st.sampled_from(usual[column.type]),
        st.text(max_size=12).map(lambda t: t or None),
    )


def rows_of(stream: str) -> st.SearchStrategy[pd.DataFrame]:
    columns = CODEBOOK.stream(stream).columns
    row = st.fixed_dictionaries({column.name: some_text(column) for column in columns})
    return st.lists(row, min_size=1, max_size=12).map(lambda rows: frame_of(stream, *rows))


HARD = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("stream", ["victims", "cases", "charges", "screenings"])
def test_cleaning_what_is_clean_changes_nothing(stream):
    @HARD
    @given(rows_of(stream))
    def idempotent(frame):
        once = clean(stream, frame, CODEBOOK)
        twice = clean(stream, once.frame, CODEBOOK)
        pd.testing.assert_frame_equal(once.frame, twice.frame)
        assert len(twice.changes) == 0
        assert len(once.frame) == len(frame)

    idempotent()


@pytest.mark.parametrize("stream", ["victims", "trainings"])
def test_the_order_of_rows_does_not_matter(stream):
    @HARD
    @given(rows_of(stream), st.randoms(use_true_random=False))
    def permuted(frame, dice):
        order = list(range(len(frame)))
        dice.shuffle(order)
        straight = clean(stream, frame, CODEBOOK)
        mixed = clean(stream, frame.iloc[order].reset_index(drop=True), CODEBOOK)
        pd.testing.assert_frame_equal(
            straight.frame, mixed.frame.sort_values("row", ignore_index=True)
        )
        keys = ["row", "column", "rule", "new"]
        pd.testing.assert_frame_equal(
            straight.changes.sort_values(keys, ignore_index=True),
            mixed.changes.sort_values(keys, ignore_index=True),
        )

    permuted()


def test_what_came_in_is_not_changed_in_place():
    frame = victims({"sex": "mujer", "consent_statistics": "no"})
    before = frame.copy(deep=True)
    clean("victims", frame, CODEBOOK)
    pd.testing.assert_frame_equal(frame, before)


def test_every_change_of_the_frame_is_recorded():
    frame = victims({"sex": "mujer", "status_date": "marzo 2024"}, {"form": " BEG "})
    result = clean("victims", frame, CODEBOOK)
    names = [column.name for column in CODEBOOK.stream("victims").columns]
    differing = (frame[names] != result.frame[names]) & ~(
        frame[names].isna() & result.frame[names].isna()
    )
    assert int(differing.to_numpy().sum()) == len(result.changes) == 3
