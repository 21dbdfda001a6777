"""Kinds of expectation that hold between rows, streams, agencies and years.

Each reads the columns that a rule names in `column_list`, and the other streams that were sent
together (`Returns`); where nobody sent what a row points to, nothing can be looked up, and the
expectation holds.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

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
    given,
    groups,
    months,
    numbers,
    return_year,
    stage_order,
    text,
    within,
)

NEGATIVE = ("NOT_VICTIM", "WITHDRAWN")
NOT_KNOWN = ("U", "UNK", "UNKNOWN", "NOT_SPECIFIED", "XXX")
RETURN = ["submitted_by", "submitted_for"]
PERSONS = ("victim_id", "person_id")


@expectation()
def expect_reference_to_be_received(own: pd.DataFrame, returns: Returns, stream: str) -> Check:
    """What the first column points to stands in `stream`.

    Unknown only when somebody sent the stream: without it nothing can be looked up.
    """
    pointed, referred = own.iloc[:, 0], returns.of(stream)
    judged = given(pointed) & _decisive(own, referred, returns)
    return check(judged, _in(pointed, referred[pointed.name]))


@expectation()
def expect_reference_to_be_among_these_files(
    own: pd.DataFrame, returns: Returns, stream: str
) -> Check:
    """The same, where these files are a part of all: what they do not hold may stand in others."""
    pointed, referred = own.iloc[:, 0], returns.of(stream)
    unsure = ~_decisive(own, referred, returns) & (len(referred) > 0)
    return check(given(pointed) & unsure, _in(pointed, referred[pointed.name]))


@expectation(last=True)
def expect_reference_to_be_accepted(own: pd.DataFrame, returns: Returns, stream: str) -> Check:
    """A row that the first column points to was accepted, where `stream` has any such row."""
    pointed = own.iloc[:, 0]
    known = given(pointed) & _in(pointed, returns.of(stream)[pointed.name])
    if stream not in returns.accepted:
        return check(known, known)
    return check(known, _in(pointed, returns.accepted[stream][pointed.name]))


@expectation(by_row=False)
def expect_one_primary_form_of_each_victim(own: pd.DataFrame, returns: Returns) -> Check:
    """Exactly one primary form a victim and case, within one agency's return."""
    group = groups(own, [*RETURN, "victim_id", "case_id"])
    primary = np.bincount(group, weights=equals(own["primary_form"], "yes"))[group]
    all_blank = np.bincount(group, weights=given(own["primary_form"]))[group] == 0
    silent = equals(own["consent_statistics"], "no") & all_blank
    judged = given(own["victim_id"]) & given(own["case_id"]) & ~silent
    return check(judged, primary == 1, primary.astype("int64").astype(object))


@expectation(by_row=False)
def expect_rows_of_one_person_to_agree(own: pd.DataFrame, returns: Returns, by: list[str]) -> Check:
    """Rows that share the columns `by` do not differ in the other columns."""
    return _agreement(own, by, [name for name in own if name not in by])


@expectation(by_row=False)
def expect_agencies_to_agree_on_each_victim(
    own: pd.DataFrame, returns: Returns, by: list[str]
) -> Check:
    """Two agencies that report the same victim agree on the other columns, ages as child or adult."""
    ages = broad_age(returns.codebook)
    child_or_adult = each_distinct(own["age_group"], lambda code: ages.get(code), object)
    broad = own.assign(age_group=pd.Series(child_or_adult, index=own.index))
    several = _differs(groups(own, by), own["submitted_by"])
    same = [name for name in own if name not in (*by, "submitted_by")]
    return _agreement(broad, by, same, several)


@expectation(by_row=False)
def expect_each_victim_to_be_identified_in_one_year(own: pd.DataFrame, returns: Returns) -> Check:
    """One victim of one case has one year of identification in all returns of an agency."""
    group = groups(own, ["submitted_by", "victim_id", "case_id"])
    year = pd.Series(numbers(own["identified_year"]))
    first = year.groupby(group).transform("min").to_numpy()
    last = year.groupby(group).transform("max").to_numpy()
    judged = given(own["victim_id"]) & given(own["case_id"]) & ~np.isnan(year.to_numpy())
    differs = judged & (first != last)
    span = np.full(len(own), "", dtype=object)
    span[differs] = [
        f"{int(a)}, {int(b)}" for a, b in zip(first[differs], last[differs], strict=True)
    ]
    return check(judged, ~differs, span)


@expectation()
def expect_case_of_a_confirmed_adult_to_have_means(own: pd.DataFrame, returns: Returns) -> Check:
    """A case that was sent has a means other than "not needed" (NA_CHILD) and UNKNOWN."""
    cases = returns.of("cases")
    with_means = cases.loc[_names_means(cases["means"]), "case_id"]
    return check(_in(own["case_id"], cases["case_id"]), _in(own["case_id"], with_means))


