"""A correction that would open somebody: what hangs together with it is printed as it was before."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest

from atips_analysis.disclosure import indicator_table, quality_table
from atips_analysis.disclosure.agencies import AgencyView
from atips_analysis.disclosure.cells import Relation, cell_key, hanging_together
from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.disclosure.kept import (
    as_printed,
    made_of,
    rows_hanging_together,
    streams_kept,
    told_beside,
)
from atips_analysis.disclosure.released_table import released_from
from atips_analysis.disclosure.releases import attack_releases, ties_by_counts
from atips_analysis.indicators.compute import KEPT
from atips_analysis.project import find_project

FIRST, SECOND, THIRD = "a" * 12, "b" * 12, "c" * 12
BUT_FOR_WHERE_FROM = ["vintage", "note"]


@pytest.fixture(scope="module")
def project():
    return find_project()


@pytest.fixture(autouse=True)
def of_that_year_nobody_else_prints_anything(monkeypatch):
    monkeypatch.setattr(indicator_table, "public_figures", lambda project: [])


class Council:
    """Releases editions of one table in a row, as builds do."""

    def __init__(self, project):
        self.project, self.released, self.printed, self.counts = project, [], [], {}

    def release(self, raw):
        made = protect_table(
            raw,
            self.project,
            earlier=self.released,
            earlier_counts=self.counts,
            printed=self.printed,
        )
        told, true = released_from(made.table, raw)
        self.released.append(told)
        self.printed.append(made.table)
        self.counts |= {(told.edition, key): count for key, count in true.items()}
        return made

    @property
    def withstood(self):
        ties = ties_by_counts(self.released, self.counts)
        return attack_releases(self.released, ties=ties, counts=self.counts).safe


def test_where_a_zero_would_tell_who_was_there_the_whole_table_is_printed_as_it_was(project, tidy):
    council = Council(project)
    first = council.release(tidy(FIRST, F=25, M=1))
    # One man withdrawn: that there is none now, and still 25 women, would say that there was one.
    second = council.release(tidy(SECOND, F=25, M=0))
    same = [name for name in first.table if name not in BUT_FOR_WHERE_FROM]
    pd.testing.assert_frame_equal(second.table[same], first.table[same])
    assert set(second.table["vintage"]) == {FIRST} and set(second.table["note"]) == {KEPT}
    assert second.public_account["kept"] == ["PROT-01 VICTIM count, 2031"]
    assert second.public_account["hidden"] == first.public_account["hidden"]
    assert made_of(SECOND, second.table).empty and council.released[1].shown == {}
    assert council.withstood


def test_of_the_rows_behind_kept_figures_the_page_on_quality_tells_no_number(
    project, tidy, monkeypatch
):
    council = Council(project)
    council.release(tidy(FIRST, F=25, M=1))
    second = council.release(tidy(SECOND, F=25, M=0))
    # 40 rows of victims, and now 39: then it was the man who was taken out.
    withheld = streams_kept(second.table, SECOND)
    assert withheld == {"victims"} and not streams_kept(second.table, FIRST)
    monkeypatch.setattr(quality_table, "by_agency", lambda returns: pd.DataFrame())
    monkeypatch.setattr(quality_table, "came_beyond", lambda account, returns: [])
    scores = pd.DataFrame(
        [("DHS", stream, "validity", 97.0, "OK") for stream in ("victims", "cases")],
        columns=["submitted_by", "stream", "dimension", "score", "status"],
    )
    counts = pd.DataFrame(
        [("victims", 40, 39, 0, 1, True), ("cases", 20, 20, 0, 0, False)],
        columns=["stream", "read", "accepted", "quarantined", "duplicates", "about_persons"],
    )
    findings = pd.DataFrame(
        [("critical", "age", "victims")] * 6 + [("critical", "format", "cases")] * 6,
        columns=["severity", "rule", "stream"],
    )
    said = quality_table.public_quality(
        scores, counts, findings, 5, pd.DataFrame(), pd.DataFrame(), withheld=withheld
    )
    victims, cases = said["rows"]
    assert victims == {"stream": "victims"} | dict.fromkeys(
        ["read", "accepted", "quarantined", "duplicates"]
    )
    assert cases["read"] == 20
    assert [(one["score"], one["status"]) for one in said["scores"]] == [(None, "C"), (97.0, "OK")]
    assert [one["rows"] for one in said["findings"]] == [None, 6]


def test_what_was_kept_is_kept_until_an_edition_can_be_printed(project, tidy):
    council = Council(project)
    council.release(tidy(FIRST, F=25, M=1))
    council.release(tidy(SECOND, F=25, M=0))
    still = council.release(tidy(THIRD, F=25, M=0))
    assert set(still.table["vintage"]) == {FIRST} and set(still.table["note"]) == {KEPT}
    later = council.release(tidy("d" * 12, F=27, M=9))
    assert set(later.table["vintage"]) == {"d" * 12} and not later.public_account["kept"]
    assert council.withstood


def test_that_a_table_is_kept_tells_of_no_count_in_it(project, tidy):
    """The program run forward: for every filling of the first table some correction is kept."""
    total, cells = 26, ("F", "M")
    told, kept = set(), set()
    for small, at in product(range(1, 5), cells):
        other = cells[at == "F"]
        counts = {at: small, other: total - small}
        council = Council(project)
        first = council.release(tidy(FIRST, **{sex: counts[sex] for sex in cells}))
        told.add((counts["F"], tuple(first.table["status"])))
        gone = counts | {at: 0}
        second = council.release(tidy(SECOND, **{sex: gone[sex] for sex in cells}))
        if second.public_account["kept"]:
            kept.add(counts["F"])
    assert kept == {count for count, _ in told} and len({said for _, said in told}) == 1


def test_what_has_never_been_printed_is_not_kept_but_left_out(project, tidy):
    council = Council(project)
    council.release(tidy(FIRST, F=25, M=1))
    council.printed.clear()
    made = council.release(tidy(SECOND, F=25, M=0))
    assert set(made.table["vintage"]) == {SECOND} and len(made.table) == 1
    assert made.public_account["crossings_left_out"] == ["PROT-01 VICTIM, by sex"]


def test_a_total_of_a_table_that_is_new_beside_kept_ones_is_hidden_and_its_breakdown_left_out(tidy):
    raw = pd.concat([tidy(SECOND, F=25, M=0), tidy(SECOND, F=25, M=0).assign(period="2031-2032")])
    raw.index = [f"row {number}" for number in range(len(raw))]
    before = raw.head(3).assign(vintage=FIRST, note="provisional")
    found = as_printed(raw, [before.assign(value=7), before])
    assert list(found["value"].dropna()) == [25, 25, 0] and len(found) == 4
    assert set(found["note"].head(3)) == {f"provisional; {KEPT}"}
    (new,) = found.tail(1).to_dict("records")
    assert (new["status"], new["vintage"], new["note"]) == ("C", "", KEPT)
    assert as_printed(raw, [before.head(0)]).empty


def test_all_that_hangs_together_by_sums_or_in_one_table_is_found(tidy):
    one, two = tidy(FIRST, F=3, M=9), tidy(FIRST, F=4, M=8).assign(period="2032")
    table = pd.concat([one, two])
    table.index = [f"row {number}" for number in range(len(table))]
    keys = [cell_key("a", "2031", {"at": str(number)}) for number in range(len(table))]
    rows = {row: (key,) for row, key in zip(table.index, keys, strict=True)}
    found, cells = rows_hanging_together([keys[1]], table, rows, [])
    assert found == set(table.index[:3]) and cells == set(keys[:3])
    found, _ = rows_hanging_together([keys[1]], table, rows, [Relation(keys[5], (keys[0],))])
    assert found == set(table.index)
    del rows["row 5"], rows["row 3"], rows["row 4"]  # of 2032 nothing is counted
    assert rows_hanging_together([keys[1]], table, rows, [])[0] == set(table.index[:3])
    table.loc[table.index[3:], "period"] = "2031-2032"
    assert rows_hanging_together([keys[1]], table, rows, [])[0] == set(table.index[:3])
    table.loc[table.index[:3], "period"] = "2030-2032"
    assert rows_hanging_together([keys[1]], table, rows, [])[0] == set(table.index)
    assert hanging_together("a", ["ab", "bc", "xy"]) == set("abc")
    assert hanging_together("", ["ab"]) == set()


def test_what_an_agency_opens_in_every_edition_is_left_out_of_each_and_keeps_nothing(
    project, tidy, monkeypatch
):
    women = cell_key("PROT-01 VICTIM", "2031", {"sex": "F"})

    def views(system, agencies, release):
        told = frozenset({women} & release.cells.keys())
        return (AgencyView("DHS", 1, told, frozenset()),)

    monkeypatch.setattr(indicator_table, "views_of", views)
    monkeypatch.setattr(indicator_table, "withstood", lambda *_: {"DHS": {}})
    council = Council(project)
    for edition, women_counted in ((FIRST, 25), (SECOND, 26)):
        made = council.release(tidy(edition, F=women_counted, M=9))
        assert made.public_account["crossings_left_out"] == ["PROT-01 VICTIM, by sex"]
        assert list(made.table["vintage"]) == [edition] and not made.public_account["kept"]


def test_beside_kept_figures_no_further_period_of_the_same_is_told(tidy):
    standing = pd.concat([tidy(FIRST, F=25, M=1).assign(note=KEPT), tidy(SECOND, F=9, M=8)])
    standing.loc[standing["vintage"].eq(SECOND), "period"] = "2030"
    other = tidy(SECOND, F=9, M=8).assign(period="2028-2029")
    half = tidy(SECOND, F=12, M=0).assign(period="2031-H1")
    pool = tidy(SECOND, F=34, M=8).assign(period="2030-2031")
    new = pd.concat([half, pool, other])
    new.index = [f"row {number}" for number in range(len(new))]
    told = told_beside(new, standing)
    assert list(told["period"]) == ["2031-H1", "2030-2031", *["2028-2029"] * 3]
    untold = told.head(2)
    assert untold[["value", "low", "high"]].isna().all(axis=None)
    assert set(untold["status"]) == {"C"} and set(untold["note"]) == {KEPT}
    assert made_of(SECOND, told)["period"].eq("2028-2029").all()
    pd.testing.assert_frame_equal(told_beside(new, standing.head(0)), new)
