"""Who is one person: records of several agencies linked by rules that can be read aloud.

A record is one code at one agency. Links are deterministic, in tiers; what a rule cannot
settle goes to a list that a person decides (see `decisions`), and is counted apart until
then. Tens of records cannot train a probabilistic model (Fellegi and Sunter, 1969), and a
rule can be explained to the agency that asks.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError

Rule = Literal[
    "decided",
    "same_id",
    "three_partial_keys",
    "two_partial_keys",
    "first_name_key_and_case",
    "one_partial_key",
    "same_case",
]
RULES: dict[Rule, str] = {
    "decided": "A person decided that the two records are one.",
    "same_id": "The codes are the same, and the sexes do not contradict one another.",
    "three_partial_keys": "All three partial keys are the same: one surname of two is missing, "
    "or a further name. Sex and age group do not contradict one another.",
    "two_partial_keys": "Two of the three partial keys are the same: a spelling, or a swapped day "
    "and month. Sex and age group do not contradict one another.",
    "first_name_key_and_case": "A partial key that holds the first name is the same (with the date "
    "of birth, or with surname and year), and so are case, sex, age group and citizenship, at two "
    "agencies. The key of surname and date of birth does not do: brothers and sisters share it.",
    "one_partial_key": "One partial key is the same and nothing contradicts: perhaps one person, "
    "perhaps brothers or sisters. Never linked by rule; a person decides.",
    "same_case": "Same case, sex, age group and citizenship at two agencies, each the only one "
    "that fits the other, and no code or key in common. Never linked by rule; a person decides.",
}
LINKING: tuple[Rule, ...] = (
    "same_id",
    "three_partial_keys",
    "two_partial_keys",
    "first_name_key_and_case",
)
WITH_FIRST_NAME = ("partial_key_1", "partial_key_3")
PARTIAL_KEYS = ("partial_key_1", "partial_key_2", "partial_key_3")
CHARACTERISTICS = ("sex", "age_group", "citizenship", "case_id")
NOT_KNOWN = frozenset({"", "U", "UNK", "NR", "REF", "RED", "NAP", "XXX"})
LARGEST_BLOCK = 100  # a key that more records share does not identify anyone
Pair = tuple[str, str]


@dataclass(frozen=True)
class Linkage:
    """Which records are one person.

    `clusters`: agency, id, cluster (12 hex), a line a record. `links`: one, other, rule, in
    the order in which they were made. `doubtful`: one, other, rule, reason: pairs for a
    person to decide. A record is named `AGENCY:code`.
    """

    clusters: pd.DataFrame
    links: pd.DataFrame
    doubtful: pd.DataFrame


def link(records: pd.DataFrame, decisions: Mapping[Pair, bool] | None = None) -> Linkage:
    """Link records of persons across agencies.

    Two records of one agency and one year with different codes are never put together by a
    rule, neither directly nor through a third: the agency, which knows the names, holds them
    for two. Only a decision does that. A pair decided to be different is kept apart likewise.

    Parameters
    ----------
    records : DataFrame
        A line or more for each record: agency, id, year, and where known sex, age_group,
        citizenship, case_id and the partial keys (`PARTIAL_KEYS`).
    decisions : mapping of pair to bool, optional
        True when a person decided that the pair of records is one person, False when not.

    Raises
    ------
    InputError
        If decisions contradict one another.
    """
    people = _people(records)
    clusters = _Clusters(people, decisions or {})
    pairs = _pairs(people)
    doubtful: list[dict[str, str]] = []
    for rule in LINKING:
        for pair in sorted(pair for pair, found in pairs.items() if found == rule):
            reason = _contradiction(people[pair[0]], people[pair[1]], rule)
            reason = reason or clusters.joined(pair, rule)
            if reason:
                doubtful.append(_line(pair, rule, reason))
    one_key = sorted(pair for pair, found in pairs.items() if found == "one_partial_key")
    for pair in one_key:
        if clusters.may_join(pair) and not _contradiction(people[pair[0]], people[pair[1]], None):
            doubtful.append(_line(pair, "one_partial_key", "one partial key is the same"))
    known = {frozenset((line["one"], line["other"])) for line in doubtful}
    for pair in _only_fits_in_a_case(people, clusters):
        if frozenset(pair) not in known:
            doubtful.append(_line(pair, "same_case", "the only ones of a case that fit"))
    open_pairs = [
        line
        for line in doubtful
        if not clusters.together((line["one"], line["other"]))
        and not clusters.decided((line["one"], line["other"]))
    ]
    return Linkage(
        clusters.table(),
        pd.DataFrame(clusters.links, columns=["one", "other", "rule"]),
        pd.DataFrame(open_pairs, columns=["one", "other", "rule", "reason"]),
    )


@dataclass
class _Person:
    """A record: one code at one agency, over all rows and years."""

    agency: str
    code: str
    years: set[int] = field(default_factory=set)
    known: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def agrees(self, other: _Person, name: str) -> bool:
        """Both known, and a value in common."""
        return bool(self.known[name] & other.known[name])

    def contradicts(self, other: _Person, name: str) -> bool:
        """Both known, and no value in common."""
        return bool(self.known[name] and other.known[name]) and not self.agrees(other, name)


def _people(records: pd.DataFrame) -> dict[str, _Person]:
    """Records by name, with what is known of each; ages as child or adult."""
    columns = [name for name in (*CHARACTERISTICS, *PARTIAL_KEYS) if name in records]
    table = (
        records[["agency", "id", "year", *columns]]
        .drop_duplicates()
        .sort_values(["agency", "id", "year"], kind="stable")
    )
    table = table[table["id"].notna() & (table["id"] != "")]
    if "age_group" in columns:
        table["age_group"] = table["age_group"].map(broad_age_groups()).fillna("")
    people: dict[str, _Person] = {}
    for line in table.to_dict("records"):
        person = people.setdefault(
            f"{line['agency']}:{line['id']}", _Person(str(line["agency"]), str(line["id"]))
        )
        if not pd.isna(line["year"]):
            person.years.add(int(line["year"]))
        for name in columns:
            value = "" if pd.isna(line[name]) else str(line[name])
            if value not in NOT_KNOWN:
                person.known[name].add(value)
    return people


def broad_age_groups() -> dict[str, str]:
    """Age group to CHILD, ADULT or UNK, by the codebook's ages."""
    table = load_codebook().codelist("age_group").table
    adult = pd.to_numeric(table["min_age"]) >= 18
    broad = pd.Series("CHILD", index=table.index).mask(adult, "ADULT")
    broad = broad.mask(table["min_age"] == "", "UNK")
    return dict(zip(table["code"], broad, strict=True))