@expectation()
def expect_means_not_needed_to_be_of_a_child(own: pd.DataFrame, returns: Returns) -> Check:
    """A case whose means are marked as not needed has a victim who was a child."""
    victims, ages = returns.of("victims"), broad_age(returns.codebook)
    children = [code for code, age in ages.items() if age == "CHILD"]
    child = within(victims["age_at_exploit_group"], children)
    child = child | ~given(victims["age_at_exploit_group"]) & within(victims["age_group"], children)
    marked = each_distinct(own["means"], lambda value: "NA_CHILD" in (value or "").split(";"), bool)
    judged = marked & _in(own["case_id"], victims["case_id"])
    return check(judged, _in(own["case_id"], victims.loc[child, "case_id"]))


@expectation()
def expect_case_stage_to_be_the_highest_of_its_events(own: pd.DataFrame, returns: Returns) -> Check:
    """The stage of a case is the highest among its events up to the end of the reference year.

    Of a part of the files earlier events may be missing: then no event may go beyond the stage.
    """
    events, order = returns.of("suspects"), stage_order(returns.codebook)
    happened = pd.DataFrame(
        {
            "case_id": text(events["case_id"]),
            "order": each_distinct(events["stage"], lambda code: order.get(code, np.nan), float),
            "year": months(events["event_date"]) // 12,
        }
    ).dropna()
    asked = pd.DataFrame({"case_id": text(own["case_id"]), "ref_year": numbers(own["ref_year"])})
    met = asked.reset_index().merge(happened, on="case_id")
    highest = met[met["year"] <= met["ref_year"]].groupby("index")["order"].max()
    reached = highest.reindex(range(len(own))).to_numpy()
    stage = each_distinct(own["stage"], lambda code: order.get(code, np.nan), float)
    named = {value: code for code, value in order.items()}
    detail = np.array([named.get(value, "") for value in reached], dtype=object)
    judged = ~np.isnan(reached) & ~np.isnan(stage)
    ok = (reached <= stage) & ((reached == stage) | (returns.extent == "part"))
    return check(judged, ok, detail, told_as="case_stage")


@expectation()
def expect_charged_case_to_have_a_charge(own: pd.DataFrame, returns: Returns) -> Check:
    """A case of the police has a charge of one of its persons in the prosecutors' returns."""
    events, charges = returns.of("suspects"), returns.of("charges")
    persons = events[given(events["person_id"])]
    judged = _in(own["case_id"], persons["case_id"]) & (len(charges) > 0)
    with_charge = persons.loc[_in(persons["person_id"], charges["person_id"]), "case_id"]
    return check(judged, _in(own["case_id"], with_charge))


@expectation()
def expect_charged_person_to_have_a_charge(own: pd.DataFrame, returns: Returns) -> Check:
    """A person has a charge in the prosecutors' returns, where any were sent."""
    charges = returns.of("charges")
    judged = given(own["person_id"]) & (len(charges) > 0)
    return check(judged, _in(own["person_id"], charges["person_id"]))


@expectation(by_row=False)
def expect_stages_in_order_of_time(own: pd.DataFrame, returns: Returns) -> Check:
    """Months do not fall as the stage order rises, for one person (or case) and agency."""
    ok, earlier = _in_order(own, returns, ["submitted_by", "case_id", "person_id"])
    return check(given(own["case_id"]), ok, earlier)


@expectation(by_row=False)
def expect_stages_in_order_of_time_between_agencies(own: pd.DataFrame, returns: Returns) -> Check:
    """The same over all agencies' returns, where each agency's own are in order."""
    within_agency, _ = _in_order(own, returns, ["submitted_by", "case_id", "person_id"])
    ok, earlier = _in_order(own, returns, ["case_id", "person_id"])
    return check(given(own["case_id"]) & within_agency, ok, earlier)


@expectation()
def expect_no_service_after_a_negative_status(own: pd.DataFrame, returns: Returns) -> Check:
    """A service does not begin after the victim was found not to be one."""
    victims = returns.of("victims")
    decided = pd.DataFrame(
        {
            "victim_id": text(victims["victim_id"]),
            "month": months(victims["status_date"]),
            "positive": ~within(victims["status"], NEGATIVE),
            "written": text(victims["status_date"]),
        }
    ).dropna(subset=["month"])
    last = decided.sort_values(["month", "positive"], kind="stable").drop_duplicates(
        "victim_id", keep="last"
    )
    negative = last[~last["positive"]].set_index("victim_id")
    month = _looked_up(own["victim_id"], negative["month"])
    start = months(own["start_month"])
    written = dict(zip(negative["month"], negative["written"], strict=True))
    detail = np.array([written.get(value, "") for value in month], dtype=object)
    return check(~np.isnan(month) & ~np.isnan(start), start <= month, detail)


