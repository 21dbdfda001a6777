"""All that may be said of a comparison, and why."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """All that may be said of a comparison. There is no other word."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NO_EVIDENCE = "no evidence of change"
    TOO_FEW_YEARS = "too few years"
    TOO_FEW_EVENTS = "too few events"
    NOT_TESTED = "not tested"
    NOT_KNOWN = "not known"


class Reason(StrEnum):
    """Why a verdict is what it is."""

    BEYOND_CHANCE = "the interval leaves 1 out"
    BASELINE_MOVED_TOO = "the interval leaves 1 out, and the earlier years moved the same way"
    WITHIN_CHANCE = "the interval holds 1"
    MANY_COMPARISONS = "alone the interval leaves 1 out, beside all other comparisons it is chance"
    YEARS_SCATTER = "the earlier years scatter about their line"
    BASELINE_MOVES = "the earlier years moved by themselves"
    FEW_YEARS = "fewer years than can tell"
    FEW_EVENTS = "fewer events than can tell"
    PLANNED = "planned work is decided, not drawn by chance"
    NUMBER_NOT_SHOWN = "a number is hidden or missing"
    CLUSTERS_NOT_KNOWN = "too few cases to know how persons come by case"
