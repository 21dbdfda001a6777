"""Each rule lets pass what lies just inside it, and finds what lies just outside.

The rows on the edges are made from what the rule itself declares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

from atips_analysis.codebook import Codebook, Column, Stream, load_codebook
from atips_analysis.project import find_project
from atips_analysis.quality.expectation_kinds import KINDS, Returns
from atips_analysis.quality.expectations import parameters
from atips_analysis.quality.suites import Rule, load_suite
from atips_analysis.quality.validation import unexpected_rows

Row = dict[str, Any]
Pair = tuple[Row, Row]
"""A row that the rule lets pass, and one that it does not."""

SAMPLES = {
    "id": "0123456789abcdef",
    "year": "2024",
    "month": "2024-06",
    "bool": "yes",
    "count": "5",
    "age": "30",
}
PATTERNS = {
    r"^[A-Za-z0-9][A-Za-z0-9._/:-]{0,63}$": [("7", "-7"), ("a" * 64, "a" * 65), ("a.b/c:-", "a b")],
    r"\d": [("ab1", "Maria")],
    r"^[0-9A-Fa-f]{16}$": [
        ("0aF" + "1" * 13, "0" * 15),
        ("0" * 16, "0" * 17),
        ("f" * 16, "g" * 16),
    ],
    r"^(?:19|20)\d{2}$": [("1900", "1899"), ("2099", "2100"), ("2024", "24")],
    r"^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])$": [("2024-01", "2024-00"), ("2024-12", "2024-13")],
    r"^\d{1,9}$": [("0", "-1"), ("9" * 9, "9" * 10), ("12", "1.5")],
    r"^(?:\d|[1-9]\d|10\d|110)$": [("0", "00"), ("110", "111"), ("99", "-1")],
}
"""Around the edges of each pattern; a pattern that is not here has no boundary that is tested."""


def around(rule: Rule, stream: Stream, codebook: Codebook) -> list[Pair]:
    """Pairs of rows around the edges of a rule that a row answers by itself."""
    kind = rule.expectation["type"]
    arguments = dict(rule.expectation["kwargs"])
    about = {column.name: column for column in stream.columns}
    base = _row(rule, about, codebook)
    base |= _meeting(arguments.pop("row_condition", None), about, codebook)
    for name, value in arguments.items():
        if isinstance(value, dict):
            arguments[name] = parameters(codebook)[value["$PARAMETER"]]
    made = MAKERS[kind](arguments, about, codebook)
    return [({**base, **inside}, {**base, **outside}) for inside, outside in made]


def _row(rule: Rule, about: dict[str, Column], codebook: Codebook) -> Row:
    return {name: sample(about.get(name), codebook) for name in rule.reads}


def sample(column: Column | None, codebook: Codebook) -> str:
    """A good value of a column; of the provenance the year or the agency."""
    if column is None:
        return "2024"
    if column.codelist:
        return codebook.codelist(column.codelist).codes[0]
    return SAMPLES[column.type]


def _meeting(condition: Any, about: dict[str, Column], codebook: Codebook) -> Row:
    """Values that meet a condition."""
    row: Row = {}
    for part in (condition or {}).get("conditions", [condition] if condition else []):
        name = part["column"]["name"]
        if part["type"] == "nullity":
            row.setdefault(name, sample(about.get(name), codebook))
        elif part["operator"] in ("==", "IN"):
            row[name] = part["parameter"] if part["operator"] == "==" else part["parameter"][0]
        else:
            codelist = about[name].codelist
            codes = codebook.codelist(codelist).codes if codelist else ("yes", "no")
            row[name] = next(code for code in codes if code not in part["parameter"])
    return row


def _not_null(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    name = told["column"]
    yield {name: sample(about[name], codebook)}, {name: None}


def _null(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    name = told["column"]
    yield {name: None}, {name: sample(about[name], codebook)}


def _in_set(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    name, codes = told["column"], told["value_set"]
    for code in codes:
        yield {name: code}, {name: f"{code}X"}
    yield {name: codes[-1]}, {name: codes[-1].lower() + " "}
    if about[name].codelist:
        for other in codebook.codelist(about[name].codelist).table["code"]:
            if other not in codes:
                yield {name: codes[0]}, {name: other}


def _not_in_set(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    name, codes = told["column"], told["value_set"]
    known = codebook.codelist(about[name].codelist).codes if about[name].codelist else ("yes", "no")
    fine = [code for code in known if code not in codes]
    for code in codes:
        yield {name: fine[0]}, {name: code}
    for code in fine:
        yield {name: code}, {name: codes[0]}


def _regex(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    name, pattern = told["column"], told["regex"]
    if pattern == codebook.case_pattern:
        prefix = codebook.case_prefix
        pairs = [
            (f"{prefix}-2024-0001", f"{prefix}-2024-001"),
            (f"{prefix}-2024-12345", f"{prefix}-24-0001"),
            (f"{prefix}-2024-0001", "X-CASE-2024-0001"),
        ]
    elif about[name].type == "codes":
        first, second = codebook.codelist(about[name].codelist).codes[:2]
        pairs = [(first, f"{first};"), (f"{first};{second}", f"{first}; {second}"), (second, "x")]
    else:
        pairs = PATTERNS[pattern]
    yield from (({name: inside}, {name: outside}) for inside, outside in pairs)


def _date(name: str, months: int, about: dict[str, Column]) -> str:
    """A date of a column so many months after June 2024 (of a year: years after 2024)."""
    if name == "submitted_for" or about[name].type == "year":
        return str(2024 + months)
    year, month = divmod(2024 * 12 + 5 + months, 12)
    return f"{year:04d}-{month + 1:02d}"


def _is_year(name: str, about: dict[str, Column]) -> bool:
    return name == "submitted_for" or about[name].type == "year"


def _in_order(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    first, second = told["column_list"]
    if _is_year(first, about) and not _is_year(second, about):
        yield {first: "2024", second: "2024-01"}, {first: "2024", second: "2023-12"}
    elif _is_year(second, about) and not _is_year(first, about):
        yield {first: "2024-12", second: "2024"}, {first: "2025-01", second: "2024"}
    else:
        at = _date(first, 0, about)
        yield {first: at, second: at}, {first: at, second: _date(second, -1, about)}
    yield (
        {first: "xx", second: _early(second, about)},
        {
            first: _late(first, about),
            second: _early(second, about),
        },
    )


def _late(name: str, about: dict[str, Column]) -> str:
    return "2090" if _is_year(name, about) else "2090-01"


def _early(name: str, about: dict[str, Column]) -> str:
    return "1999" if _is_year(name, about) else "1999-12"


def _same_year(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    first, year = told["column_list"]
    inside = ("2024", "2024") if _is_year(first, about) else ("2024-01", "2024-12")
    outside = ("2023", "2025") if _is_year(first, about) else ("2023-12", "2025-01")
    for good, bad in zip(inside, outside, strict=True):
        yield {first: good, year: "2024"}, {first: bad, year: "2024"}


def _plausible(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    month, year = told["column_list"]
    first = told["first_month"]
    before = f"{int(first[:4]) - 1}-12"
    last = 2024 + told.get("months_after_the_year", 0) // 12
    yield {month: first, year: "2024"}, {month: before, year: "2024"}
    yield {month: f"{last}-12", year: "2024"}, {month: f"{last + 1}-01", year: "2024"}


def _carried(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    def row(carried: str, opened: str) -> Row:
        return dict(zip(told["column_list"], (carried, opened, "2024"), strict=True))

    yield row("no", "2024-01"), row("yes", "2024-01")
    yield row("yes", "2023-12"), row("no", "2023-12")
    yield row("yes", "2025-01"), row("no", "2020-05")


def _parts(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    *parts, whole = told["column_list"]
    shares = dict.fromkeys(parts, "4")
    yield {**shares, whole: str(4 * len(parts))}, {**shares, whole: str(4 * len(parts) - 1)}
    blank = dict.fromkeys(parts[1:])
    yield {**blank, parts[0]: "9", whole: "9"}, {**blank, parts[0]: "10", whole: "9"}


def _between(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    name = told["column"]
    if "min_value" in told:
        yield {name: str(told["min_value"])}, {name: str(told["min_value"] - 1)}
    if "max_value" in told:
        yield {name: str(told["max_value"])}, {name: str(told["max_value"] + 1)}


def _form(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    form, began, found = told["column_list"]
    for of_child in told["forms_of_children"]:
        yield (
            {form: of_child, began: "CHILD", found: "ADULT"},
            {form: of_child, began: "ADULT", found: "ADULT"},
        )
        yield {form: of_child, began: None, found: "ADULT"}, {form: of_child, began: "A18_20"}
    for of_adult in told["forms_of_adults"]:
        yield {form: of_adult, began: "ADULT", found: "CHILD"}, {form: of_adult, began: "CHILD"}
        yield (
            {form: of_adult, began: None, found: "A18_20"},
            {form: of_adult, began: "UNK", found: "A15_17"},
        )


def _age(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    years, group = told["column_list"]
    for row in codebook.codelist("age_group").table.to_dict("records"):
        low, high = row["min_age"], row["max_age"]
        if low and low != "0":
            yield {years: low, group: row["code"]}, {years: str(int(low) - 1), group: row["code"]}
        if high:
            yield {years: high, group: row["code"]}, {years: str(int(high) + 1), group: row["code"]}


def _differ(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    first, second = told["column_list"]
    one, other = codebook.codelist(about[first].codelist).codes[:2]
    yield {first: one, second: other}, {first: one, second: one}
    yield {first: one, second: None}, {first: other, second: other}


def _equal(told: Any, about: dict[str, Column], codebook: Codebook) -> Iterator[Pair]:
    first, second = told["column_A"], told["column_B"]
    yield {first: "DHS", second: "DHS"}, {first: "DHS", second: "IMM"}
    yield {first: "DHS", second: None}, {first: "IMM", second: "DHS"}


Maker = Callable[[Any, dict[str, Column], Codebook], Iterator[Pair]]
MAKERS: dict[str, Maker] = {
    "expect_column_values_to_not_be_null": _not_null,
    "expect_column_values_to_be_null": _null,
    "expect_column_values_to_be_in_set": _in_set,
    "expect_column_values_to_not_be_in_set": _not_in_set,
    "expect_column_values_to_match_regex": _regex,
    "expect_dates_in_order": _in_order,
    "expect_dates_in_the_same_year": _same_year,
    "expect_month_from_first_to_end_of_return_year": _plausible,
    "expect_carried_over_to_fit_the_month_opened": _carried,
    "expect_parts_within_the_whole": _parts,
    "expect_whole_numbers_to_be_between": _between,
    "expect_form_to_fit_the_age": _form,
    "expect_age_in_years_to_fit_the_group": _age,
    "expect_select_column_values_to_be_unique_within_record": _differ,
    "expect_column_pair_values_to_be_equal": _equal,
}


CODEBOOK = load_codebook()
SUITES = {
    stream: load_suite(find_project().expectations, stream, CODEBOOK) for stream in CODEBOOK.streams
}
ALONE = [
    (stream, number)
    for stream, rules in SUITES.items()
    for number, rule in enumerate(rules)
    if rule.expectation["type"] in MAKERS
]


@pytest.fixture(scope="module")
def judged() -> dict[tuple[str, int], Iterator[tuple[dict, bool, bool]]]:
    """Each rule's rows on its edge: the row, whether it should pass, whether it did.

    The rows of all rules of a stream are asked about at once; each rule then looks at its own.
    """
    found = {}
    for stream, rules in SUITES.items():
        own = [(n, rules[n]) for name, n in ALONE if name == stream]
        rows, whose = [], []
        for number, rule in own:
            for pair in around(rule, CODEBOOK.streams[stream], CODEBOOK):
                rows += pair
                whose += [(number, True), (number, False)]
        columns = sorted({name for _, rule in own for name in rule.reads})
        frame = pd.DataFrame(rows, columns=columns).astype("str")
        failing = unexpected_rows(frame, [rule for _, rule in own], Returns(CODEBOOK))
        for (number, _), wrong in zip(own, failing, strict=True):
            found[stream, number] = [
                (rows[at], inside, not wrong[at])
                for at, (of, inside) in enumerate(whose)
                if of == number
            ]
    return found


def _name(about: tuple[str, int]) -> str:
    rule: Rule = SUITES[about[0]][about[1]]
    return f"{about[0]}-{about[1] + 1}-{rule.column}-{rule.expectation['type']}"


@pytest.mark.parametrize("about", ALONE, ids=_name)
def test_a_rule_lets_pass_what_lies_inside_and_finds_what_lies_outside(about, judged):
    rows = judged[about]
    assert rows, "no row lies on the edge of this rule"
    for row, inside, passed in rows:
        assert passed is inside, row


def test_every_rule_that_a_row_answers_by_itself_has_rows_on_its_edges():
    named = {rule.expectation["type"] for rules in SUITES.values() for rule in rules}
    assert named - set(MAKERS) - set(KINDS) == {"expect_table_columns_to_match_set"}
    alone = {
        name for name, kind in KINDS.items() if kind.function.__module__.endswith("within_rows")
    }
    assert alone <= set(MAKERS)


def test_every_pattern_of_the_tests_is_one_of_a_suite():
    used = [rule.expectation["kwargs"].get("regex") for rules in SUITES.values() for rule in rules]
    assert set(PATTERNS) <= {pattern for pattern in used if isinstance(pattern, str)}
