"""What the steps of a build do: each reads files, writes files, and is told its settings.

Whatever takes time to import is imported where it is used: a plan names actions without running
them.
"""

from __future__ import annotations

import hashlib
import math
import shutil
from pathlib import Path
from typing import Any

from atips_analysis.build.asked_for import RendererChoice
from atips_analysis.build.exhibits import Executed, as_csv, exhibits
from atips_analysis.build.page_publication import apart_from_records, publication_of
from atips_analysis.errors import FindingsError
from atips_analysis.files import read_json, write_json, write_text
from atips_analysis.indicators import parse_period
from atips_analysis.project import Project, commit_of_code


def run_consolidation(
    reads: list[Path],
    writes: list[Path],
    *,
    submissions: str,
    databank: str,
    root: str,
    there: dict[str, str],
    answers: str,
    forgotten: str,
    owed: str,
) -> None:
    """Run the notebook that consolidates; it writes the name of the edition.

    `there` (the files of the folder, by hash, and what is none), `answers`, `forgotten` and `owed`
    (the register of returns) are what the notebook finds by itself; as settings of the step they
    make it run again when a file is withdrawn, an answer given, a person forgotten or a return
    scheduled.
    """
    from atips_analysis.notebooks import run_notebook

    executed_notebook = writes[0].parent / "consolidate" / "consolidate.ipynb"
    run_notebook(
        reads[0],
        executed_notebook,
        {
            "submissions": Path(submissions),
            "databank": Path(databank),
            "project": Path(root),
            "out": writes[0].parent,
        },
    )


def pass_quality_gate(reads: list[Path], writes: list[Path]) -> None:
    """Stop where the data may not be built on; quarantined rows alone do not stop a build."""
    failures = read_json(reads[1])["failures"]
    if failures:
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        raise FindingsError(
            f"the quality gate is not passed, nothing is published: {failures[0]}{more}; "
            "atips check FILE… tells each agency what to correct"
        )
    write_json(writes[0], {"edition": read_json(reads[0])["edition"]})


def compute_indicators(
    reads: list[Path], writes: list[Path], *, databank: str, root: str, periods: list[str]
) -> None:
    """The raw tidy table: confidential."""
    from atips_analysis.databank import open_databank
    from atips_analysis.indicators.compute import compute, of_nobody
    from atips_analysis.indicators.declared import registered, uncollected
    from atips_analysis.indicators.denominators import mid_year_population
    from atips_analysis.indicators.rows import rows_of
    from atips_analysis.indicators.table import write_table

    project = Project(Path(root))
    bank = open_databank(databank, read_json(reads[0])["edition"])
    register = [indicator.id for indicator in registered(project)]
    table = compute(
        rows_of(bank),
        [parse_period(name) for name in periods],
        register,
        population=mid_year_population(project),
        vintage=bank.edition,
    )
    write_table(of_nobody(table, uncollected(project)), writes[0])


def protect(
    reads: list[Path],
    writes: list[Path],
    *,
    databank: str,
    root: str,
    year: int,
    baseline: str,
    earlier: list[str],
    beside: str,
    made_with: dict[str, Any],
) -> None:
    """What may leave: protected jointly, attacked with all that was released or answered before."""
    import pandas as pd

    from atips_analysis import __version__
    from atips_analysis.databank import open_databank
    from atips_analysis.disclosure.indicator_sums import cells_of
    from atips_analysis.disclosure.indicator_table import protect_table
    from atips_analysis.disclosure.kept import streams_kept
    from atips_analysis.disclosure.quality_table import public_quality
    from atips_analysis.disclosure.record_level import GROUP, shares_left
    from atips_analysis.disclosure.released_table import released_from, rows_behind
    from atips_analysis.disclosure.research_tables import research_tables
    from atips_analysis.disclosure.research_tables_released import released_research
    from atips_analysis.framework.release_calendar import public_days
    from atips_analysis.indicators.declared import registered
    from atips_analysis.indicators.design_factors import design_factors
    from atips_analysis.indicators.incomplete import missing_returns
    from atips_analysis.indicators.own_numbers import own_numbers
    from atips_analysis.indicators.populations import victims_once
    from atips_analysis.indicators.rows import rows_of
    from atips_analysis.indicators.table import read_table, write_table
    from atips_analysis.ledger.earlier import House
    from atips_analysis.ledger.question import declared
    from atips_analysis.ledger.record import enter

    project = Project(Path(root))
    bank = open_databank(databank, read_json(reads[0])["edition"])
    raw = read_table(reads[1])
    asked = declared(
        [parse_period(name) for name in sorted(set(raw["period"]))],
        [one.id for one in registered(project)],
    )
    house = House.of(project, Path(databank), simulated=bank.simulated)
    own = own_numbers(rows_of(bank), raw)
    for known in house.known_to_each_build(asked, bank.edition):
        protected = protect_table(
            raw,
            project,
            earlier=known.releases,
            earlier_counts=known.counts,
            printed=known.printed,
            databank=Path(databank),
            own=own,
        )
        write_table(protected.table, writes[0])
        if known.table in (None, hashlib.sha256(writes[0].read_bytes()).hexdigest()):
            break
    write_json(reads[1].parent / "protection.json", protected.confidential_account)
    write_json(writes[1], protected.public_account | {"record": known.record})
    scores, counts = (pd.read_csv(path) for path in reads[3:5])
    threshold = int(project.profile["disclosure"]["threshold"])
    findings = bank.kept("findings")
    returns = bank.kept("returns")
    withheld = streams_kept(protected.table, bank.edition)
    public = public_quality(
        scores, counts, findings, threshold, returns, bank.account, withheld=withheld
    )
    write_json(writes[2], public)
    about = {
        "edition": bank.edition,
        "simulated": bank.simulated,
        "year": year,
        "baseline": baseline,
        "version": __version__,
        "design_factors": {
            str(one): None if math.isnan(factor) else factor
            for one, factor in design_factors(rows_of(bank)).items()
        },
        "commit": commit_of_code(),
        "made_with": made_with,
        "incomplete": missing_returns(returns, parse_period(baseline).years[0], year),
        "calendar": public_days(project, year),
    }
    write_json(writes[3], about)
    write_json(writes[6], apart_from_records(about))
    pooled = f"{parse_period(baseline).years[0]}-{year}"
    source = {"edition": bank.edition, "source": "simulated" if bank.simulated else "register"}
    research = research_tables(bank, pooled, protected, threshold)
    write_json(writes[4], {**research, "about": source})
    if known.table is None and house.record is not None:
        released, counts_behind = released_from(
            protected.table, raw, figures=protected.figures, threshold=threshold
        )
        cells = cells_of(rows_behind(protected.table, raw))
        told_beside, more = released_research(research, bank, cells, threshold=threshold)
        told = {(bank.edition, key): count for key, count in {**counts_behind, **more}.items()}
        given = (protected.table, [released, told_beside], told)
        replaced = house.drafts(bank.edition, year)
        enter(Path(databank), "build", asked, given, replaced)
    victims = victims_once(rows_of(bank), parse_period(pooled))
    write_json(writes[5], {"k": GROUP, "left": shares_left(victims), "years": pooled})


