"""Kinds of expectation that a row answers by itself, where Great Expectations has none.

Columns are text, as agencies send them; what cannot be read as a date or a number is judged for
that by another rule, and compared with nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from atips_analysis.quality.expectation_kinds import (
    Boolean,
    Check,
    Numbers,
    Returns,
    broad_age,
    check,
    each_distinct,
    equals,
    expectation,
    months,
    numbers,
    return_year,
    within,
)


@expectation()
def expect_dates_in_order(own: pd.DataFrame, returns: Returns) -> Check:
    """The first date is not after the second; where one of them is a year, by year."""
    first, second = (_date(own[name], returns) for name in own)
    return check(_both(first, second), first[0] <= second[1])


@expectation()
def expect_dates_in_the_same_year(own: pd.DataFrame, returns: Returns) -> Check:
    """Both dates (months or years) lie in one year."""
    first, second = (_date(own[name], returns) for name in own)
    return check(_both(first, second), first[0] // 12 == second[0] // 12)


@expectation()
def expect_month_from_first_to_end_of_return_year(
    own: pd.DataFrame, returns: Returns, first_month: str, months_after_the_year: int = 0
) -> Check:
    """A month lies between `first_month` and December of the return's year.

    `months_after_the_year`: how far beyond it may reach, as a stay may end while returns are due.
    """
    month, year = (_date(own[name], returns) for name in own)
    first = months(pd.Series([first_month]))[0]
    last = year[1] + months_after_the_year
    return check(_both(month, year), (month[0] >= first) & (month[0] <= last))


@expectation()
def expect_carried_over_to_fit_the_month_opened(own: pd.DataFrame, returns: Returns) -> Check:
    """Carried over is yes where the month opened lies before the reference year, else no."""
    carried, opened, ref = own.iloc[:, 0], months(own.iloc[:, 1]) // 12, numbers(own.iloc[:, 2])
    judged = within(carried, ("yes", "no")) & (opened <= ref)
    return check(judged, (opened < ref) == equals(carried, "yes"))


@expectation()
def expect_parts_within_the_whole(own: pd.DataFrame, returns: Returns) -> Check:
    """The numbers of all columns but the last add up to no more than the last."""
    parts = np.array([numbers(own[name]) for name in own.columns[:-1]])
    whole, together = numbers(own.iloc[:, -1]), np.nan_to_num(parts).sum(axis=0)
    judged = ~np.isnan(whole) & ~np.isnan(parts).all(axis=0)
    return check(judged, together <= whole, np.char.mod("%d", together).astype(object))


@expectation(one_column=True)
def expect_whole_numbers_to_be_between(
    own: pd.DataFrame,
    returns: Returns,
    min_value: float | None = None,
    max_value: float | None = None,
) -> Check:
    """A whole number, written as text, lies within the limits, which are allowed."""
    number = numbers(own.iloc[:, 0])
    low = -np.inf if min_value is None else min_value
    high = np.inf if max_value is None else max_value
    return check(~np.isnan(number), (number >= low) & (number <= high))


@expectation()
def expect_form_to_fit_the_age(
    own: pd.DataFrame, returns: Returns, forms_of_children: list[str], forms_of_adults: list[str]
) -> Check:
    """Forms of children only of who was a child when exploitation began, those of adults not.

    Judged on the age group when exploitation began (second column). Where that is blank, a child at
    identification (third) was a child then too; an adult at identification may have been a child.
    """
    form, ages = own.iloc[:, 0], broad_age(returns.codebook)
    began, found = (
        each_distinct(own.iloc[:, at], lambda code: ages.get(code, ""), object) for at in (1, 2)
    )
    age = np.where(began != "", began, found)
    of_child, of_adult = age == "CHILD", began == "ADULT"
    wrong = (within(form, forms_of_children) & of_adult) | (
        within(form, forms_of_adults) & of_child
    )
    return check(True, ~wrong, age, told_as="age_group")


@expectation()
def expect_age_in_years_to_fit_the_group(own: pd.DataFrame, returns: Returns) -> Check:
    """An age in years lies within the limits of its age group, as the code list gives them."""
    table = returns.codebook.codelist("age_group")
    least = {code: float(value or "nan") for code, value in table.attribute("min_age").items()}
    most = {code: float(value or "inf") for code, value in table.attribute("max_age").items()}
    age, group = numbers(own.iloc[:, 0]), own.iloc[:, 1]
    low = each_distinct(group, lambda code: least.get(code, np.nan), float)
    high = each_distinct(group, lambda code: most.get(code, np.nan), float)
    return check(~np.isnan(age) & ~np.isnan(low), (age >= low) & (age <= high))


Date = tuple[Numbers, Numbers]
"""The first and the last month of a date, in months since year 0: of a month the same, of a year
January and December; missing where the value is neither."""


def _date(column: pd.Series, returns: Returns) -> Date:
    if column.name not in _years(returns):
        month = months(column)
        return month, month
    year = return_year(column) if column.name == "submitted_for" else numbers(column)
    return year * 12, year * 12 + 11


def _years(returns: Returns) -> set[str]:
    """The columns that hold a year; other dates are months."""
    streams = returns.codebook.streams.values()
    years = {
        column.name for stream in streams for column in stream.columns if column.type == "year"
    }
    return {"submitted_for", *years}


def _both(first: Date, second: Date) -> Boolean:
    return ~np.isnan(first[0]) & ~np.isnan(second[0])
