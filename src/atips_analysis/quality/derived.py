"""Check columns of rules that a row answers by itself."""

from __future__ import annotations

import numpy as np

from atips_analysis.quality.checking import (
    Check,
    CheckFunction,
    Rows,
    broad_age,
    check,
    each_distinct,
    equals,
    given,
    months,
    numbers,
    return_year,
    text,
    within,
)

FIRST_PLAUSIBLE_MONTH = 12 * 1990
ENDS_LATER = {"end_month": 12}
"""Months after the return's year that a column may reach: a stay may end while returns are due."""
CHILD_FORMS = ("SEX_CSEC", "SEX_CSAM", "LAB_CHILD")
ADULT_FORMS = ("SEX_ADULT",)
SEXUAL, LABOUR = "SEX", "LAB"


def required(rows: Rows, column: str) -> Check:
    """A victim's value is given, but where the victim did not consent to statistics."""
    return check(~equals(rows.own["consent_statistics"], "no"), given(rows.own[column]))


def plausible(rows: Rows, column: str) -> Check:
    """A month lies between January 1990 and December of the return's year."""
    month, last = months(rows.own[column]), return_year(rows.own) * 12 + 11
    last = last + ENDS_LATER.get(column, 0)
    judged = ~np.isnan(month) & ~np.isnan(last)
    return check(judged, (month >= FIRST_PLAUSIBLE_MONTH) & (month <= last))


