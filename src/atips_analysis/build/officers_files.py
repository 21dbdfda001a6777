"""What is wrong in the officer's files: each is read as a build reads it, and may be refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from atips_analysis.databank.disclosure_key import DATABANK, WHAT_FOR, read_key, refuse_lost
from atips_analysis.errors import AtipsError
from atips_analysis.project import Project
from atips_analysis.words.said import Said, line_of

Readers = Iterator[Callable[[], object]]


def wrong_files(project: Project) -> Iterator[Said]:
    """The first fault of each file of the project, a line with its place and what to do, in English
    and as far as it has been translated in other languages.

    What needs another file (a return needs the agencies) is told of once: where the first is wrong.
    """
    told: set[str] = set()
    for read in READ:
        for fault in _faults(read, project):
            if fault not in told:
                told.add(fault)
                yield fault


def officers_room(project: Project) -> Iterator[tuple[str, str]]:
    """Each file of `data/council/` and what its first line says that it is for; the data bank's key."""
    for file in sorted(project.council.iterdir()):
        if file.is_file() and not file.name.startswith("."):
            yield f"data/council/{file.name}", _purpose(file)
    if (project.databank / DATABANK).exists():
        yield f"data/databank/{DATABANK}", WHAT_FOR


def _purpose(file: Path) -> str:
    if file.stem.lower() == "logo":
        return "The Council's logo"
    if file.suffix not in {".toml", ".csv", ".txt"}:
        return "Nothing reads it: the logo is called logo.png or logo.jpg, a table ends in .csv"
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        first = next(lines, "").strip()
    first = first.strip('",;')  # as Excel saves a comment
    said = first.removeprefix("#").strip().partition(". ")[0].rstrip(".:")
    return said if first.startswith("#") and said else "no line says what it is for; write one (#)"


def _faults(read: Callable[[Project], Readers], project: Project) -> Iterator[Said]:
    readers = read(project)
    while True:
        try:
            one = next(readers)
        except StopIteration:
            return
        except AtipsError as error:  # what the readers themselves need is wrong
            yield line_of(error)
            return
        try:
            one()
        except AtipsError as error:
            yield line_of(error)


def _profile(project: Project) -> Readers:
    yield lambda: project.profile


def _key(project: Project) -> Readers:
    yield partial(refuse_lost, project.databank)
    if (file := project.databank / DATABANK).exists():
        yield partial(read_key, file)


def _logo(project: Project) -> Readers:
    from atips_analysis.render.logo import read_logo

    yield partial(read_logo, project)


def _codebook(project: Project) -> Readers:
    from atips_analysis.codebook import load_codebook
    from atips_analysis.codebook.council import load_partners

    yield partial(load_codebook, project)
    yield partial(load_partners, project)


def _owed(project: Project) -> Readers:
    from atips_analysis.codebook import load_codebook
    from atips_analysis.framework.release_calendar import load_calendar
    from atips_analysis.quality.returns_owed import REGISTER, read_register

    yield partial(read_register, project.data / REGISTER, load_codebook(project))
    yield partial(load_calendar, project)


def _framework(project: Project) -> Readers:
    from atips_analysis.framework import registers
    from atips_analysis.framework.bulletin_counts import load_bulletin_counts
    from atips_analysis.indicators.declared import registered
    from atips_analysis.statements.family import load_declared

    for load in (
        registered,
        registers.load_targets,
        registers.load_objectives,
        registers.load_assumptions,
        registers.load_sources,
        registers.load_best_practices,
        registers.load_acronyms,
        registers.logframe,
        load_bulletin_counts,
        load_declared,
    ):
        yield partial(load, project)


def _published(project: Project) -> Readers:
    from atips_analysis.indicators.denominators import mid_year_population
    from atips_analysis.published import mappings, sources
    from atips_analysis.published.public_figures import load_public_figures

    yield partial(mappings.load_cells, project, "council")  # reads the rows of every publisher
    yield lambda: sources.load_meetings(project, sources.year_of_the_report(project))
    for load in (
        mappings.load_countries,
        mappings.load_concepts,
        mappings.load_parts,
        sources.load_population,
        mid_year_population,
        sources.load_unodc,
        sources.load_us_reports,
        sources.load_labour_enforcement,
        sources.load_council_figures,
        sources.load_regional_rates,
        load_public_figures,
    ):
        yield partial(load, project)


def _rules(project: Project) -> Readers:
    from atips_analysis.codebook import load_codebook
    from atips_analysis.quality.suites import load_suite

    codebook = load_codebook(project)
    for stream in codebook.streams:
        yield partial(load_suite, project.expectations, stream, codebook)


def _pages(project: Project) -> Readers:
    from atips_analysis.build.page_register import load_pages

    yield partial(load_pages, project)


READ = (_profile, _key, _logo, _codebook, _owed, _framework, _published, _rules, _pages)