def _pairs(people: Mapping[str, _Person]) -> dict[Pair, Rule]:
    """Pairs that share a code or partial keys, with the strongest rule that holds."""
    found: dict[Pair, Rule] = {}
    shared: Counter[Pair] = Counter()
    for key in PARTIAL_KEYS:
        shared.update(
            set(
                _pairs_of_blocks(
                    (value, name) for name, p in people.items() for value in p.known[key]
                )
            )
        )
    number_to_rule: dict[int, Rule] = {
        1: "one_partial_key",
        2: "two_partial_keys",
        3: "three_partial_keys",
    }
    for pair, number in shared.items():
        one, other = people[pair[0]], people[pair[1]]
        found[pair] = number_to_rule[number]
        if number == 1 and _same_first_name_and_case(one, other):
            found[pair] = "first_name_key_and_case"
    for pair in _pairs_of_blocks((person.code, name) for name, person in people.items()):
        found[pair] = "same_id"
    return found


def _same_first_name_and_case(one: _Person, other: _Person) -> bool:
    characteristics = all(one.agrees(other, name) for name in CHARACTERISTICS)
    first_name = any(one.agrees(other, key) for key in WITH_FIRST_NAME)
    return characteristics and first_name and one.agency != other.agency


def _pairs_of_blocks(keyed_names: Iterable[tuple[str, str]]) -> Iterator[Pair]:
    """All pairs of names under one key, each in order of the alphabet."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for key, name in keyed_names:
        blocks[key].append(name)
    for names in blocks.values():
        if 1 < len(names) <= LARGEST_BLOCK:
            yield from combinations(sorted(names), 2)


def _contradiction(one: _Person, other: _Person, rule: Rule | None) -> str | None:
    """What speaks against one person; ages may differ between years, a citizenship between agencies."""
    if one.contradicts(other, "sex"):
        return "the sexes differ"
    if rule == "same_id":
        return None
    if one.contradicts(other, "age_group") and one.years & other.years:
        return "the age groups differ"
    if rule is None and one.contradicts(other, "citizenship"):
        return "the citizenships differ"
    return None


def _only_fits_in_a_case(people: Mapping[str, _Person], clusters: _Clusters) -> list[Pair]:
    """Pairs of two agencies in one case of which each is the other's only fit."""
    by_case: dict[str, list[str]] = defaultdict(list)
    for name, person in people.items():
        for case in person.known["case_id"]:
            by_case[case].append(name)
    pairs: set[Pair] = set()
    for names in by_case.values():
        if len(names) > LARGEST_BLOCK:
            continue
        fits = [
            (one, other)
            for one, other in combinations(sorted(names), 2)
            if _fit(people[one], people[other])
        ]
        choices: Counter[tuple[str, str]] = Counter()
        for one, other in fits:
            choices[one, people[other].agency] += 1
            choices[other, people[one].agency] += 1
        pairs |= {
            (one, other)
            for one, other in fits
            if choices[one, people[other].agency] == choices[other, people[one].agency] == 1
            and clusters.may_join((one, other))
        }
    return sorted(pairs)