@expectation()
def expect_adult_service_to_go_to_an_adult(own: pd.DataFrame, returns: Returns) -> Check:
    """A service for adults does not begin in the year in which its receiver was still a child."""
    victims, ages = returns.of("victims"), broad_age(returns.codebook)
    children = within(victims["age_group"], [c for c, age in ages.items() if age == "CHILD"])
    found = pd.Series(
        numbers(victims["identified_year"])[children], index=text(victims["victim_id"])[children]
    )
    year = _looked_up(own["victim_id"], found.groupby(level=0).max())
    judged = _in(own["victim_id"], victims["victim_id"])
    return check(judged, ~(months(own["start_month"]) // 12 <= year))


def _decisive(own: pd.DataFrame, referred: pd.DataFrame, returns: Returns) -> Boolean:
    """Whether a row's reference must be found: all files are here, or its year's and an earlier one."""
    if returns.extent == "all" or referred.empty:
        return np.full(len(own), len(referred) > 0)
    years = return_year(referred["submitted_for"])
    year = return_year(own["submitted_for"])
    return np.asarray((year > np.nanmin(years)) & np.isin(year, years), dtype=bool)


def _agreement(
    own: pd.DataFrame, by: list[str], same: list[str], only: Boolean | None = None
) -> Check:
    """Rows that share `by` do not differ in `same`; blanks and not-known contradict nothing."""
    group = groups(own, by)
    person = given(own[next(name for name in by if name in PERSONS)])
    judged = person if only is None else person & only
    named = np.full(len(own), "", dtype=object)
    for name in same:
        differs = _differs(group, own[name].where(~own[name].isin(list(NOT_KNOWN)))) & judged
        named[differs] = named[differs] + np.where(named[differs] == "", "", ";") + name
    return check(judged, named == "", named, told_as="columns")


def _differs(group: Numbers, column: pd.Series) -> Boolean:
    """Whether the rows of a group hold more than one value, blanks left aside."""
    codes = pd.factorize(column, use_na_sentinel=True)[0]
    known = codes >= 0
    if not known.any():
        return np.zeros(len(codes), dtype=bool)
    count = group.max() + 1
    low, high = np.full(count, codes.max() + 1), np.full(count, -1)
    np.minimum.at(low, group[known], codes[known])
    np.maximum.at(high, group[known], codes[known])
    return np.asarray((high > low)[group])


def _in_order(own: pd.DataFrame, returns: Returns, by: list[str]) -> tuple[Boolean, Numbers]:
    """Whether no stage that comes before a row's stage has a later month, and the latest such."""
    order = stage_order(returns.codebook)
    events = pd.DataFrame(
        {
            "group": groups(own, by),
            "order": each_distinct(own["stage"], lambda code: order.get(code, np.nan), float),
            "month": months(own["event_date"]),
        }
    )
    latest = events.dropna().groupby(["group", "order"])["month"].max()
    so_far = latest.groupby(level="group").cummax().groupby(level="group").shift(1)
    index = pd.MultiIndex.from_frame(events[["group", "order"]])
    before = so_far.reindex(index).to_numpy()
    month = events["month"].to_numpy()
    ok = np.isnan(before) | np.isnan(month) | (month >= before)
    detail = np.full(len(own), "", dtype=object)
    detail[~ok] = [f"{int(value) // 12:04d}-{int(value) % 12 + 1:02d}" for value in before[~ok]]
    return ok, detail


def _names_means(column: pd.Series) -> Boolean:
    def names(value: str | None) -> bool:
        return any(code not in ("", "NA_CHILD", "UNKNOWN") for code in (value or "").split(";"))

    return each_distinct(column, names, bool)


def _in(column: pd.Series, values: pd.Series) -> Boolean:
    """Whether each value is one of `values`; a blank is not. By pyarrow: pandas loops."""
    asked = pa.array(column.astype("str"), type=pa.large_string(), from_pandas=True)
    known = pa.array(values.dropna().astype("str"), type=pa.large_string(), from_pandas=True)
    if isinstance(asked, pa.ChunkedArray):
        asked = asked.combine_chunks()
    if isinstance(known, pa.ChunkedArray):
        known = known.combine_chunks()
    found = pc.is_in(asked, value_set=known, skip_nulls=True)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def _looked_up(column: pd.Series, values: pd.Series) -> Numbers:
    return np.asarray(values.reindex(pd.Index(text(column))), dtype=float)
