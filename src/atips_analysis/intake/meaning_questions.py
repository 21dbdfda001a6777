"""What a header says besides its column: another figure, a running total, another unit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.figures import differences, multiplied, number_of, times
from atips_analysis.intake.questions import COUNT, LEAVE, Choice
from atips_analysis.intake.sheet import ChosenColumn

UNIT_OF = {
    "sentence_months": "month",
    "age_years_ident": "year",
    "days_from_identification": "day",
    "ack_working_days": "working day",
}
MUST_SAY_UNIT = {"sentence_months"}
FACTORS = {("year", "month"): 12, ("week", "day"): 7}
LONGEST = {"year": 60, "week": 260}


def ask_about_meaning(own: ChosenColumn) -> None:
    """Ask what the figures are where the header leaves it open, or convert their unit."""
    if any(question.column == own.column.name for question in own.asked.open):
        return
    if own.column.type == "count" and "cumulative" in own.reading.kinds:
        _running_total(own)
    elif not own.reading.is_plain(own.sheet.year) and not _chosen_by_answer(own):
        _doubtful(own)
    if own.column.type in ("count", "age"):
        _in_unit(own)


def _chosen_by_answer(own: ChosenColumn) -> bool:
    """Whether somebody said which of several headers is the column, and so what it means."""
    return any(
        question.kind == "column" and question.column == own.column.name
        for question, _ in own.asked.answered
    )


def _doubtful(own: ChosenColumn) -> None:
    label = own.column.label_en
    answer = own.ask(
        "meaning",
        say.WHAT_IT_MEANS.format(header=own.header, first=own.first_value, label=label),
        (_as_it_stands(own), Choice(LEAVE, say.NOT_THIS.format(label=label))),
    )
    if answer == LEAVE:
        del own.chosen.places[own.column.name]


def _running_total(own: ChosenColumn) -> None:
    # Figures that fall are no single running total: several may stand below one another.
    one_run = all(a <= b for a, b in pairwise(_figures(own)))
    sample = own.sheet.sample(differences(own.values))
    steps = Choice("differences", say.DIFFERENCES.format(sample=sample))
    answer = own.ask(
        "running total",
        say.RUNNING_TOTAL.format(header=own.header, first=own.first_value),
        (*([steps] if one_run else []), _as_it_stands(own)),
    )
    if answer == "differences":
        own.chosen.change[own.column.name] = differences


def _in_unit(own: ChosenColumn) -> None:
    unit, reading = UNIT_OF.get(own.column.name, ""), own.reading
    if unit and reading.unit != unit:
        must = own.column.name in MUST_SAY_UNIT and reading.match.how not in ("exact", "label")
        if reading.unit or must:
            _other_unit(own, unit)
    elif not unit and reading.unit and reading.unit not in ("month", "year"):
        _doubtful(own)
    if reading.times != 1:
        _multiplied(own)


def _other_unit(own: ChosenColumn, unit: str) -> None:
    """Years into months and weeks into days, unless a figure is too large for that."""
    said = own.reading.unit
    factor = FACTORS.get((said, unit))
    if factor and all(number <= LONGEST[said] for number in _figures(own)):
        own.then(lambda values: multiplied(values, factor))
        own.note(say.N_UNITS, unit=say.UNITS[said], own=say.UNITS[unit], factor=factor)
        return
    first = own.first_value
    by = {unit: 1} | {other: number for (other, to), number in FACTORS.items() if to == unit}
    choices = [
        Choice(
            other,
            say.IN_UNIT.format(
                first=first, result=first if number == 1 else times(first, number), unit=f"{unit}s"
            ),
        )
        for other, number in by.items()
    ]
    answer = own.ask(
        "unit", say.UNIT.format(header=own.header, unit=f"{unit}s", first=first), choices
    )
    if answer and answer != unit:
        own.then(lambda values: multiplied(values, by[answer]))


def _multiplied(own: ChosenColumn) -> None:
    """'000: multiplied, unless the figures look whole already or the sheet shows others."""
    number, first = own.reading.times, own.first_value
    shown = any((row, own.place) in own.sheet.grid.marks.shown for row in own.values.index)
    if not shown and all(figure < 1000 for figure in _figures(own)):
        own.then(lambda values: multiplied(values, number))
        own.note(say.N_TIMES, times=number)
        return
    answer = own.ask(
        "multiplier",
        say.MULTIPLIER.format(header=own.header, times=number, first=first),
        (
            Choice("multiply", say.TIMES.format(first=first, result=times(first, number))),
            _as_it_stands(own),
        ),
    )
    if answer == "multiply":
        own.then(lambda values: multiplied(values, number))


def _as_it_stands(own: ChosenColumn) -> Choice:
    return Choice(COUNT, say.AS_IT_STANDS.format(sample=own.sheet.sample(own.values)))


def _figures(own: ChosenColumn) -> Iterator[Decimal]:
    for text in own.values.dropna():
        if (number := number_of(str(text))) is not None:
            yield number