def in_return_year(rows: Rows, column: str) -> Check:
    """A month lies within the return's year."""
    month, year = months(rows.own[column]), return_year(rows.own)
    return check(~np.isnan(month) & ~np.isnan(year), month // 12 == year)


def ref_year_is_return_year(rows: Rows) -> Check:
    ref, year = numbers(rows.own["ref_year"]), return_year(rows.own)
    return check(~np.isnan(ref) & ~np.isnan(year), ref == year)


def opened_by_ref_year(rows: Rows) -> Check:
    opened, ref = months(rows.own["opened_date"]), numbers(rows.own["ref_year"])
    return check(~np.isnan(opened) & ~np.isnan(ref), opened // 12 <= ref)


def carried_over_agrees(rows: Rows) -> Check:
    opened, ref = months(rows.own["opened_date"]), numbers(rows.own["ref_year"])
    carried = rows.own["carried_over"]
    judged = ~np.isnan(opened) & ~np.isnan(ref) & within(carried, ("yes", "no"))
    return check(judged & (opened // 12 <= ref), (opened // 12 < ref) == equals(carried, "yes"))


def identified_by_return_year(rows: Rows) -> Check:
    identified, year = numbers(rows.own["identified_year"]), return_year(rows.own)
    return check(~np.isnan(identified) & ~np.isnan(year), identified <= year)


def identified_in_return_year(rows: Rows) -> Check:
    identified, year = numbers(rows.own["identified_year"]), return_year(rows.own)
    return check(~np.isnan(identified) & (identified <= year), identified == year)


def status_not_before_identification(rows: Rows) -> Check:
    status, identified = months(rows.own["status_date"]), numbers(rows.own["identified_year"])
    return check(~np.isnan(status) & ~np.isnan(identified), status // 12 >= identified)


def status_is_of_a_victim(rows: Rows) -> Check:
    return check(given(rows.own["status"]), ~equals(rows.own["status"], "SCREENED"))


def form_fits_age(rows: Rows) -> Check:
    """SEX_CSEC and the other forms of children need a child, SEX_ADULT an adult.

    Judged on the age group when exploitation began. Where that is blank, a child at
    identification was a child then too; an adult at identification may have been a child.
    """
    form, ages = rows.own["form"], broad_age(rows.codebook)
    began = each_distinct(rows.own["age_at_exploit_group"], lambda code: ages.get(code, ""), object)
    found = each_distinct(rows.own["age_group"], lambda code: ages.get(code, ""), object)
    of_child = (began == "CHILD") | ((began == "") & (found == "CHILD"))
    of_adult = began == "ADULT"
    child_form, adult_form = within(form, CHILD_FORMS), within(form, ADULT_FORMS)
    ok = ~((child_form & of_adult) | (adult_form & of_child))
    age = np.where(began != "", began, found)
    return check(child_form | adult_form, ok, age, detail_codelist="age_group")


def form_has_age(rows: Rows) -> Check:
    """A form that depends on the age comes with the age group when exploitation began."""
    ages = broad_age(rows.codebook)
    known = within(rows.own["age_at_exploit_group"], ages)
    child_found = within(rows.own["age_group"], [c for c, age in ages.items() if age == "CHILD"])
    depends = within(rows.own["form"], CHILD_FORMS + ADULT_FORMS)
    return check(depends & ~child_found & ~_without_consent(rows), known)


def age_fits_group(rows: Rows) -> Check:
    table = rows.codebook.codelist("age_group")
    least = {code: float(value or "nan") for code, value in table.attribute("min_age").items()}
    most = {code: float(value or "inf") for code, value in table.attribute("max_age").items()}
    age, group = numbers(rows.own["age_years_ident"]), rows.own["age_group"]
    low = each_distinct(group, lambda code: least.get(code, np.nan), float)
    high = each_distinct(group, lambda code: most.get(code, np.nan), float)
    judged = ~np.isnan(age) & ~np.isnan(low)
    return check(judged, (age >= low) & (age <= high), text(rows.own["age_years_ident"]))


def exploited_no_older_than_identified(rows: Rows) -> Check:
    ages = broad_age(rows.codebook)
    began = each_distinct(rows.own["age_at_exploit_group"], lambda code: ages.get(code, ""), object)
    found = each_distinct(rows.own["age_group"], lambda code: ages.get(code, ""), object)
    return check((began != "") & (found != ""), ~((began == "ADULT") & (found == "CHILD")))


def sexual_type_only_if_sexual(rows: Rows) -> Check:
    return check(given(rows.own["sexual_type"]) & given(rows.own["form"]), _form_is(rows, SEXUAL))


def sexual_type_given(rows: Rows) -> Check:
    return check(_form_is(rows, SEXUAL) & ~_without_consent(rows), given(rows.own["sexual_type"]))


def sector_only_if_labour(rows: Rows) -> Check:
    return check(given(rows.own["sector"]) & given(rows.own["form"]), _form_is(rows, LABOUR))


def sector_given(rows: Rows) -> Check:
    applies = equals(rows.own["form"], "LAB_SECTOR") & ~_without_consent(rows)
    return check(applies, given(rows.own["sector"]))


def person_given(rows: Rows) -> Check:
    units = rows.codebook.codelist("case_stage").attribute("unit")
    of_person = within(rows.own["stage"], [c for c, unit in units.items() if unit == "person"])
    stage = text(rows.own["stage"])
    return check(of_person, given(rows.own["person_id"]), stage, detail_codelist="case_stage")


def sex_given(rows: Rows) -> Check:
    return check(given(rows.own["person_id"]), given(rows.own["sex"]))


def conviction_has_date(rows: Rows) -> Check:
    return check(_convicted(rows), given(rows.own["outcome_date"]))


def conviction_has_sentence(rows: Rows) -> Check:
    return check(_convicted(rows), given(rows.own["sentence_type"]))


def outcome_not_before_charge(rows: Rows) -> Check:
    charged, ended = months(rows.own["charged_date"]), months(rows.own["outcome_date"])
    judged = ~np.isnan(charged) & ~np.isnan(ended)
    return check(judged, ended >= charged, text(rows.own["charged_date"]))


def outcome_has_date(rows: Rows) -> Check:
    outcome = rows.own["outcome"]
    ended = given(outcome) & ~within(outcome, ("PENDING", "UNKNOWN")) & ~_convicted(rows)
    return check(ended, given(rows.own["outcome_date"]))


def pending_has_no_date(rows: Rows) -> Check:
    return check(equals(rows.own["outcome"], "PENDING"), ~given(rows.own["outcome_date"]))


def sentence_only_if_guilty(rows: Rows) -> Check:
    guilty = _convicted(rows) | equals(rows.own["outcome"], "GUILTY_LESSER")
    return check(given(rows.own["sentence_type"]) & given(rows.own["outcome"]), guilty)


def imprisonment_has_months(rows: Rows) -> Check:
    return check(equals(rows.own["sentence_type"], "IMPRISON"), given(rows.own["sentence_months"]))


def sentence_months_plausible(rows: Rows) -> Check:
    length = numbers(rows.own["sentence_months"])
    return check(~np.isnan(length), length <= 1200)


def at_least_one_count(rows: Rows) -> Check:
    counts = numbers(rows.own["counts"])
    return check(~np.isnan(counts), counts >= 1)


def end_not_before_start(rows: Rows) -> Check:
    start, end = months(rows.own["start_month"]), months(rows.own["end_month"])
    return check(~np.isnan(start) & ~np.isnan(end), end >= start, text(rows.own["start_month"]))


def shelter_type_given(rows: Rows) -> Check:
    return check(equals(rows.own["service_type"], "SHELTER"), given(rows.own["shelter_type"]))


def shelter_type_only_if_shelter(rows: Rows) -> Check:
    applies = given(rows.own["shelter_type"]) & given(rows.own["service_type"])
    return check(applies, within(rows.own["service_type"], ("SHELTER", "INDEP_LIVING")))


def between_two_agencies(rows: Rows) -> Check:
    sender, receiver = rows.own["from_agency"], rows.own["to_agency"]
    return check(given(sender) & given(receiver), text(sender) != text(receiver))


def own_agency(rows: Rows) -> Check:
    sender, subject = rows.own["submitted_by"], rows.own["agency"]
    return check(given(sender) & given(subject), text(sender) == text(subject))


def women_and_men_within_participants(rows: Rows) -> Check:
    women, men = numbers(rows.own["women"]), numbers(rows.own["men"])
    all_present = numbers(rows.own["participants"])
    parts = np.nan_to_num(women) + np.nan_to_num(men)
    judged = ~np.isnan(all_present) & ~(np.isnan(women) & np.isnan(men))
    return check(judged, parts <= all_present, np.char.mod("%d", parts).astype(object))


def pairs_within_participants(rows: Rows) -> Check:
    return _at_most(rows, "pre_post_pairs", "participants")


def gain_within_pairs(rows: Rows) -> Check:
    return _at_most(rows, "pre_post_gain", "pre_post_pairs")


def gain_has_pairs(rows: Rows) -> Check:
    return check(given(rows.own["pre_post_gain"]), given(rows.own["pre_post_pairs"]))


def not_held_has_no_quorum(rows: Rows) -> Check:
    return check(equals(rows.own["held"], "no"), ~equals(rows.own["quorum"], "yes"))


def not_held_has_no_representatives(rows: Rows) -> Check:
    present = np.nan_to_num(numbers(rows.own["representatives"]))
    return check(equals(rows.own["held"], "no"), present == 0)


def _at_most(rows: Rows, part: str, whole: str) -> Check:
    less, more = numbers(rows.own[part]), numbers(rows.own[whole])
    return check(~np.isnan(less) & ~np.isnan(more), less <= more, text(rows.own[whole]))


def _form_is(rows: Rows, group: str) -> np.ndarray:
    parent = rows.codebook.codelist("form_of_exploitation").attribute("parent")
    return within(rows.own["form"], [code for code, above in parent.items() if above == group])


def _without_consent(rows: Rows) -> np.ndarray:
    return equals(rows.own["consent_statistics"], "no")


def _convicted(rows: Rows) -> np.ndarray:
    counts = rows.codebook.codelist("court_outcome").attribute("counts_as_conviction")
    return within(rows.own["outcome"], [code for code, yes in counts.items() if yes == "yes"])


COLUMN_CHECKS = {"required": required, "plausible": plausible, "in_return_year": in_return_year}
"""Checks that the suites ask for by name and column: `plausible_event_date`."""

ROW_CHECKS: dict[str, CheckFunction] = {
    function.__name__: function
    for function in (
        ref_year_is_return_year,
        opened_by_ref_year,
        carried_over_agrees,
        identified_by_return_year,
        identified_in_return_year,
        status_not_before_identification,
        status_is_of_a_victim,
        form_fits_age,
        form_has_age,
        age_fits_group,
        exploited_no_older_than_identified,
        sexual_type_only_if_sexual,
        sexual_type_given,
        sector_only_if_labour,
        sector_given,
        person_given,
        sex_given,
        conviction_has_date,
        conviction_has_sentence,
        outcome_not_before_charge,
        outcome_has_date,
        pending_has_no_date,
        sentence_only_if_guilty,
        imprisonment_has_months,
        sentence_months_plausible,
        at_least_one_count,
        end_not_before_start,
        shelter_type_given,
        shelter_type_only_if_shelter,
        between_two_agencies,
        own_agency,
        women_and_men_within_participants,
        pairs_within_participants,
        gain_within_pairs,
        gain_has_pairs,
        not_held_has_no_quorum,
        not_held_has_no_representatives,
    )
}
