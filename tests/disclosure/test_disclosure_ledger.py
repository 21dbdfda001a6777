"""What earlier releases let a reader work out, and how a new one is kept from helping him."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from atips_analysis.disclosure.attack import PublicFigure
from atips_analysis.disclosure.cells import Relation, cell_key
from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.disclosure.released_table import released_from
from atips_analysis.disclosure.releases import (
    Released,
    attack_releases,
    from_json,
    ties_by_counts,
    ties_stated,
    to_json,
    unrevised_since,
)
from atips_analysis.errors import FindingsError, InputError
from atips_analysis.indicators.place import wide
from atips_analysis.ledger.ledger_chain import with_seal
from atips_analysis.ledger.ledger_files import (
    entry_file,
    ledger_files,
    read_counts,
    read_ledger,
    write_counts,
    year_text,
)


def key(**categories):
    return cell_key("victims", "2024", categories)


TOTAL, F, M, U = key(), key(sex="F"), key(sex="M"), key(sex="U")
BY_SEX = Relation(TOTAL, (F, M, U), "victims by sex")


def release(edition, **shown):
    names = {"total": TOTAL, "f": F, "m": M, "u": U}
    return Released(edition, {names[name]: value for name, value in shown.items()}, (BY_SEX,))


def counts(edition, total, f, m, u):
    return {(edition, k): n for k, n in zip((TOTAL, F, M, U), (total, f, m, u), strict=True)}


FIRST = release("a", total=18, f=None, m=None, u=0)
SECOND = release("b", total=22, f=15, m=7, u=0)
TRUE = counts("a", 18, 15, 3, 0) | counts("b", 22, 15, 7, 0)


def test_a_count_printed_later_opens_what_was_hidden_when_its_rows_are_the_same():
    together = [FIRST, SECOND]
    assert attack_releases([FIRST], counts=TRUE).safe
    assert attack_releases([SECOND], counts=TRUE).safe
    ties = ties_by_counts(together, TRUE)
    report = attack_releases(together, ties=ties, counts=TRUE, explained=9)
    opened_by = dict(zip(report.opened["key"], report.opened["opened_by"], strict=True))
    assert "victims by sex" in opened_by[M]


def test_editions_are_not_tied_where_a_count_has_moved():
    (tie,) = ties_by_counts([FIRST, SECOND], TRUE)
    assert tie.keys == {F, U}


def test_without_true_counts_a_table_of_which_nothing_printed_differs_is_taken_as_unrevised():
    same = release("b", total=18, f=15, m=None, u=0)
    (tie,) = ties_by_counts([FIRST, same], {})
    assert tie.keys == {TOTAL, F, M, U}
    assert ties_by_counts([FIRST, SECOND], {}) == ()


def test_what_an_entry_states_of_revisions_tells_of_no_single_cell():
    assert unrevised_since(["a"], SECOND, TRUE) == {}
    still = TRUE | counts("b", 18, 15, 3, 0)
    stated = unrevised_since(["a"], SECOND, still)
    assert stated == {"a": frozenset({("victims", "2024")})}
    later = Released("b", SECOND.shown, SECOND.relations, unrevised=stated)
    (tie,) = ties_stated([FIRST, later])
    assert tie.keys == {TOTAL, F, M, U}


def test_an_entry_says_nothing_of_a_rest_that_nobody_prints():
    rest = cell_key("victims less served", "2024", {})
    moved = TRUE | counts("b", 18, 14, 4, 0) | {("a", rest): 6, ("b", rest): 6}
    later = Released("b", SECOND.shown, SECOND.relations, frozenset([rest]))
    assert unrevised_since(["a"], later, moved) == {}


def test_releases_of_one_edition_share_their_unknowns_without_any_tie():
    again = release("a", total=18, f=15, m=None, u=0)
    assert not attack_releases([FIRST, again]).safe


@pytest.mark.parametrize("edition", ["a", "b"])
def test_what_was_printed_first_and_hidden_later_is_no_secret_but_not_the_other_way(edition):
    first, later = Released("a", {F: 8}, ()), Released(edition, {F: None}, ())
    truth = {("a", F): 8, (edition, F): 8}
    ties = ties_by_counts([first, later], truth)
    assert attack_releases([first, later], ties=ties, counts=truth).safe
    hidden, told = Released("a", {F: None}, ()), Released(edition, {F: 8}, ())
    ties = ties_by_counts([hidden, told], truth)
    assert not attack_releases([hidden, told], ties=ties, counts=truth).safe


def test_what_public_figures_tell_by_themselves_is_nobody_s_fault():
    figures = (PublicFigure(F, 15, "UNODC"), PublicFigure(M, 3, "UNODC"))
    told = Released("a", FIRST.shown, FIRST.relations, figures=figures)
    assert attack_releases([told]).safe
    half = Released("a", FIRST.shown, FIRST.relations, figures=figures[:1])
    assert set(attack_releases([half]).opened["key"]) == {M}


def test_an_entry_comes_back_from_its_file_as_it_was(tmp_path):
    figures = (PublicFigure(F, (1, 4), "UNODC"),)
    told = Released(
        "a",
        FIRST.shown,
        (Relation(M, (key(sex="M", age="CHILD"),), "age"), BY_SEX),
        frozenset({key(sex="M", age="CHILD")}),
        {TOTAL: (("0123456789abcdef", "value"),)},
        figures,
        {"z": frozenset({("victims", "2024")})},
    )
    file = entry_file(tmp_path, 2024, simulated=True)
    version = with_seal({"version": 1, "release": to_json(told)}, None)
    file.write_text(year_text(2024, simulated=True, versions=[version]), encoding="utf-8")
    (entry,) = read_ledger(ledger_files(tmp_path, simulated=True))
    assert entry.released == told
    assert ledger_files(tmp_path, simulated=False) == ()


def test_a_ledger_that_was_changed_by_hand_is_refused_in_one_line(tmp_path):
    file = entry_file(tmp_path, 2024, simulated=False)
    content = to_json(FIRST)
    for broken in ("{", json.dumps({"versions": [{"version": 1, "release": {}}]})):
        file.write_text(broken)
        with pytest.raises(InputError, match="not a"):
            read_ledger([file])
    content["cells"][0][3] = "17"
    with pytest.raises(InputError, match="was changed; restore it"):
        from_json(content)


def test_true_counts_stay_beside_the_editions(tmp_path):
    write_counts(tmp_path, "a", {F: 15})
    write_counts(tmp_path, "a", {M: 3})
    assert read_counts(tmp_path) == {("a", F): 15, ("a", M): 3}


# -- the table of indicators -------------------------------------------------------------------


@pytest.fixture(scope="module")
def project():
    from atips_analysis.project import find_project

    return find_project()


def shown(protected):
    table = wide(protected.table)
    return dict(zip(table["sex"], table["status"], strict=True))


def entered(raw, project):
    released, true = released_from(protect_table(raw, project).table, raw)
    return released, {(released.edition, k): n for k, n in true.items()}


def test_a_later_edition_keeps_hidden_what_would_open_an_earlier_one(project, tidy):
    earlier, past = entered(tidy("a" * 12, F=15, M=3), project)
    later = tidy("b" * 12, F=15, M=7)
    assert shown(protect_table(later, project)) == {"Total": "OK", "F": "OK", "M": "OK"}
    careful = protect_table(later, project, earlier=[earlier], earlier_counts=past)
    assert shown(careful)["F"] == "C"


def test_what_an_earlier_release_hid_is_not_printed_by_a_later_one(project, tidy):
    raw = tidy("a" * 12, F=15, M=8, U=9)
    assert set(shown(protect_table(raw, project)).values()) == {"OK"}
    keys = [cell_key("PROT-01 VICTIM", "2031", {"sex": sex}) for sex in ("F", "M")]
    past = dict(zip([("a" * 12, key) for key in keys], (15, 8), strict=True))
    earlier = Released("a" * 12, dict.fromkeys(keys), ())
    careful = protect_table(raw, project, earlier=[earlier], earlier_counts=past)
    assert shown(careful)["F"] == "C" and shown(careful)["M"] == "C"
    assert shown(careful)["Total"] == "OK"


@pytest.mark.parametrize(("count", "safe"), [(15, True), (0, True), (3, False)])
def test_a_rounded_count_may_be_told_later_unless_it_is_a_small_one(count, safe):
    rounded = Released("a", {F: (0, 19)}, ())
    later = Released("a", {F: count}, ())
    assert attack_releases([rounded, later]).safe is safe


def test_the_same_edition_is_protected_as_it_was_the_first_time(project, tidy):
    raw = tidy("a" * 12, F=15, M=3, U=0)
    earlier, past = entered(raw, project)
    first = protect_table(raw, project)
    again = protect_table(raw, project, earlier=[earlier], earlier_counts=past)
    pd.testing.assert_frame_equal(first.table, again.table)


def test_without_true_counts_a_build_that_opens_an_earlier_release_is_refused(project, tidy):
    earlier, _ = entered(tidy("a" * 12, F=15, M=3), project)
    opening = Released(
        earlier.edition,
        earlier.shown,
        earlier.relations,
        unpublished=earlier.unpublished,
        places=earlier.places,
    )
    same_rows = tidy("a" * 12, F=15, M=7)
    with pytest.raises(FindingsError, match="nothing is published"):
        protect_table(same_rows, project, earlier=[opening])


def test_a_released_table_tells_nothing_that_its_rows_hide(project, tidy):
    raw = tidy("a" * 12, F=15, M=3, U=0)
    released, true = released_from(protect_table(raw, project).table, raw)
    by = {dict(k[2]).get("sex", "Total"): value for k, value in released.shown.items()}
    assert by == {"Total": 18, "F": (1, 17), "M": (1, 17), "U": 0}
    assert true[cell_key("PROT-01 VICTIM", "2031", {"sex": "M"})] == 3


def test_what_was_released_beside_the_indicators_is_read_with_them(tmp_path):
    file = entry_file(tmp_path, 2024, simulated=True)
    beside = {"research": {"sha256": "0", "release": to_json(SECOND)}}
    version = with_seal({"version": 1, "release": to_json(FIRST), "beside": beside}, None)
    file.write_text(year_text(2024, simulated=True, versions=[version]), encoding="utf-8")
    (entry,) = read_ledger([file])
    assert entry.released.edition == "a"
    assert [(one.edition, one.shown) for one in entry.companions] == [("b", SECOND.shown)]
