"""What came and is not in the register of returns, and who owes nothing, is said."""

from __future__ import annotations

import pandas as pd

from atips_analysis.framework.register import find_indicator, load_indicators
from atips_analysis.project import find_registers
from atips_analysis.quality.dimensions import MEANINGS, meaning
from atips_analysis.quality.returns_beyond import Beyond, came_beyond, owing_nothing, say_beyond
from atips_analysis.quality.scores import DIMENSIONS

OWED = pd.DataFrame(
    [("LABOUR", "inspections", "2024-01"), ("LABOUR", "inspections", "2025-01")],
    columns=["agency", "stream", "month"],
)


def account(*rows):
    names = ["submitted_by", "submitted_for", "stream", "read", "nil_return"]
    return pd.DataFrame(rows, columns=names)


def test_a_return_of_an_agency_or_a_stream_that_is_in_no_row_of_the_register_is_named():
    came = account(
        ("LABOUR", 2024, "inspections", 5, False),
        ("LABOUR", 2023, "inspections", 5, False),
        ("RET", 2024, "trainings", 1, False),
        ("RET", 2023, "trainings", 2, False),
        ("RET", 2023, "services", 0, True),
    )
    assert came_beyond(came, OWED) == (
        Beyond("LABOUR", ("inspections",), (2023,)),
        Beyond("RET", ("services", "trainings"), (2023, 2024)),
    )


def test_a_sheet_without_a_row_that_says_nothing_did_not_come():
    assert came_beyond(account(("RET", 2024, "trainings", 0, False)), OWED) == ()


def test_without_a_register_nothing_is_beyond_it():
    nothing = OWED.iloc[:0]
    assert came_beyond(account(("RET", 2024, "trainings", 1, False)), nothing) == ()
    assert owing_nothing(["RET"], nothing) == ()


def test_agencies_in_no_row_of_the_register_owe_nothing_and_are_named_in_their_order():
    assert owing_nothing(["RET", "LABOUR", "IOM"], OWED) == ("RET", "IOM")


def test_the_terminal_says_both_and_nothing_where_there_is_nothing():
    said = list(say_beyond([Beyond("RET", ("trainings",), (2023, 2024))], ["IOM"]))
    assert said[1] == "  RET: trainings (2023, 2024)" and said[2].endswith("register: IOM")
    assert list(say_beyond([], [])) == []


def test_part_08_is_defined_by_the_words_of_the_quality_page_in_each_language():
    assert set(MEANINGS) == set(DIMENSIONS)
    part_08 = find_indicator(load_indicators(find_registers()), "PART-08")
    for lang in ("en", "es"):
        text = part_08.definition_in(lang)
        for dimension in ("completeness", "validity", "consistency", "timeliness"):
            assert meaning(dimension, lang) in text
        assert "{" not in text
    assert meaning("timeliness", "es") != meaning("timeliness")
