"""Check columns of rules that hold between rows, streams, agencies and years."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from atips_analysis.quality.checking import (
    Boolean,
    Check,
    CheckFunction,
    Numbers,
    Rows,
    broad_age,
    check,
    each_distinct,
    equals,
    given,
    groups,
    months,
    numbers,
    return_year,
    stage_order,
    text,
    within,
)
from atips_analysis.words import languages

CHARGED, DEATH = 60, 99
NEGATIVE = ("NOT_VICTIM", "WITHDRAWN")
NOT_KNOWN = ("U", "UNK", "UNKNOWN", "NOT_SPECIFIED", "XXX")
RETURN = ["submitted_by", "submitted_for"]


def one_primary_form(rows: Rows) -> Check:
    """Exactly one primary form a victim and case, within one agency's return."""
    own = rows.own
    group = groups(own, [*RETURN, "victim_id", "case_id"])
    primary = np.bincount(group, weights=equals(own["primary_form"], "yes"))[group]
    all_blank = np.bincount(group, weights=given(own["primary_form"]))[group] == 0
    silent = equals(own["consent_statistics"], "no") & all_blank
    judged = given(own["victim_id"]) & given(own["case_id"]) & ~silent
    return check(judged, primary == 1, primary.astype("int64").astype(object))


def one_person_one_description(rows: Rows) -> Check:
    """All rows of one person agree on what does not depend on the row."""
    if rows.stream == "victims":
        same = ["sex", "age_group", "age_years_ident", "citizenship", "status"]
        return _agreement(rows, [*RETURN, "victim_id", "case_id", "identified_year"], same)
    return _agreement(rows, ["person_id"], ["sex", "citizenship"])


def agencies_agree(rows: Rows) -> Check:
    """Two agencies that report the same victim agree on sex, child or adult, and citizenship."""
    own, ages = rows.own, broad_age(rows.codebook)
    child_or_adult = each_distinct(own["age_group"], lambda code: ages.get(code), object)
    broad = own.assign(age_group=pd.Series(child_or_adult, index=own.index))
    group = groups(own, ["victim_id", "identified_year"])
    several = _differs(group, own["submitted_by"])
    return _agreement(
        rows, ["victim_id", "identified_year"], ["sex", "age_group", "citizenship"], several, broad
    )


def identified_once(rows: Rows) -> Check:
    """One victim of one case has one year of identification in all returns of an agency."""
    own = rows.own
    group = groups(own, ["submitted_by", "victim_id", "case_id"])
    year = numbers(own["identified_year"])
    first = pd.Series(year).groupby(group).transform("min").to_numpy()
    last = pd.Series(year).groupby(group).transform("max").to_numpy()
    judged = given(own["victim_id"]) & given(own["case_id"]) & ~np.isnan(year)
    differs = judged & (first != last)
    span = np.full(len(own), "", dtype=object)
    span[differs] = [
        f"{int(a)}, {int(b)}" for a, b in zip(first[differs], last[differs], strict=True)
    ]
    return check(judged, ~differs, span)


def case_known(rows: Rows) -> Check:
    return _known(rows, "case_id", "cases")


def victim_known(rows: Rows) -> Check:
    return _known(rows, "victim_id", "victims")


def person_known(rows: Rows) -> Check:
    return _known(rows, "person_id", "suspects")


def case_found_here(rows: Rows) -> Check:
    return _found_here(rows, "case_id", "cases")


def victim_found_here(rows: Rows) -> Check:
    return _found_here(rows, "victim_id", "victims")


def person_found_here(rows: Rows) -> Check:
    return _found_here(rows, "person_id", "suspects")


def case_accepted(rows: Rows) -> Check:
    return _accepted(rows, "case_id", "cases")


def victim_accepted(rows: Rows) -> Check:
    return _accepted(rows, "victim_id", "victims")


def person_accepted(rows: Rows) -> Check:
    return _accepted(rows, "person_id", "suspects")