def _fit(one: _Person, other: _Person) -> bool:
    """Two agencies, one year, every characteristic known and the same, and no key against it."""
    keys_differ = any(one.contradicts(other, key) for key in PARTIAL_KEYS)
    same = all(one.agrees(other, name) for name in ("sex", "age_group", "citizenship"))
    return one.agency != other.agency and bool(one.years & other.years) and same and not keys_differ


class _Clusters:
    """Records put together so far, and what keeps some apart."""

    def __init__(self, people: Mapping[str, _Person], decisions: Mapping[Pair, bool]) -> None:
        self.people = people
        self.cluster = {name: name for name in people}
        self.members = {name: [name] for name in people}
        self.links: list[tuple[str, str, str]] = []
        known = {pair: same for pair, same in decisions.items() if set(pair) <= set(people)}
        self.decisions = {frozenset(pair): same for pair, same in known.items()}
        for pair in sorted(pair for pair, same in known.items() if same):
            if not self.together(pair):
                self._join(pair, "decided")
        for pair in sorted(pair for pair, same in known.items() if not same):
            if self.together(pair):
                raise InputError(
                    f"the decisions contradict one another: {pair[0]} and {pair[1]} are decided to "
                    "be different, and the same through others; correct one of the lines"
                )

    def together(self, pair: Pair) -> bool:
        return self.cluster[pair[0]] == self.cluster[pair[1]]

    def decided(self, pair: Pair) -> bool:
        return frozenset(pair) in self.decisions

    def may_join(self, pair: Pair) -> bool:
        return not self.together(pair) and self._obstacle(pair) is None

    def joined(self, pair: Pair, rule: Rule) -> str | None:
        """Put two records together with all that each is with; else the reason why not."""
        if self.together(pair):
            return None
        obstacle = self._obstacle(pair)
        if obstacle is None:
            self._join(pair, rule)
        return obstacle

    def _obstacle(self, pair: Pair) -> str | None:
        for one in self.members[self.cluster[pair[0]]]:
            for other in self.members[self.cluster[pair[1]]]:
                if self.decisions.get(frozenset((one, other))) is False:
                    return f"{one} and {other} were decided to be different"
                a, b = self.people[one], self.people[other]
                if a.agency == b.agency and a.code != b.code and a.years & b.years:
                    return f"{a.agency} holds {one} and {other} for two persons in one year"
        return None

    def _join(self, pair: Pair, rule: Rule) -> None:
        kept, gone = sorted((self.cluster[pair[0]], self.cluster[pair[1]]))
        for name in self.members[gone]:
            self.cluster[name] = kept
        self.members[kept] += self.members.pop(gone)
        self.links.append((*pair, rule))

    def table(self) -> pd.DataFrame:
        """agency, id, cluster; a cluster is named by the hash of its first record's name."""
        lines = [
            (
                person.agency,
                person.code,
                hashlib.sha256(self.cluster[name].encode()).hexdigest()[:12],
            )
            for name, person in sorted(self.people.items())
        ]
        return pd.DataFrame(lines, columns=["agency", "id", "cluster"]).astype("str")


def _line(pair: Pair, rule: Rule, reason: str) -> dict[str, str]:
    return {"one": pair[0], "other": pair[1], "rule": rule, "reason": reason}
