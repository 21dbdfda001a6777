"""The simulated submissions: who sends what for which year. Pure: a seed in, returns out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from atips_analysis.example import activities
from atips_analysis.example.activities import Record
from atips_analysis.example.chance import Chance
from atips_analysis.example.cohorts import Accused, Case, Charge, simulate_accused, simulate_cases
from atips_analysis.example.month_steps import later, year_of
from atips_analysis.example.scenario import Row, Scenario
from atips_analysis.example.survivors import Service, Victim, simulate_services, simulate_victims

DEFAULT_SEED = 2024
STAGE_ORDER = (
    "REPORT", "REFERRED", "INVEST", "INVEST_CLOSED", "CONTACT", "CHARGED", "MAGISTRATE",
    "COMMITTED", "AWAIT_TRIAL", "TRIAL", "DISPOSED", "CLOSED_DEATH",
)  # fmt: skip
COURT_STAGES = {"MAGISTRATE", "COMMITTED", "AWAIT_TRIAL", "TRIAL", "DISPOSED"}


@dataclass(frozen=True)
class Example:
    """The true rows of all years, before agencies make their mistakes.

    `records` are in the order in which they stand in the files. `cases`, `accused`, `victims`
    and `services` are what they were made from.
    """

    seed: int
    scenario: Scenario = field(repr=False)
    records: tuple[Record, ...]
    cases: tuple[Case, ...] = field(repr=False)
    accused: tuple[Accused, ...] = field(repr=False)
    victims: tuple[Victim, ...] = field(repr=False)
    services: tuple[Service, ...] = field(repr=False)

    def rows(self, stream: str, year: int | None = None) -> list[Row]:
        """The rows of a stream, of all agencies."""
        return [
            record.row
            for record in self.records
            if record.stream == stream and year in (None, record.year)
        ]


def simulate(scenario: Scenario, seed: int = DEFAULT_SEED) -> Example:
    """Simulate the rows of all years so that they meet the totals of the scenario.

    The same seed gives the same rows. Another seed gives other rows with the same totals.
    """
    cases = simulate_cases(seed, scenario)
    accused = simulate_accused(seed, scenario, cases)
    victims = simulate_victims(seed, scenario, cases)
    services = simulate_services(seed, scenario, victims)
    records: list[Record] = []
    parts: tuple[Iterable[Record], ...] = (
        _cases(scenario, cases, accused, victims),
        _victims(scenario, victims),
        _suspects(scenario, cases, accused),
        _charges(scenario, accused),
        _services(services),
        _referrals(seed, scenario, cases, victims),
        activities.screenings(seed, scenario),
        activities.trainings(seed, scenario),
        activities.awareness(seed, scenario),
        activities.inspections(seed, scenario),
        activities.reports(seed, scenario),
        activities.engagements(seed, scenario),
        activities.counts(seed, scenario),
    )
    for part in parts:
        records.extend(part)
    return Example(seed, scenario, tuple(records), tuple(cases), accused, victims, services)


def _cases(
    scenario: Scenario, cases: list[Case], accused: tuple[Accused, ...], victims: tuple[Victim, ...]
) -> Iterator[Record]:
    """A case is sent again for every year in which it is open, with the stage it has reached."""
    for year in scenario.years:
        for case in cases:
            if not case.place[0] <= year <= case.last_year:
                continue
            own = [victim for victim in victims if victim.case == case]
            adults = any(not victim.child_when_exploited for victim in own)
            row = {
                "case_id": case.case_id,
                "ref_year": str(year),
                "opened_date": case.opened,
                "carried_over": "yes" if case.place[0] < year else "no",
                "referral_source": case.source,
                "district": case.district,
                "geographic_flow": case.flow,
                "acts": "RECRUIT;HARBOUR" if case.flow == "DOMESTIC" else "RECRUIT;TRANSPORT",
                "means": "DECEPTION;ABUSE_VULN" if adults or not own else "NA_CHILD",
                "stage": _stage_reached(case, accused, year),
            }
            yield Record(scenario.agency("police"), year, "cases", row)


def _stage_reached(case: Case, accused: tuple[Accused, ...], year: int) -> str:
    reached = [stage for stage, when in case.stages if year_of(when) <= year]
    for person in accused:
        if person.case == case.place:
            reached += [stage for stage, when in person.stages if year_of(when) <= year]
    return max(reached, key=STAGE_ORDER.index)


def _victims(scenario: Scenario, victims: tuple[Victim, ...]) -> Iterator[Record]:
    for victim in victims:
        for agency in victim.known_to:
            for place, form in enumerate(victim.forms):
                row = _victim_row(victim, form, place)
                row |= {"country_of_exploitation": scenario.country, "consent_statistics": "yes"}
                if agency == scenario.agency("care"):
                    row |= {
                        "age_years_ident": str(victim.age),
                        "recruiter_relationship": victim.recruiter,
                        "recruitment_method": victim.method,
                        "means_of_control": victim.control,
                    }
                yield Record(agency, victim.year, "victims", row)


def _victim_row(victim: Victim, form: str, place: int) -> Row:
    age_group = "CHILD" if victim.child else "ADULT"
    return {
        "victim_id": victim.victim_id,
        "case_id": victim.case.case_id,
        "identified_year": str(victim.year),
        "sex": victim.sex,
        "age_years_ident": "",
        "age_group": age_group,
        "age_at_exploit_group": "CHILD" if victim.child_when_exploited else "ADULT",
        "citizenship": victim.citizenship,
        "status": victim.status,
        "status_date": victim.identified,
        "decision_by": victim.decision_by,
        "form": form,
        "primary_form": "no" if place else "yes",
        "sexual_type": _sexual_type(form),
        "sector": victim.sector if form in {"LAB_SECTOR", "LAB_CHILD"} else "",
    }


def _sexual_type(form: str) -> str:
    return {"SEX_ADULT": "PROSTITUTION", "SEX_CSEC": "PROSTITUTION", "SEX_CSAM": "MATERIAL"}.get(
        form, ""
    )


def _suspects(
    scenario: Scenario, cases: list[Case], accused: tuple[Accused, ...]
) -> Iterator[Record]:
    """Police send the stages of the case and of the arrest, the prosecution those in court.

    The first return also holds the earlier stages of cases then open.
    """
    police, prosecution = scenario.agency("police"), scenario.agency("prosecution")
    first = scenario.first_year
    for case in cases:
        for stage, when in case.stages:
            yield _stage(police, first, {"case_id": case.case_id, "stage": stage}, when)
    by_place = {case.place: case for case in cases}
    for person in accused:
        about = {
            "person_id": person.person_id,
            "sex": person.sex,
            "age_group": "ADULT",
            "citizenship": person.citizenship,
            "roles": person.role,
            "is_public_official": "no",
        }
        for stage, when in person.stages:
            agency = prosecution if stage in COURT_STAGES else police
            row = {"case_id": by_place[person.case].case_id, "stage": stage, **about}
            yield _stage(agency, first, row, when)


def _stage(agency: str, first_year: int, row: Row, when: str) -> Record:
    return Record(agency, max(first_year, year_of(when)), "suspects", {**row, "event_date": when})


def _charges(scenario: Scenario, accused: tuple[Accused, ...]) -> Iterator[Record]:
    """A charge is sent for every year in which it is open, with what has become of it.

    The registries send those decided in the year; they agree with the prosecution's.
    """
    for person in accused:
        charge = person.charge
        if charge is None:
            continue
        end = year_of(charge.outcome_month) if charge.outcome_month else scenario.last_year
        for year in scenario.years:
            if year_of(charge.charged) <= year <= end:
                row = _charge_row(person, charge, year)
                yield Record(scenario.agency("prosecution"), year, "charges", row)
                if charge.outcome_month and year == end and charge.outcome != "DIED":
                    yield Record(scenario.agency("courts"), year, "charges", dict(row))


def _charge_row(person: Accused, charge: Charge, year: int) -> Row:
    decided = bool(charge.outcome_month) and year_of(charge.outcome_month) <= year
    committed = bool(charge.committed) and year_of(charge.committed) <= year
    return {
        "charge_id": charge.charge_id,
        "person_id": person.person_id,
        "offence_group": charge.offence,
        "counts": str(charge.counts),
        "charged_date": charge.charged,
        "outcome": charge.outcome if decided else "PENDING",
        "outcome_date": charge.outcome_month if decided else "",
        "court_level": "HIGH" if committed else "MAG",
        "sentence_type": charge.sentence_type if decided else "",
        "sentence_months": str(charge.sentence_months)
        if decided and charge.sentence_months is not None
        else "",
    }


def _services(services: tuple[Service, ...]) -> Iterator[Record]:
    for service in services:
        row = {
            "victim_id": service.victim_id,
            "service_type": service.kind,
            "provider": service.provider,
            "start_month": service.start,
            "end_month": service.end,
            "shelter_type": service.shelter,
            "days_from_identification": "" if service.days is None else str(service.days),
        }
        yield Record(service.provider, year_of(service.start), "services", row)


def _referrals(
    seed: int, scenario: Scenario, cases: list[Case], victims: tuple[Victim, ...]
) -> Iterator[Record]:
    """Referrals between agencies, sent by the agency that made them."""
    number = 0
    police, care = scenario.agency("police"), scenario.agency("care")
    immigration = scenario.agency("immigration")
    for case in cases:
        if case.place[0] not in scenario.years:
            continue
        origin = scenario.said["referring"].get(case.source)
        if origin:
            number += 1
            yield _referral(seed, number, case, origin, police, case.opened)
    for victim in victims:
        if victim.known_to == (care, police):
            number += 1
            yield _referral(seed, number, victim.case, police, care, victim.identified)
        if (
            victim.status == "CONFIRMED"
            and care in victim.known_to
            and victim.citizenship != scenario.country
        ):
            number += 1
            yield _referral(seed, number, victim.case, care, immigration, victim.identified)


def _referral(seed: int, number: int, case: Case, sender: str, to: str, when: str) -> Record:
    chance = Chance(seed, f"referral {number}")
    month = later(when, 1) if chance.happens(0.2) and not when.endswith("-12") else when
    row = {
        "referral_id": f"REF-{year_of(month)}-{number:03d}",
        "case_id": case.case_id,
        "from_agency": sender,
        "to_agency": to,
        "made_month": month,
        "ack_working_days": str(chance.weighted({0: 2, 1: 4, 2: 3, 3: 2, 5: 1, 8: 1})),
        "outcome": "IND_REFERRED",
    }
    return Record(sender, year_of(month), "referrals", row)