def adult_means(rows: Rows) -> Check:
    """A confirmed victim who was an adult needs a means other than NA_CHILD or UNKNOWN."""
    own, cases, ages = rows.own, rows.of("cases"), broad_age(rows.codebook)
    of_adult = within(own["age_at_exploit_group"], [c for c, age in ages.items() if age == "ADULT"])
    judged = of_adult & equals(own["status"], "CONFIRMED") & _in(own["case_id"], cases["case_id"])
    with_means = cases.loc[_names_means(cases["means"]), "case_id"]
    return check(judged, _in(own["case_id"], with_means))


def means_not_needed_for_child_only(rows: Rows) -> Check:
    own, victims, ages = rows.own, rows.of("victims"), broad_age(rows.codebook)
    children = [code for code, age in ages.items() if age == "CHILD"]
    child = within(victims["age_at_exploit_group"], children)
    child = child | ~given(victims["age_at_exploit_group"]) & within(victims["age_group"], children)
    marked = each_distinct(own["means"], lambda value: "NA_CHILD" in (value or "").split(";"), bool)
    judged = marked & _in(own["case_id"], victims["case_id"])
    return check(judged, _in(own["case_id"], victims.loc[child, "case_id"]))


def stage_is_last_event(rows: Rows) -> Check:
    """The stage of a case is the highest among its events up to the end of the reference year.

    Of a part of the files earlier events may be missing: then no event may go beyond the stage.
    """
    own, events, order = rows.own, rows.of("suspects"), stage_order(rows.codebook)
    if events.empty:
        return check(np.zeros(len(own)), np.ones(len(own)))
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
    ok = (reached <= stage) & ((reached == stage) | (rows.extent == "part"))
    return check(judged, ok, detail, detail_codelist="case_stage")


def charged_case_has_charge(rows: Rows) -> Check:
    """Police cases that reached a charge have one in the prosecutors' returns."""
    own, events, charges = rows.own, rows.of("suspects"), rows.of("charges")
    charged = _stage_from_charge(rows)
    persons = events[given(events["person_id"])]
    judged = charged & _in(own["case_id"], persons["case_id"]) & (len(charges) > 0)
    with_charge = persons.loc[_in(persons["person_id"], charges["person_id"]), "case_id"]
    return check(judged, _in(own["case_id"], with_charge))


def charged_person_has_charge(rows: Rows) -> Check:
    """A person whose stage is CHARGED or later has a charge."""
    own, charges = rows.own, rows.of("charges")
    judged = _stage_from_charge(rows) & given(own["person_id"]) & (len(charges) > 0)
    return check(judged, _in(own["person_id"], charges["person_id"]))


def stages_in_order(rows: Rows) -> Check:
    """Months do not fall as the stage order rises, for one person (or case) and agency."""
    ok, earlier = _in_order(rows, ["submitted_by", "case_id", "person_id"])
    return check(given(rows.own["case_id"]), ok, earlier)


def stages_in_order_between_agencies(rows: Rows) -> Check:
    within_agency, _ = _in_order(rows, ["submitted_by", "case_id", "person_id"])
    ok, earlier = _in_order(rows, ["case_id", "person_id"])
    return check(given(rows.own["case_id"]) & within_agency, ok, earlier)


def not_after_negative_status(rows: Rows) -> Check:
    """No service but repatriation begins after the victim was found not to be one."""
    own, victims = rows.own, rows.of("victims")
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
    other_service = given(own["service_type"]) & ~equals(own["service_type"], "REPATRIATION")
    judged = other_service & ~np.isnan(month) & ~np.isnan(start)
    written = dict(zip(negative["month"], negative["written"], strict=True))
    detail = np.array([written.get(value, "") for value in month], dtype=object)
    return check(judged, start <= month, detail)


