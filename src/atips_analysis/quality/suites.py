"""The suites: what is expected of each stream, generated from the codebook and `rules.csv`.

`python -m atips_analysis.quality` writes them to `expectations/`, one file a stream.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from atips_analysis.codebook import Codebook, Column, Stream
from atips_analysis.codebook.loader import read_table
from atips_analysis.errors import InputError
from atips_analysis.quality import wording

RULES = Path(__file__).parent / "rules.csv"
PROVENANCE = ("file", "sheet", "row", "submitted_by", "submitted_for", "source")
PATTERNS = {
    "id": r"^[A-Za-z0-9][A-Za-z0-9._/:-]{0,63}$",
    "year": r"^(?:19|20)\d{2}$",
    "month": r"^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])$",
    "count": r"^\d{1,9}$",
    "age": r"^(?:\d|[1-9]\d|10\d|110)$",
}
PSEUDONYM: dict[str, Any] = {
    "victim_id": r"^[0-9A-Fa-f]{16}$",
    "person_id": r"^[0-9A-Fa-f]{16}$",
    "case_id": {"$PARAMETER": "case_id_pattern"},
    "partial_key_1": r"^[0-9A-Fa-f]{16}$",
    "partial_key_2": r"^[0-9A-Fa-f]{16}$",
    "partial_key_3": r"^[0-9A-Fa-f]{16}$",
}
MONTHLY_TOTALS = ("screenings", "inspections", "reports", "counts")
DATED_EVENTS = ("trainings", "awareness", "engagements")
ALWAYS_NEEDED = (
    "victim_id",
    "case_id",
    "identified_year",
    "status",
    "status_date",
    "consent_statistics",
)
"""What is needed of a victim without consent to statistics: everything else stays unknown."""

Suite = dict[str, Any]


def build_suites(codebook: Codebook) -> dict[str, Suite]:
    """A suite a stream, as Great Expectations writes it to JSON (without ids).

    Value sets are parameters (`{"$PARAMETER": "codes_sex"}`, see `suite_parameters`), so a code
    list lives in one place. `meta` carries the rule, the offending column, the round (2: judged
    once the verdicts of the first round are known) and the words for the agency.
    """
    rules: list[dict[str, Any]] = read_table(RULES).to_dict("records")  # type: ignore[assignment]
    return {name: _suite(stream, codebook, rules) for name, stream in codebook.streams.items()}


def suite_parameters(codebook: Codebook) -> dict[str, Any]:
    """The values of the suites' parameters: `codes_LIST` and `several_LIST` (a pattern)."""
    sets: dict[str, Any] = {
        f"codes_{name}": list(c.codes) for name, c in codebook.codelists.items()
    }
    for name, codelist in codebook.codelists.items():
        one = "|".join(codelist.codes)
        sets[f"several_{name}"] = f"^(?:{one})(?:;(?:{one}))*$"
    return sets | {"case_id_pattern": codebook.case_pattern}


