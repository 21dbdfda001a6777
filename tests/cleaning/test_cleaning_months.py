"""A month is read however it is written, and never when it can be read two ways."""

from __future__ import annotations

import pytest

from atips_analysis.cleaning.months import (
    ENGLISH,
    SPANISH,
    month_and_two_digits,
    month_number,
    month_of,
)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03",
        "2024/03",
        "2024-3",
        "2024.03",
        "03/2024",
        "3-2024",
        "Mar 2024",
        "MAR-2024",
        "mar. 2024",
        "March 2024",
        "marzo 2024",
        "Marzo de 2024",
        "marzo, 2024",
        "2024 March",
        "2024-Mar",
        "5 March 2024",
        "05-Mar-2024",
        "March 5, 2024",
        "5th March 2024",
        "1st March 2024",
        "2nd March 2024",
        "the 3rd of March 2024",
        "5 de marzo de 2024",
        "5 de marzo del 2024",
        "martes 5 de marzo de 2024",
        "martes, marzo 5, 2024",
        "Tuesday, March 5, 2024",
        "2024-03-05",
        "2024/3/5",
        "2024-03-05 00:00:00",
        "2024-03-05T10:30:00Z",
        "25/03/2024",
        "03/25/2024",
        "25.03.2024",
        "25-3-2024 10:30",
        "3/3/2024",
        "31/03/2024",
        "202403",
        "20240305",
        "45356",
        "45356.0",
        " 2024-03 ",
        "Mar 5, 2024 8:30:00 PM",
        "2024/03/05 8:30:00 p. m.",
        "5 mar 2024, 20:30",
        "2024/03/05 8:30:00 p.m. GMT-6",
        "1º de marzo de 2024",
        "1ro de marzo 2024",
        "primero de marzo de 2024",
        "12-14 Mar 2024",
        "del 12 al 14 de marzo de 2024",
        "March 12 and 14, 2024",
        "05-mar-24",
        "5-Mar-24",
        "5 mar. 24",
    ],
)
def test_march_2024(text):
    assert month_of(text) == "2024-03"


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2024",
        "3-4-2024",
        "12.01.2024",
        "03/04/24",
        "25/03/24",
        "03/24",
        "2024",
        "March",
        "24",
        "31/02/2024",
        "2024-13",
        "13/13/2024",
        "2024-02-30",
        "March or April 2024",
        "Marc 2024",
        "Q1 2024",
        "early 2024",
        "5 24 March",
        "14-12 Mar 2024",
        "30-32 Mar 2024",
        "30 March - 2 April 2024",
        "32-Mar-24",
        "12, 13, 14 March 2024",
        "March 2024 8:30 GMT-6",
        "12345",
        "99999",
        "",
        "2024-03-05-06",
    ],
)
def test_what_is_no_month_or_two_stays_as_it_is(text):
    assert month_of(text) is None


def test_both_readings_of_the_same_month_are_one_month():
    assert month_of("05/05/2024") == "2024-05"


@pytest.mark.parametrize("names", [ENGLISH, SPANISH])
def test_all_twelve_names_in_full_and_short(names):
    for number, name in enumerate(names, start=1):
        for text in (name, name.upper(), name[:3], name[:3] + "."):
            assert month_of(f"{text} 2023") == f"2023-{number:02d}"
            assert month_number(text) == number


def test_excel_serial_numbers_of_this_century_are_dates():
    assert month_of("36526") == "2000-01"  # 1 January 2000
    assert month_of("45292") == "2024-01"  # 1 January 2024
    assert month_of("36525") is None


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("45291.0", "2023-12"),
        ("73050", "2099-12"),
        ("73051", None),
        ("189912", None),
        ("1900-01", "1900-01"),
        ("2099-12", "2099-12"),
        ("2100-01", None),
    ],
)
def test_dates_at_the_edges_of_what_is_read(text, month):
    assert month_of(text) == month


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2024-03-01T10:00:00Z", None),
        ("2024-03-02T10:00:00Z", "2024-03"),
        ("2024-03-30T23:00:00+02:00", "2024-03"),
        ("2024-03-31T10:00:00-06:00", None),
        ("2024-02-31T10:00:00Z", None),
        ("2024/02/29 8:30:00 p.m. GMT-6", None),
        ("1 March 2024 10:00 UTC", None),
        ("2024-03-01T10:00:00", "2024-03"),
    ],
)
def test_a_time_with_an_offset_is_left_where_it_may_be_another_month_at_home(text, month):
    assert month_of(text) == month


@pytest.mark.parametrize("text", ["sept", "setiembre", "set", "sepbre", "SEP."])
def test_other_short_forms_of_september(text):
    assert month_of(f"{text} 2024") == "2024-09"


@pytest.mark.parametrize(
    "day",
    [
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    ],
)
def test_the_day_of_the_week_may_stand_before_a_date(day):
    assert month_of(f"{day} 5 de abril de 2024") == "2024-04"


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("March 99", "2099-03"),
        ("March 32", "2032-03"),
        ("March 31", None),
        ("99 March", None),
        ("March 5", None),
        ("March 5 24", None),
        ("March 123", None),
        ("March 2023 2024", None),
        ("March 30 2024", "2024-03"),
        ("February 30 2024", None),
    ],
)
def test_two_digits_beside_a_month_are_a_year_only_where_they_are_no_day(text, month):
    assert month_of(text) == month


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("March 24", (3, 24)),
        ("ene-05", (1, 5)),
        ("24 March", None),
        ("March 2024", None),
        ("March 24 5", None),
        ("week 24", None),
    ],
)
def test_a_month_and_two_digits_are_told_apart(text, read):
    assert month_and_two_digits(text) == read


@pytest.mark.parametrize(("text", "month"), [("1", 1), ("12", 12), ("0", None), ("13", None)])
def test_a_number_from_1_to_12_names_a_month(text, month):
    assert month_number(text) == month
