"""Shared populations are made once for a table, and no caller can spoil them for another."""

from __future__ import annotations

import pandas as pd

from atips_analysis.indicators import parse_period
from atips_analysis.indicators.populations import victims_once
from atips_analysis.indicators.remembering import Remembering

YEAR = parse_period("2024")


class Counting:
    """A bank that writes down which streams are asked of it, and remembers nothing else."""

    simulated = True

    def __init__(self, bank):
        self.bank, self.asked = bank, []

    def frame(self, stream):
        self.asked.append(stream)
        return self.bank.frame(stream)


def victims(invented):
    return invented.bank(
        victims=invented.frame("victims", *[invented.victim(letter * 16) for letter in "abc"])
    )


def test_victims_are_made_once_for_all_periods(invented):
    bank = Remembering(counting := Counting(victims(invented)))
    for _ in range(3):
        assert len(victims_once(bank, YEAR)) == 3
    victims_once(bank, parse_period("2024-H1"))
    assert counting.asked.count("victims") == 1


def test_what_one_caller_writes_another_does_not_read(invented):
    bank = Remembering(victims(invented))
    written = victims_once(bank, YEAR)
    written.loc[:, "sex"] = "M"
    assert set(victims_once(bank, YEAR)["sex"]) == {"F"}


def test_remembered_rows_are_those_of_the_bank_itself(invented):
    rows = victims(invented)
    pd.testing.assert_frame_equal(victims_once(Remembering(rows), YEAR), victims_once(rows, YEAR))


def test_a_bank_that_is_not_wrapped_is_asked_anew(invented):
    rows = victims(invented)
    assert len(victims_once(rows, YEAR)) == 3
    rows.frames["victims"] = rows.frames["victims"].iloc[:1]
    assert len(victims_once(rows, YEAR)) == 1