def write_suites(codebook: Codebook, folder: Path) -> None:
    """Write each suite to `folder`/STREAM.json."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, suite in build_suites(codebook).items():
        (folder / f"{name}.json").write_text(suite_text(suite), encoding="utf-8", newline="\n")


def load_suite(folder: Path, stream: str) -> Suite:
    """The suite of `stream` as committed in `folder`."""
    path = folder / f"{stream}.json"
    if not path.is_file():
        raise InputError(
            "the suite is missing; restore expectations/ from the repository", file=path
        )
    suite: Suite = json.loads(path.read_text(encoding="utf-8"))
    return suite


def suite_text(suite: Suite) -> str:
    return json.dumps(suite, indent=2, ensure_ascii=False) + "\n"


def _suite(stream: Stream, codebook: Codebook, rules: list[dict[str, str]]) -> Suite:
    expectations = [_known_columns_only(stream)]
    for column in stream.columns:
        expectations += _column_expectations(stream, column, codebook)
    expectations += [_row_rule(stream, rule) for rule in rules if rule["stream"] == stream.name]
    return {
        "name": stream.name,
        "expectations": expectations,
        "meta": {"stream": stream.name, "unit": stream.unit},
        "notes": None,
    }


def _known_columns_only(stream: Stream) -> dict[str, Any]:
    known = [column.name for column in stream.columns] + list(PROVENANCE)
    return _expectation(
        "expect_table_columns_to_match_set",
        {"column_set": known, "exact_match": True},
        "critical",
        "text",
        "",
        wording.in_every_language(wording.known_columns_only),
    )


def _column_expectations(
    stream: Stream, column: Column, codebook: Codebook
) -> list[dict[str, Any]]:
    found = []
    if column.required:
        found.append(_required(stream, column, codebook))
    found.append(_format(column, codebook))
    if column.type == "id" and column.name in PSEUDONYM:
        found.append(
            _expectation(
                "expect_column_values_to_match_regex",
                {"column": column.name, "regex": r"\d"},
                "critical",
                "text",
                column.name,
                wording.in_every_language(wording.name_like, column),
            )
        )
        found.append(
            _expectation(
                "expect_column_values_to_match_regex",
                {"column": column.name, "regex": PSEUDONYM[column.name]},
                "warning",
                "pseudonym",
                column.name,
                wording.in_every_language(wording.pseudonym, column),
            )
        )
    if column.type == "month":
        found += _month_rules(stream, column)
    return found


def _required(stream: Stream, column: Column, codebook: Codebook) -> dict[str, Any]:
    words = wording.in_every_language(wording.required, column, codebook)
    if stream.name == "victims" and column.name not in ALWAYS_NEEDED:
        check = {"column": f"required_{column.name}", "value_set": ["ok"]}
        kind = "expect_column_values_to_be_in_set"
        return _expectation(kind, check, "critical", "required", column.name, words)
    kind = "expect_column_values_to_not_be_null"
    return _expectation(kind, {"column": column.name}, "critical", "required", column.name, words)


def _format(column: Column, codebook: Codebook) -> dict[str, Any]:
    words = wording.in_every_language(wording.wrong_format, column, codebook)
    if column.type in ("code", "bool"):
        values: Any = ["yes", "no"]
        if column.type == "code":
            values = {"$PARAMETER": f"codes_{column.codelist}"}
        rule = "leaf" if column.codelist == "form_of_exploitation" else "value set"
        kind = "expect_column_values_to_be_in_set"
        return _expectation(
            kind, {"column": column.name, "value_set": values}, "critical", rule, column.name, words
        )
    pattern: Any = PATTERNS.get(column.type, {"$PARAMETER": f"several_{column.codelist}"})
    rule = {"id": "text", "codes": "value set"}.get(column.type, "format")
    kind = "expect_column_values_to_match_regex"
    return _expectation(
        kind, {"column": column.name, "regex": pattern}, "critical", rule, column.name, words
    )


def _month_rules(stream: Stream, column: Column) -> list[dict[str, Any]]:
    kind = "expect_column_values_to_be_in_set"
    inside = {"column": f"in_return_year_{column.name}", "value_set": ["ok"]}
    if stream.name in MONTHLY_TOTALS:
        words = wording.in_every_language(wording.month_outside_total, column)
        return [_expectation(kind, inside, "critical", "return year", column.name, words)]
    plausible = {"column": f"plausible_{column.name}", "value_set": ["ok"]}
    words = wording.in_every_language(wording.month_implausible, column)
    found = [_expectation(kind, plausible, "critical", "plausible month", column.name, words)]
    if stream.name in DATED_EVENTS:
        words = wording.in_every_language(wording.month_outside_event, column)
        found.append(_expectation(kind, inside, "warning", "return year", column.name, words))
    return found


def _row_rule(stream: Stream, rule: dict[str, str]) -> dict[str, Any]:
    stream.column(rule["column"])  # an unknown column is a slip in rules.csv: fail early
    words = wording.in_every_language(wording.of_rule, rule)
    return _expectation(
        "expect_column_values_to_be_in_set",
        {"column": f"check_{rule['check']}", "value_set": ["ok"]},
        rule["severity"],
        rule["rule"],
        rule["column"],
        words,
        int(rule["round"]),
    )


def _expectation(
    kind: str,
    arguments: dict[str, Any],
    severity: str,
    rule: str,
    column: str,
    words: dict[str, str],
    judged_in_round: int = 1,
) -> dict[str, Any]:
    return {
        "type": kind,
        "kwargs": arguments,
        "meta": {"rule": rule, "column": column, "round": judged_in_round, **words},
        "severity": severity,
    }
