"""Numbers that earlier releases printed rounded to base 5: what a reader takes each of them for.

Nothing is rounded any more: "10" for anything from 1 to 19 tells nobody anything, and a rule of
least distance can be run backwards. What was printed so stays printed, and the attack reads it.
"""

from __future__ import annotations

BASE = 5
STEPS = 1
WITHIN = (STEPS + 1) * BASE - 1
"""How far the count may lie from a rounded number."""
SHOWN = {"OK", "Z", "PV", "E"}


def interval_of(rounded: int) -> tuple[int, int]:
    """The counts that a rounded number may stand for, both ends included; none is below 0."""
    return max(0, rounded - WITHIN), rounded + WITHIN
