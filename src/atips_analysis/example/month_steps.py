"""Months as text (yyyy-mm), and steps between them."""

from __future__ import annotations


def month(year: int, number: int) -> str:
    """The month as text. Numbers beyond 1 to 12 lead into other years."""
    years, rest = divmod(number - 1, 12)
    return f"{year + years:04d}-{rest + 1:02d}"


def later(start: str, months: int) -> str:
    """The month that lies `months` after `start` (before it when negative)."""
    year, number = split(start)
    return month(year, number + months)


def split(text: str) -> tuple[int, int]:
    """Year and number of the month."""
    return int(text[:4]), int(text[5:7])


def year_of(text: str) -> int:
    """The year of a month ``YYYY-MM``."""
    return int(text[:4])