def adult_service_to_adult(rows: Rows) -> Check:
    """A service for adults does not begin in the year in which its receiver was still a child."""
    own, victims, ages = rows.own, rows.of("victims"), broad_age(rows.codebook)
    only = rows.codebook.codelist("service_type").attribute("adults_only")
    for_adults = within(own["service_type"], [code for code, yes in only.items() if yes == "yes"])
    children = within(victims["age_group"], [c for c, age in ages.items() if age == "CHILD"])
    found = pd.Series(
        numbers(victims["identified_year"])[children], index=text(victims["victim_id"])[children]
    )
    year = _looked_up(own["victim_id"], found.groupby(level=0).max())
    start = months(own["start_month"]) // 12
    judged = for_adults & ~np.isnan(start) & _in(own["victim_id"], victims["victim_id"])
    return check(judged, ~(start <= year))


def _known(rows: Rows, column: str, stream: str) -> Check:
    """Unknown only when somebody sent the stream: without it nothing can be looked up."""
    pointed, referred = rows.own[column], rows.of(stream)
    return check(given(pointed) & _decisive(rows, referred), _in(pointed, referred[column]))


def _found_here(rows: Rows, column: str, stream: str) -> Check:
    """What a part of the files does not hold may stand in the others."""
    pointed, referred = rows.own[column], rows.of(stream)
    unsure = ~_decisive(rows, referred) & (len(referred) > 0)
    return check(given(pointed) & unsure, _in(pointed, referred[column]))


def _decisive(rows: Rows, referred: pd.DataFrame) -> Boolean:
    """Whether a row's reference must be found: all files are here, or its year's and an earlier one."""
    if rows.extent == "all" or referred.empty:
        return np.full(len(rows.own), len(referred) > 0)
    years = return_year(referred)
    own = return_year(rows.own)
    return (own > np.nanmin(years)) & np.isin(own, years)


def _accepted(rows: Rows, column: str, stream: str) -> Check:
    pointed, referred = rows.own[column], rows.of(stream)
    known = given(pointed) & _in(pointed, referred[column])
    return check(
        known, _in(pointed, rows.accepted[stream][column]) if stream in rows.accepted else known
    )


def _agreement(
    rows: Rows,
    by: list[str],
    same: list[str],
    only: Boolean | None = None,
    frame: pd.DataFrame | None = None,
) -> Check:
    """Rows that share `by` do not differ in `same`; blanks and not-known contradict nothing."""
    own = rows.own if frame is None else frame
    group = groups(own, by)
    person = given(own[by[-1]]) if len(by) == 1 else given(own[_person(by)])
    judged = person if only is None else person & only
    words = {lang: np.full(len(own), "", dtype=object) for lang in languages()}
    differing = np.zeros(len(own), dtype=bool)
    for name in same:
        differs = _differs(group, own[name].where(~own[name].isin(list(NOT_KNOWN)))) & judged
        column = rows.codebook.streams[rows.stream].column(name)
        for lang, said in words.items():
            comma = np.where(said[differs] == "", "", ", ")
            said[differs] = said[differs] + comma + column.label(lang)
        differing |= differs
    return check(judged, ~differing, words)


def _person(by: list[str]) -> str:
    return next(name for name in by if name in ("victim_id", "person_id"))


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


def _in_order(rows: Rows, by: list[str]) -> tuple[Boolean, Numbers]:
    """Whether no stage that comes before a row's stage has a later month, and the latest such."""
    own, order = rows.own, stage_order(rows.codebook)
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


def _stage_from_charge(rows: Rows) -> Boolean:
    later = [code for code, n in stage_order(rows.codebook).items() if CHARGED <= n < DEATH]
    return within(rows.own["stage"], later)


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


CROSS_CHECKS: dict[str, CheckFunction] = {
    function.__name__: function
    for function in (
        one_primary_form,
        one_person_one_description,
        agencies_agree,
        identified_once,
        case_known,
        victim_known,
        person_known,
        case_found_here,
        victim_found_here,
        person_found_here,
        case_accepted,
        victim_accepted,
        person_accepted,
        adult_means,
        means_not_needed_for_child_only,
        stage_is_last_event,
        charged_case_has_charge,
        charged_person_has_charge,
        stages_in_order,
        stages_in_order_between_agencies,
        not_after_negative_status,
        adult_service_to_adult,
    )
}
