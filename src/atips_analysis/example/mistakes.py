"""The mistakes that the simulated agencies make, each with what should become of it.

A row that is to be set aside is always an extra row, so that the accepted rows still add up
to what is published.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from atips_analysis.codebook import Codebook
from atips_analysis.example.chance import simulated_pseudonym
from atips_analysis.example.generation import Example
from atips_analysis.example.submissions import (
    Drafts,
    Entry,
    Key,
    Slip,
    Submission,
    Verdict,
    sheet_of,
)

NATIONALITIES = {"GTM": "Guatemalan", "HND": "Honduranian", "SLV": "Salvadorean", "BLZ": "Belizean"}
FOREIGN = set(NATIONALITIES) - {"BLZ"}
REPORTS_2023: Key = ("BPD_ATIPS", 2023, "reports")
CLEANED: Verdict = "accepted after cleaning"
ASIDE: Verdict = "quarantined"


def plant(drafts: Drafts, example: Example) -> None:
    """Put the mistakes of all four years into the drafts."""
    book = _Book(drafts, example)
    _mistakes_2021(book)
    _mistakes_2022(book)
    _mistakes_2023(book)
    _mistakes_2024(book)


class _Book:
    """The drafts while mistakes are being put in."""

    def __init__(self, drafts: Drafts, example: Example) -> None:
        self.drafts = drafts
        self.example = example

    def pseudonym(self, name: str) -> str:
        return simulated_pseudonym(self.example.seed, name)

    def first(self, key: Key, fits: Callable[[dict[str, str]], bool]) -> Entry:
        """The first untouched row that fits."""
        return next(
            entry
            for entry in self.drafts[key]
            if entry.kind == "data" and not entry.slips and fits(entry.row)
        )

    def reword(
        self,
        key: Key,
        column: str,
        words: Callable[[str], str],
        what: str,
        rule: str,
        *,
        fits: Callable[[dict[str, str]], bool] = lambda row: True,
        verdict: Verdict = CLEANED,
    ) -> None:
        """Write one value of a true row in another way."""
        entry = self.first(key, lambda row: bool(row.get(column)) and fits(row))
        entry.written[column] = words(entry.row[column])
        entry.slips.append(Slip(column, what, verdict, rule))

    def extra(
        self,
        key: Key,
        column: str,
        what: str,
        rule: str,
        changes: dict[str, str],
        *,
        written: dict[str, str] | None = None,
        fits: Callable[[dict[str, str]], bool] = lambda row: True,
        place: int | None = None,
    ) -> None:
        """Add a row that is to be set aside: a like row with changes."""
        base = next(
            entry.row for entry in self.drafts[key] if entry.kind == "data" and fits(entry.row)
        )
        row = {**base, **changes}
        entry = Entry(row, dict(written or {}), [Slip(column, what, ASIDE, rule)])
        there = len(self.drafts[key])
        if place is None:
            place = 1 + len(what) % there
        self.drafts[key].insert(min(place, there), entry)

    def paste_again(self, key: Key, position: int) -> None:
        entry = self.drafts[key][position]
        slip = Slip("", "The row above was pasted a second time.", "duplicate", "duplicate")
        self.drafts[key].insert(position + 1, Entry(dict(entry.row), dict(entry.written), [slip]))

    def totals(self, key: Key, label_column: str, number_column: str) -> None:
        """A totals row at the bottom."""
        entries = self.drafts[key]
        total = sum(int(e.row[number_column]) for e in entries if e.row.get(number_column, "").isdigit()
                    and not any(slip.verdict == ASIDE for slip in e.slips))  # fmt: skip
        written = {label_column: "TOTAL", number_column: f"{total:,}"}
        slip = Slip("", "A totals row stands below the data.", "left out", "totals row")
        entries.append(Entry({}, written, [slip], "totals"))

    def blank(self, key: Key, position: int) -> None:
        slip = Slip("", "A blank row stands between the data.", "left out", "blank row")
        self.drafts[key].insert(position, Entry({}, {}, [slip], "blank"))


def _reword_nationality(book: _Book, key: Key) -> None:
    """Write a nationality for a country, of a foreign victim where there is one."""
    foreign = any(entry.row["citizenship"] in FOREIGN for entry in book.drafts[key])
    book.reword(
        key, "citizenship", lambda code: NATIONALITIES[code],
        "A nationality is written instead of the country.", "code",
        fits=lambda row: row["citizenship"] in (FOREIGN if foreign else {"BLZ"}),
    )  # fmt: skip


def _mistakes_2021(book: _Book) -> None:
    _reword_nationality(book, ("BPD_ATIPS", 2021, "victims"))
    book.reword(
        ("DHS", 2021, "victims"), "sex", lambda _: "femenino",
        "The sex is written in Spanish.", "code", fits=lambda row: row["sex"] == "F",
    )  # fmt: skip
    book.extra(
        ("DHS", 2021, "services"), "victim_id",
        "The service is for a victim whom no agency has reported.", "foreign key",
        {"victim_id": book.pseudonym("unknown victim 2021")},
    )  # fmt: skip
    book.extra(
        ("ODPP", 2021, "suspects"), "event_date",
        "The person is committed to the High Court before the month of the Magistrate's Court.",
        "stage order", {"stage": "COMMITTED", "event_date": "2021-02"},
        fits=lambda row: row["stage"] == "MAGISTRATE" and row["event_date"] == "2021-04",
    )  # fmt: skip
    book.reword(
        ("NCFC", 2021, "awareness"), "people_reached", lambda value: f"{int(value):,}",
        "The number has a separator of thousands.", "number",
        fits=lambda row: int(row["people_reached"]) >= 1000,
    )  # fmt: skip
    book.blank(("NCFC", 2021, "trainings"), 5)
    book.totals(("LABOUR", 2021, "inspections"), "month", "n")


def _mistakes_2022(book: _Book) -> None:
    book.paste_again(("BPD_ATIPS", 2022, "victims"), 2)
    adult = {
        "sex": "F", "citizenship": "GTM", "status": "POTENTIAL", "primary_form": "yes",
        "sexual_type": "", "sector": "",
    }  # fmt: skip
    book.extra(
        ("DHS", 2022, "victims"), "age_group",
        "The age is 15, and the age group says adult.", "age",
        {**adult, "victim_id": book.pseudonym("age disagrees"), "age_years_ident": "15",
         "age_group": "ADULT", "age_at_exploit_group": "ADULT", "form": "LAB_DOMESTIC"},
    )  # fmt: skip
    book.extra(
        ("DHS", 2022, "victims"), "form",
        "Commercial sexual exploitation of a child is recorded for a person who was an adult.",
        "CSEC",
        {**adult, "victim_id": book.pseudonym("adult as child"), "age_years_ident": "24",
         "age_group": "ADULT", "age_at_exploit_group": "ADULT", "form": "SEX_CSEC",
         "sexual_type": "PROSTITUTION"},
        place=9,
    )  # fmt: skip
    book.extra(
        ("NCFC", 2022, "trainings"), "participants",
        "The number of participants is blank.", "required",
        {"session_id": "NCFC-22-TOUR-99", "participants": "", "women": "", "men": ""},
    )  # fmt: skip
    book.extra(
        ("DHS", 2022, "services"), "end_month",
        "The service ends before it begins.", "date order",
        {"service_type": "OTHER_NEEDS", "start_month": "2022-09", "end_month": "2022-05",
         "shelter_type": ""},
    )  # fmt: skip
    book.reword(
        ("DHS", 2022, "referrals"), "to_agency", lambda _: "Immigration",
        "The agency is not written as in the list.", "code",
        fits=lambda row: row["to_agency"] == "IMM",
    )  # fmt: skip


def _mistakes_2023(book: _Book) -> None:
    book.extra(
        ("DHS", 2023, "services"), "start_month",
        "03/04/2023 may be April or March.", "format",
        {"service_type": "OTHER_NEEDS", "end_month": "", "shelter_type": ""},
        written={"start_month": "03/04/2023"},
    )  # fmt: skip
    _reword_nationality(book, ("DHS", 2023, "victims"))
    book.extra(
        ("NCFC", 2023, "trainings"), "audience",
        "The audience is not in the list.", "value set",
        {"session_id": "NCFC-23-CHUR-99"}, written={"audience": "Church choirs"},
    )  # fmt: skip
    september = any(entry.row["month"] == "2023-09" for entry in book.drafts[REPORTS_2023])
    book.reword(
        REPORTS_2023, "month", lambda value: "sept 2023" if september else f"{value[5:]}.2023",
        "The month is abbreviated.", "month",
        fits=lambda row: row["month"] == "2023-09" or not september,
    )  # fmt: skip
    _withdraw_consent(book)
    book.extra(
        ("ODPP", 2023, "charges"), "sentence_type",
        "The person is convicted, and no sentence is given.", "conviction",
        {"charge_id": "BZ-CHG-2023-9901", "outcome": "GUILTY_PLEA", "outcome_date": "2023-10",
         "sentence_type": "", "sentence_months": ""},
        fits=lambda row: row["outcome"] == "GUILTY_PLEA" and row["offence_group"] == "TIP_LAB",
    )  # fmt: skip
    for outcome in ("IND_REFERRED", "NO_IND"):
        book.extra(
            ("DHS", 2023, "referrals"), "",
            "The same referral stands twice with different values.", "contradiction",
            {"referral_id": "REF-2023-990", "outcome": outcome}, place=2,
        )  # fmt: skip
    book.extra(
        ("HTI", 2023, "trainings"), "participants",
        "Women and men together are more than the participants.", "parts and whole",
        {"session_id": "HTI-23-POLI-99", "participants": "20", "women": "12", "men": "11",
         "pre_post_pairs": "", "pre_post_gain": ""},
    )  # fmt: skip
    _blank_detail(book)


def _withdraw_consent(book: _Book) -> None:
    """A potential victim known to one agency only did not consent to statistics."""
    key = ("DHS", 2023, "victims")
    alone = {
        victim.victim_id
        for victim in book.example.victims
        if victim.known_to == ("DHS",) and victim.status == "POTENTIAL" and len(victim.forms) == 1
    }
    entry = next(
        (
            entry
            for entry in book.drafts[key]
            if entry.row["victim_id"] in alone and not entry.slips
        ),
        None,
    )
    if entry is None:
        victim = {
            "victim_id": book.pseudonym("no consent"), "status": "POTENTIAL", "primary_form": "yes",
        }  # fmt: skip
        entry = Entry({**book.drafts[key][0].row, **victim})
        book.drafts[key].append(entry)
    entry.row["consent_statistics"] = "no"
    entry.slips.append(
        Slip(
            "consent_statistics",
            "The person did not consent to statistics; the characteristics are sent all the same.",
            "accepted after cleaning",
            "no consent",
        )
    )


def _blank_detail(book: _Book) -> None:
    key = ("DHS", 2023, "victims")
    entry = book.first(
        key, lambda row: bool(row["sexual_type"]) and row["consent_statistics"] == "yes"
    )
    entry.written["sexual_type"] = ""
    entry.slips.append(
        Slip("sexual_type", "The type of sexual exploitation is blank.", "warning", "form details")
    )


def _mistakes_2024(book: _Book) -> None:
    cases = ("BPD_ATIPS", 2024, "cases")
    book.extra(
        cases, "district", "A town is written instead of the district.", "value set",
        {"case_id": "BZ-CASE-2024-0099", "stage": "INVEST"}, written={"district": "Belmopan"},
        fits=lambda row: row["carried_over"] == "no", place=len(book.drafts[cases]),
    )  # fmt: skip
    book.extra(
        cases, "ref_year", "A row of last year's return was left in the form.", "reference year",
        {"case_id": "BZ-CASE-2023-0009", "ref_year": "2023", "opened_date": "2023-04",
         "stage": "INVEST_CLOSED", "carried_over": "no"},
        place=3,
    )  # fmt: skip
    book.paste_again(("BPD_ATIPS", 2024, "screenings"), 10)
    book.reword(
        ("BPD_ATIPS", 2024, "screenings"), "agency", lambda _: "IMM",
        "The row names another agency than the one that sends it.", "agency", verdict="warning",
        fits=lambda row: row["month"] >= "2024-06",
    )  # fmt: skip
    _reword_nationality(book, ("BPD_ATIPS", 2024, "victims"))
    book.reword(
        ("BPD_ATIPS", 2024, "suspects"), "case_id", lambda value: f"{value.lower()} ",
        "The case code is in small letters, with a space behind it.", "case code",
    )  # fmt: skip
    book.extra(
        ("DHS", 2024, "services"), "victim_id",
        "The service is for a victim whom no agency has reported.", "foreign key",
        {"victim_id": book.pseudonym("unknown victim 2024")},
    )  # fmt: skip
    _victims_set_aside_2024(book)
    book.extra(
        ("ODPP", 2024, "charges"), "outcome_date",
        "The person is convicted, and the month of the outcome is blank.", "conviction",
        {"charge_id": "BZ-CHG-2024-9901", "outcome_date": ""},
        fits=lambda row: row["outcome"] == "GUILTY_TRIAL",
    )  # fmt: skip
    book.extra(
        ("LABOUR", 2024, "inspections"), "n",
        "The number is an estimate in words.", "format",
        {"inspection_type": "JOINT", "finding": "IMM"}, written={"n": "approx. 20"},
    )  # fmt: skip
    book.extra(
        ("LABOUR", 2024, "inspections"), "n", "The number of inspections is not whole.", "format",
        {"inspection_type": "LICENCE", "finding": "LABOUR"}, written={"n": "12.5"}, place=30,
    )  # fmt: skip
    book.totals(("LABOUR", 2024, "inspections"), "month", "n")
    book.reword(
        ("NCFC", 2024, "awareness"), "people_reached", lambda value: f"{int(value):,}",
        "The number has a separator of thousands.", "number",
        fits=lambda row: int(row["people_reached"]) >= 1000,
    )  # fmt: skip
    book.reword(
        ("NOPCAN", 2024, "trainings"), "month", lambda value: f"{int(value[5:])}/{value[:4]}",
        "The month is written as month/year.", "month",
    )  # fmt: skip
    entry = book.first(("HTI", 2024, "trainings"), lambda row: bool(row.get("pre_post_gain")))
    entry.written["pre_post_pairs"] = ""
    entry.slips.append(
        Slip("pre_post_pairs", "Those who improved are given, not how many took both tests.",
             "warning", "parts and whole")
    )  # fmt: skip


def _victims_set_aside_2024(book: _Book) -> None:
    key = ("DHS", 2024, "victims")

    def other_case(row: dict[str, str]) -> bool:
        return row["case_id"] != "BZ-CASE-2024-0003"

    woman = {
        "sex": "F", "age_years_ident": "31", "age_group": "ADULT", "age_at_exploit_group": "ADULT",
        "citizenship": "HND", "status": "POTENTIAL", "form": "LAB_DOMESTIC", "primary_form": "yes",
        "sexual_type": "", "sector": "",
    }  # fmt: skip
    book.extra(
        key, "status_date", "03/04/2024 may be April or March.", "format",
        {**woman, "victim_id": book.pseudonym("ambiguous month")},
        written={"status_date": "03/04/2024"}, fits=other_case, place=6,
    )  # fmt: skip
    book.extra(
        key, "form", "The form of exploitation is not in the list.", "leaf",
        {**woman, "victim_id": book.pseudonym("unknown form")},
        written={"form": "Trafficking (to be decided)"}, fits=other_case, place=8,
    )  # fmt: skip
    book.reword(
        key, "form", lambda _: "Sexual exploitation",
        "A group of forms is written; age and type tell which form it is.", "form by age",
        fits=lambda row: row["form"] == "SEX_CSEC",
    )  # fmt: skip
    for form in ("DEBT", "LAB_DOMESTIC"):
        book.extra(
            key, "primary_form", "Two forms are marked as the primary one.", "primary",
            {**woman, "victim_id": book.pseudonym("two primary forms"), "form": form}, fits=other_case,
            place=11,
        )  # fmt: skip


def first_return_of_labour(drafts: Drafts, codebook: Codebook, correction: str) -> Submission:
    """The return of the Labour Department for 2022 that a later one replaces.

    December is missing in it, and one month stands twice.
    """
    key = ("LABOUR", 2022, "inspections")
    entries = [entry for entry in drafts[key] if not entry.row["month"].endswith("-12")]
    entries += [entry for entry in entries if entry.row["month"].endswith("-11")]
    sheet = sheet_of(key, [replace(entry, slips=[]) for entry in entries], codebook)
    slip = Slip(
        "",
        f"December is missing and November stands twice; {correction} replaces this file.",
        "left out",
        "replaced by a later version",
    )
    return Submission(
        file="LABOUR_2022.xlsx",
        agency="LABOUR",
        year=2022,
        lang="en",
        sheets=(sheet,),
        slips=(("", slip),),
    )