def decide_statements(reads: list[Path], writes: list[Path], *, root: str) -> None:
    """What the edition says of each declared series, from the protected table alone."""
    from atips_analysis.indicators.table import read_table
    from atips_analysis.statements import statements_of_edition, write_statements

    statements = statements_of_edition(
        Project(Path(root)), read_table(reads[0]), read_json(reads[1])
    )
    write_json(writes[0], write_statements(statements))


def check_pages_agree(
    reads: list[Path], writes: list[Path], *, langs: list[str], names: list[str]
) -> None:
    """Stop where a page says something else of a series than the edition does."""
    from atips_analysis.render.markdown import flatten
    from atips_analysis.statements import check_agreement, read_statements, said_on

    pages = {
        name: (flatten(notebook).text, lang)
        for name, lang, notebook in zip(names, langs, reads[1:], strict=True)
    }
    check_agreement(pages, read_statements(reads[0].parent))
    said = {name: sum(1 for _ in said_on(text)) for name, (text, _) in pages.items()}
    write_json(writes[0], said)


def map_exhibits(
    reads: list[Path], writes: list[Path], *, pages: list[list[str]], root: str
) -> None:
    """Which notebook, cell and indicators each figure, table and key figure comes from."""
    from atips_analysis.framework import load_indicators
    from atips_analysis.statements import load_declared

    project = Project(Path(root))
    made = [
        Executed(page, notebook, file) for (page, notebook), file in zip(pages, reads, strict=False)
    ]
    register = [one.id for one in load_indicators(project)]
    series = {one.id: one.indicator_id for one in load_declared(project)}
    write_text(writes[0], as_csv(exhibits(made, register, series)))


def run_page(
    reads: list[Path], writes: list[Path], *, parameters: dict[str, Any], inputs: str, root: str
) -> None:
    """Run one notebook of a public report; note a hash over it and its figures."""
    from atips_analysis.notebooks import run_notebook
    from atips_analysis.notebooks.running import declared_parameters

    notebook, target = reads[0], writes[0]
    shutil.rmtree(target.parent, ignore_errors=True)
    known = {parameter.name for parameter in declared_parameters(notebook)}
    given = {**parameters, "inputs": Path(inputs), "project": Path(root)}
    run_notebook(notebook, target, {name: given[name] for name in given if name in known})
    whole = hashlib.sha256()
    for file in sorted(target.parent.rglob("*")):
        if file.is_file() and file != writes[1]:
            whole.update(file.relative_to(target.parent).as_posix().encode() + file.read_bytes())
    writes[1].write_text(whole.hexdigest() + "\n", encoding="utf-8")


def render_page(
    reads: list[Path],
    writes: list[Path],
    *,
    formats: list[str],
    renderer: RendererChoice,
    root: str,
    **given: Any,
) -> None:
    """One executed notebook to a page and a PDF."""
    from atips_analysis.render import Report, render

    project = Project(Path(root))
    publication = publication_of(project, read_json(reads[2]), **given)
    folder = writes[0].parent
    report = Report(writes[0].stem, reads[0], publication)
    render(report, folder, renderer=renderer, formats=formats, extension=project.extension)
