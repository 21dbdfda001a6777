"""The page beside the simulated submissions: what they are, how they were made."""

from __future__ import annotations

import re

from atips_analysis.example.generation import Example
from atips_analysis.example.scenario import wrong
from atips_analysis.example.written_returns import SIMULATED_MARK, Submission


def explain(example: Example, submissions: list[Submission], mistakes: int) -> str:
    """The scenario's page (`about.md`) as Markdown, with its numbers filled in.

    Raises InputError if the page asks for a number that is not there.
    """
    numbers = _numbers(example, submissions, mistakes)

    def fill(match: re.Match[str]) -> str:
        if match[1] not in numbers:
            known = ", ".join(numbers)
            raise wrong("about.md", f"{match[0]} is not known; write one of {known}")
        return str(numbers[match[1]])

    return re.sub(r"\{(\w+)\}", fill, example.scenario.about)


def _numbers(example: Example, submissions: list[Submission], mistakes: int) -> dict[str, object]:
    scenario, last = example.scenario, example.scenario.last_year
    cases = [case for case in example.cases if case.last_year >= last]
    carried = sum(case.place[0] < last for case in cases)
    survivors = {s.victim_id for s in example.services if s.start.startswith(str(last))}
    new = {v.victim_id for v in example.victims if v.year == last}
    totals = {f"{name}_{year}": amount for (name, year), amount in scenario.totals.items()}
    return {
        **totals,
        "mark": SIMULATED_MARK,
        "seed": example.seed,
        "files": len(submissions),
        "mistakes": mistakes,
        "first_year": scenario.first_year,
        "last_year": last,
        "cases": scenario.total("cases_investigated", last),
        "cases_opened": len(cases) - carried,
        "cases_carried_over": carried,
        "supported": scenario.total("supported", last),
        "supported_new": len(survivors & new),
        "supported_earlier": len(survivors - new),
        "victims_new": len(new),
    }
