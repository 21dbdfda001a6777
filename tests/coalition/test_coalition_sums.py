"""What is added up over countries, what is not, and that no sum says more than the packs print."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from atips_analysis.coalition.packs_together import attack_together
from atips_analysis.coalition.side_by_side import common_dimensions
from atips_analysis.disclosure.releases import of_country
from atips_analysis.errors import FindingsError
from atips_analysis.indicators import wide
from atips_analysis.pages.numbers import Cell
from atips_analysis.pages.tidy import Tidy


@pytest.fixture(scope="module")
def region(packs, beside):
    return beside(*packs)


@pytest.fixture(scope="module")
def printed(region):
    """A country's own cell at the place of a sum, as the kit of pages reads it."""
    tidy = {
        pack.area: Tidy(wide(pack.table), region.indicators, {"simulated": True})
        for pack in region.packs
    }

    @cache
    def cell(area, place):
        code, unit, period, dimension, category = place
        by = {dimension: category} if dimension else {}
        return tidy[area].cell(code, period, unit, "count", **by)

    return lambda one: {pack.area: cell(pack.area, one.place) for pack in region.packs}


def total(region, code, period="2024"):
    found = [one for one in region.sums if one.place[0] == code and one.place[2:4] == (period, "")]
    return found[0] if found else None


def test_a_sum_is_that_of_the_printed_numbers_and_of_the_ends_of_hidden_ones(region, printed):
    assert len(region.sums) > 50
    for one in region.sums:
        cells = [cell for area, cell in printed(one).items() if area in one.parts]
        ends = [cell.hidden_range or (cell.value, cell.value) for cell in cells]
        low, high = sum(low for low, _ in ends), sum(high for _, high in ends)
        assert (one.cell.hidden_range or (one.cell.value, one.cell.value)) == (low, high), one


def test_a_count_that_one_country_hides_is_hidden_in_the_sum(region, printed):
    hidden = [
        one for one in region.sums if "C" in {printed(one)[area].status for area in one.parts}
    ]
    assert len(hidden) > 3
    assert all(one.cell.value is None and one.cell.status == "C" for one in hidden)


def test_what_is_hidden_in_a_pack_stays_hidden_side_by_side(region):
    assert (region.table["status"] == "C").sum() > len(region.packs)
    for pack in region.packs:
        own = region.table[region.table["ref_area"] == pack.area]
        assert own.loc[own["status"] == "C", "value"].isna().all()


def test_nobody_collects_stays_so_and_is_named_beside_the_sum(region):
    one = total(region, "PREV-08")
    assert "QQX" not in one.parts and one.without["QQX"] in {"NC", "M"}
    assert "without QQX" in one.note
    own = region.table.query("ref_area == 'QQX' and indicator_id == 'PREV-04'")
    assert set(own["status"]) == {"NC"}


def test_shares_rates_and_medians_are_never_added_up(region):
    added = region.with_sums().query("ref_area == 'REGION'")
    assert set(added["statistic"]) == {"count"}
    assert set(region.table["statistic"]) > {"count", "percent"}


def test_districts_and_agencies_stay_in_their_countries_packs(region):
    assert not {"district", "agency", "citizenship_group"} & set(common_dimensions())
    assert {"sex", "age_group", "form"} <= set(common_dimensions())
    assert (region.table["district"] == "Total").all()


def reworded(pack, code, words):
    definitions = pack.definitions.copy()
    definitions.loc[code, "definition_en"] = words
    return replace(pack, definitions=definitions)


def test_another_definition_is_shown_beside_ours_and_not_added_up(packs, beside):
    region = beside(reworded(packs[0], "PROS-01", "Files opened by the police."), *packs[1:])
    assert total(region, "PROS-01") is None
    assert total(region, "PROT-01") is not None
    (row,) = region.not_added.to_dict("records")
    assert (row["indicator_id"], row["reason"]) == ("PROS-01", "definition")
    first, second = region.definitions()["PROS-01"]
    assert first["definition"]["en"] == "Files opened by the police." and first["areas"] == ["QMX"]
    assert second["areas"] == ["QNX", "QQX", "QTX"]


def test_spaces_make_no_other_definition(packs, beside):
    words = packs[1].definitions.at["PROS-01", "definition_en"].replace(" ", "  ")
    assert total(beside(reworded(packs[0], "PROS-01", words), *packs[1:]), "PROS-01") is not None


def test_a_count_in_another_unit_is_not_added_up(packs, beside):
    table = packs[0].table.copy()
    table.loc[table["indicator_id"] == "PROS-01", "unit_of_count"] = "SUSPECT"
    region = beside(replace(packs[0], table=table), *packs[1:])
    assert total(region, "PROS-01") is None
    reasons = region.not_added.query("indicator_id == 'PROS-01'")
    assert set(reasons["reason"]) == {"unit"}
    assert set(reasons["unit_of_count"]) == {"CASE", "SUSPECT"}


def test_numbers_released_more_than_a_year_apart_are_not_added_up(packs, beside):
    region = beside(replace(packs[0], day="2023-01-31"), *packs[1:])
    assert region.sums == ()
    assert set(region.not_added["reason"]) == {"vintage"}


def test_a_provisional_number_makes_a_provisional_sum(packs, beside):
    table = packs[0].table.copy()
    cases = (table["indicator_id"] == "PROS-01") & (table["by_1"] == "")
    table.loc[cases, "status"] = "PV"
    assert total(beside(replace(packs[0], table=table), *packs[1:]), "PROS-01").cell.status == "PV"


def test_an_indicator_that_the_register_lacks_stays_in_its_pack(packs, beside):
    table = packs[0].table.copy()
    table.loc[table["indicator_id"] == "PREV-08", "indicator_id"] = "LOCAL-1"
    region = beside(replace(packs[0], table=table), *packs[1:])
    assert region.unknown_indicators == ["LOCAL-1"]
    assert "LOCAL-1" not in set(region.table["indicator_id"])


def test_the_sums_tell_no_more_of_a_hidden_count_than_its_own_pack(region):
    found = attack_together(region.packs, region.sums)
    assert found.hidden > 5 and found.sums == len(region.sums)


def test_a_sum_that_is_printed_over_a_hidden_count_is_found(region, printed):
    """All but one country print their count: the exact sum would tell the last one's."""
    sums = list(region.sums)
    at = next(
        number
        for number, one in enumerate(sums)
        if [cell.status for cell in printed(one).values()].count("C") == 1
        and one.cell.hidden_range is not None
    )
    low, high = sums[at].cell.hidden_range
    sums[at] = replace(sums[at], cell=Cell((low + high) // 2, "OK"))
    with pytest.raises(FindingsError, match=r"can be worked out more narrowly .* from the packs"):
        attack_together(region.packs, sums)


def test_a_sum_that_no_counts_fit_is_found(region):
    sums = list(region.sums)
    at = next(number for number, one in enumerate(sums) if one.cell.status == "OK")
    sums[at] = replace(sums[at], cell=Cell(sums[at].cell.value + 1, "OK"))
    with pytest.raises(FindingsError, match="contradict"):
        attack_together(region.packs, sums)


def test_cells_and_public_figures_of_two_countries_are_never_one(packs):
    first, second = (of_country(pack.released, pack.area) for pack in packs[:2])
    assert not first.keys & second.keys
    assert first.edition != second.edition
    assert len(first.keys) == len(packs[0].released.keys)
