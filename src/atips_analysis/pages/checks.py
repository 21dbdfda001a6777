"""What a notebook asks of its parameters before it computes anything."""

from __future__ import annotations

from collections.abc import Sequence

from atips_analysis.errors import InputError
from atips_analysis.pages.edition import Edition


def check_years(edition: Edition, first_year: int, last_year: int, *, least: int = 1) -> list[int]:
    """The years from first to last, when the table has them and they are `least` or all there are.

    Raises
    ------
    InputError
        Naming the parameter and the years there are.
    """
    return check_years_among(edition.known_years, first_year, last_year, least=least)


def check_years_among(
    known: Sequence[int], first_year: int, last_year: int, *, least: int = 1
) -> list[int]:
    """The same for a page that is not made from the protected table: `known` are its years.

    Raises
    ------
    InputError
        Naming the parameter and the years there are.
    """
    for name, year in (("first_year", first_year), ("last_year", last_year)):
        if year not in known:
            raise InputError(
                f"parameter {name!r} is {year}; the table has the years {known[0]} to {known[-1]}"
            )
    if first_year > last_year:
        raise InputError(f"first_year {first_year} is after last_year {last_year}; swap them")
    if last_year - first_year + 1 < min(least, len(known)):
        raise InputError(
            f"first_year {first_year} to last_year {last_year} are too few years; "
            f"give {least} or more"
        )
    return list(range(first_year, last_year + 1))


def check_between(name: str, value: float, low: float, high: float, usual: object) -> None:
    """Stop unless a number lies between two others, both included."""
    if not low <= value <= high:
        raise InputError(
            f"parameter {name!r} is {value:g}; give one from {low:g} to {high:g} ({usual} is usual)"
        )


def check_one_of(name: str, value: object, known: Sequence[str]) -> None:
    """Stop unless a value is one of those there are."""
    if value not in known:
        raise InputError(f"parameter {name!r} is {value!r}; there are {', '.join(known) or 'none'}")
