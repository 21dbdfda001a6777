"""What the code declares of each indicator, for the register and its reference sheets.

The register says what is promised of an indicator; its unit of count, statistics, streams,
breakdowns and intervals are those of its measures, and are typed nowhere else. `registered` holds
the two against one another: what one of them lacks is said in a line that names where to add it.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from atips_analysis.codebook import load_codebook
from atips_analysis.codebook.dimension_table import FILE as DIMENSIONS_FILE
from atips_analysis.errors import InputError
from atips_analysis.framework import Declared, Indicator, load_indicators
from atips_analysis.framework.publication_plan import CROSSED, Plan, load_publication_plan
from atips_analysis.framework.publication_plan import FILE as PLAN_FILE
from atips_analysis.indicators.measure import Measure, measures
from atips_analysis.indicators.place import MOST
from atips_analysis.project import Project
from atips_analysis.words.said import Message

REGISTER = "data/framework/indicators.csv"
ROOM = Path(__file__).parents[1]
T = TypeVar("T")


def declared() -> dict[str, Declared]:
    """What the measures of each indicator declare, by indicator; those that nothing feeds lack."""
    own: dict[str, list[Measure]] = {}
    for measure in measures():
        own.setdefault(measure.indicator_id, []).append(measure)
    return {indicator_id: _declared(each) for indicator_id, each in own.items()}


def _declared(own: list[Measure]) -> Declared:
    """A breakdown stands once, where most may see it: for every period, then for pooled years."""
    planned = [table for one in own for table in one.planned]
    every = _once(table.by for table in planned if not table.pooled)
    pooled = _once(table.by for table in planned if table.pooled)
    inside = _once(table for one in own for table in one.confidential)
    return Declared(
        units=_once(one.unit for one in own),
        statistics=_once(one.statistic for one in own),
        streams=_once(name.partition(":")[0] for one in own for name in one.sources),
        intervals=_once(one.interval_method for one in own),
        every_period=every,
        pooled_years=tuple(table for table in pooled if table not in every),
        confidential=tuple(table for table in inside if table not in (*every, *pooled)),
    )


def registered(project: Project) -> tuple[Indicator, ...]:
    """The register, when it and the code fit.

    Raises InputError if a measure has no row in the register, or is broken down by what is no
    dimension; if the publication plan names what no measure gives; if a row says that the indicator
    is collected and no function declares it.
    """
    register = load_indicators(project)
    rows = {one.id: at for at, one in enumerate(register, start=2)}
    for measure in measures():
        _check(measure, rows)
    _check_plan(load_publication_plan(project))
    known = declared()
    for one in register:
        if one.collected and one.id not in known:
            raise InputError(
                Message(
                    '{code} is collected, and no function declares it; write one in indicators/ with @measure("{code}", …), or no under collected'
                ).format(code=one.id),
                file=REGISTER,
                row=rows[one.id],
            )
    return register


def uncollected(project: Project) -> frozenset[str]:
    """The indicators that nobody collects, as the register says.

    One that has a function all the same is counted as soon as somebody sends what it needs.
    """
    return frozenset(one.id for one in registered(project) if not one.collected)


def _check(measure: Measure, rows: Mapping[str, int]) -> None:
    """Stop at a measure that nothing but its code knows of."""
    if measure.indicator_id not in rows:
        raise InputError(
            Message("measure {measure} has no row in {file}; add the row of {code}").format(
                measure=measure.name, file=REGISTER, code=measure.indicator_id
            ),
            file=_where(measure),
        )
    book = load_codebook()
    for table in measure.by:
        for name in table:
            if name not in book.dimensions:
                raise InputError(
                    Message(
                        "measure {measure} is broken down by {name}, which is no dimension; add its row to {file}"
                    ).format(measure=measure.name, name=name, file=DIMENSIONS_FILE),
                    file=_where(measure),
                )
        if len(table) > MOST:
            raise InputError(
                Message(
                    "measure {measure} is broken down by {dimensions}; at most {most} dimensions go together"
                ).format(measure=measure.name, dimensions=" x ".join(table), most=MOST),
                file=_where(measure),
            )
    if measure.unit and measure.unit not in book.codelist("unit_of_count").codes:
        raise InputError(
            Message(
                "measure {measure} counts {unit}, which is no unit; add it to codebook/codelists/unit_of_count.csv"
            ).format(measure=measure.name, unit=measure.unit),
            file=_where(measure),
        )


def _check_plan(plan: Plan) -> None:
    """Stop at a table of the publication plan that no measure can give."""
    known = {measure.place: measure for measure in measures()}
    for place, tables in plan.items():
        own = known.get(place)
        if own is None:
            near = [" ".join(filter(None, one)) for one in known if one[0] == place[0]]
            raise InputError(
                Message("there is no measure {name}; write one of {known}").format(
                    name=" ".join(place), known=", ".join(near)
                )
                if near
                else Message(
                    "{code} has no measure; name another indicator, or delete the row"
                ).format(code=place[0]),
                file=PLAN_FILE,
                row=tables[0].row,
            )
        for table in tables:
            if table.by not in own.by:
                can = ", ".join(CROSSED.join(one) for one in own.by) or "–"
                raise InputError(
                    Message(
                        "{measure} cannot be broken down by {dimensions}; it can by {can}"
                    ).format(measure=own.name, dimensions=CROSSED.join(table.by), can=can),
                    file=PLAN_FILE,
                    row=table.row,
                )
            if own.persons and len(table.by) > 1 and not table.pooled:
                raise InputError(
                    Message(
                        "two characteristics of persons are published over pooled years alone; write pooled"
                    ).format(),
                    file=PLAN_FILE,
                    row=table.row,
                )


def _where(measure: Measure) -> str:
    """File and line of the function of a measure."""
    function = inspect.unwrap(measure.population)
    file = Path(inspect.getsourcefile(function) or "")
    shown = file.relative_to(ROOM).as_posix() if file.is_relative_to(ROOM) else file.name
    return f"{shown}, line {function.__code__.co_firstlineno}"


def _once(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
