"""A build: its steps, and what each depends on.

Submissions become an edition, indicators are computed from it, what may leave is protected and
attacked, notebooks turn it into reports, and the last step moves what is public to `reports/`,
whole, and only when everything before it has worked.

The work folder has two sides. `confidential/` holds what never leaves; `public/` holds what is
protected, and notebooks of public reports are given that folder and nothing behind it.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import os
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from atips_analysis.build.asked_for import Build, RendererChoice
from atips_analysis.build.exhibits import EXHIBITS, Executed, as_csv, exhibits
from atips_analysis.build.made_with import made_with
from atips_analysis.build.steps import Step
from atips_analysis.databank.disclosure_key import key_file
from atips_analysis.databank.storage import sha256_of
from atips_analysis.errors import FindingsError, InputError, MachineError
from atips_analysis.files import OUT, for_readers, open_to_readers, remove, write_json, write_text
from atips_analysis.indicators import parse_period
from atips_analysis.intake.forgotten import read_forgotten
from atips_analysis.intake.settled import ANSWERS
from atips_analysis.intake.submissions import passed_over
from atips_analysis.ledger.ledger_files import ledger_files
from atips_analysis.project import Project, commit_of_code
from atips_analysis.published.origins import FILE as ORIGINS
from atips_analysis.published.sources import the_file
from atips_analysis.quality.returns_owed import REGISTER
from atips_analysis.render.front_page_name import front_page_name
from atips_analysis.words import by_language, languages, translator
from atips_analysis.words.catalogues import SOURCE, catalogue_file

if TYPE_CHECKING:
    from atips_analysis.render import Publication

PROTECT = "protect and attack"
"""The step that reads the ledger: it runs again when something was released."""
STATEMENTS = "statements.json"
NARRATIVE = (".md", ".csv", ".jpg", ".jpeg", ".png")
"""What people add for a report: passages, their registers, photographs."""
"""What the edition says of each series, on the public side of a build."""
RENDER = "render "
"""How the names of the steps that render begin; the name of the page follows."""


@dataclass(frozen=True)
class Page:
    """A publication of the build: a row of `notebooks/pages.csv`.

    `name` is the file name below `reports/YEAR/`, without its ending; `from_records` says
    whether its numbers come from the data bank (and bear the mark of simulated records with it).
    """

    notebook: str
    name: str
    title: str
    formats: tuple[str, ...]
    layout: Literal["report", "brief"]
    from_records: bool
    lang: str
    about: str


def load_pages(project: Project) -> tuple[Page, ...]:
    """The pages that a build makes, in the order in which the front page lists them.

    Raises
    ------
    InputError
        If a row names a notebook that is not there.
    """
    register = project.notebooks / "pages.csv"
    try:
        with register.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except UnicodeDecodeError:
        raise InputError(
            "is no text in UTF-8; save it as CSV UTF-8", file="notebooks/pages.csv"
        ) from None
    for number, row in enumerate(rows, start=2):
        if not (project.notebooks / f"{row['notebook']}.ipynb").is_file():
            raise InputError(
                f"notebook {row['notebook']!r} is not there; correct the row or take it out",
                file="notebooks/pages.csv",
                row=number,
            )
    return tuple(
        Page(
            notebook=row["notebook"],
            name=row["name"],
            title=row["title"],
            formats=tuple(row["formats"].split()),
            layout="brief" if row["layout"] == "brief" else "report",
            from_records=row["from_records"] == "yes",
            lang=row["lang"],
            about=row["about"],
        )
        for row in rows
    )


def listed_pages(pages: Iterable[Page]) -> list[list[str]]:
    """What the front pages say of each page, as `write_front_pages` takes it."""
    return [[page.name, page.title, page.about, page.lang, page.notebook] for page in pages]


def plan_records(build: Build) -> list[Step]:
    """From submissions to an edition that passed the quality gate."""
    project = build.project
    edition = build.confidential / "edition.json"
    quality = _quality_notes(build)
    council = project.council_files()
    submitted = sorted(file for file in build.submissions.rglob("*") if file.is_file())
    answers, owed = project.data / ANSWERS, project.data / REGISTER
    return [
        Step(
            "consolidate the submissions",
            run_consolidation,
            (
                project.notebooks / "consolidate.ipynb",
                *council,
                *sorted(project.expectations.glob("*.json")),
                *submitted,
            ),
            (edition, *quality),
            "databank",
            {
                "submissions": str(build.submissions),
                "databank": str(build.databank),
                "root": str(project.root),
                # What is there counts, by content and not by time: pytask remembers a file's hash
                # for as long as its time stays the same.
                "there": {
                    file.relative_to(build.submissions).as_posix(): sha256_of(file)
                    for file in submitted
                }
                | dict(passed_over(build.submissions)),
                "answers": answers.read_text(encoding="utf-8") if answers.is_file() else "",
                "forgotten": read_forgotten(project.databank).fingerprint,
                "owed": owed.read_text(encoding="utf-8") if owed.is_file() else "",
            },
        ),
        Step(
            "pass the quality gate",
            pass_quality_gate,
            (edition, quality[0]),
            (build.confidential / "gate-passed.json",),
            "quality",
        ),
    ]


def plan_reports(build: Build, simulated: bool) -> list[Step]:
    """From an edition to reports; `simulated` marks what is made from simulated records."""
    from atips_analysis.notebooks import declared_parameters

    project = build.project
    edition = build.confidential / "edition.json"
    raw = build.confidential / "indicators-raw.csv"
    quality = _quality_notes(build)
    pages = load_pages(project)
    protected = (
        build.public / "indicators.csv",
        build.public / "protection.json",
        build.public / "quality.json",
        build.public / "build.json",
        build.public / "research.json",
        build.public / "record-level.json",
    )
    statements = build.public / STATEMENTS
    registers = tuple(sorted(project.framework.glob("*.csv")))
    origins = project.root / ORIGINS
    published = (
        *sorted(project.published.rglob("*.csv")),
        *((origins,) if origins.is_file() else ()),
    )
    narratives = tuple(
        file
        for file in sorted((project.root / "data" / "narrative").glob("*/**/*"))
        if file.suffix.lower() in NARRATIVE
    )
    council = project.council_files()
    baselines = tuple(sorted(project.baseline.glob("baseline-*")))
    earlier = (*ledger_files(project.ledger, simulated=simulated), *baselines)
    key = key_file(project, build.databank, simulated=simulated)
    steps = [
        Step(
            "compute the indicators",
            compute_indicators,
            (
                edition,
                build.confidential / "gate-passed.json",
                *registers,
                the_file(project, "population_*.csv"),
            ),
            (raw,),
            "indicators",
            {
                "databank": str(build.databank),
                "root": str(project.root),
                "periods": [period.name for period in build.periods],
            },
            turn="first",
        ),
        Step(
            PROTECT,
            protect,
            (
                edition,
                raw,
                *quality,
                *registers,
                *council,
                *earlier,
                *([key] if key.exists() else []),
            ),
            protected,
            "disclosure",
            {
                "databank": str(build.databank),
                "root": str(project.root),
                "year": build.year,
                "baseline": build.baseline,
                "earlier": [file.name for file in earlier],
                "beside": _answers_beside(build, simulated),
                "made_with": made_with(build.renderer),
            },
            turn="first",
        ),
    ]
    steps.append(
        Step(
            "decide what is said",
            decide_statements,
            (protected[0], build.public / "build.json", *registers, *published, *_catalogues()),
            (statements,),
            "statements",
            {"root": str(project.root)},
            turn="first",
        )
    )
    tests = tuple(sorted(project.tests.rglob("test_*.py")))
    citation = tuple(project.root.glob("CITATION.cff"))
    for page in pages:
        notebook = project.notebooks / f"{page.notebook}.ipynb"
        # What a notebook does not ask for it need not wait for, nor run again for.
        asked = {parameter.name for parameter in declared_parameters(notebook)}
        given = _parameters(build, page)
        steps.append(
            Step(
                f"run {page.name}",
                run_page,
                (
                    notebook,
                    *council,
                    *_catalogue(page),
                    *((*protected, statements) if "inputs" in asked else ()),
                    *registers,
                    *published,
                    *narratives,
                    *baselines,
                    *citation,
                    *(tests if page.notebook == "specification" else ()),
                ),
                (executed(build, page), executed(build, page).with_suffix(".sha256")),
                "notebooks",
                {
                    "parameters": {name: given[name] for name in given if name in asked},
                    "inputs": str(build.public),
                    "root": str(project.root),
                },
            )
        )
    agreed = build.work / "pages-agree.json"
    steps.append(
        Step(
            "see that pages agree",
            check_pages_agree,
            (statements, *(executed(build, page) for page in pages)),
            (agreed,),
            "render",
            {"langs": [page.lang for page in pages], "names": [page.name for page in pages]},
        )
    )
    exhibits_map = build.public / EXHIBITS
    steps.append(
        Step(
            "map the exhibits",
            map_exhibits,
            (*(executed(build, page) for page in pages), *registers),
            (exhibits_map,),
            "render",
            {"pages": [[page.name, page.notebook] for page in pages], "root": str(project.root)},
        )
    )
    extension = tuple(sorted(file for file in project.extension.rglob("*") if file.is_file()))
    rendered: list[Path] = []
    for page in pages:
        made = tuple(build.work / "rendered" / f"{page.name}.{kind}" for kind in page.formats)
        rendered += made
        steps.append(
            Step(
                f"{RENDER}{page.name}",
                render_page,
                (
                    executed(build, page),
                    executed(build, page).with_suffix(".sha256"),
                    build.public / "build.json",
                    *extension,
                    *council,
                    *_catalogue(page),
                ),
                made,
                "render",
                {
                    **particulars(build, page, simulated, pages),
                    "formats": list(page.formats),
                    "renderer": _renderer(build),
                    "root": str(project.root),
                },
                turn="last",
            )
        )
    folder = published_folder(build, simulated)
    left_out = left_out_of(folder)
    files = tuple(
        folder / path.relative_to(build.work / "rendered")
        for path in rendered
        if path.relative_to(build.work / "rendered").with_suffix("").as_posix() not in left_out
    )
    steps.append(
        Step(
            "publish",
            publish,
            (*protected, statements, agreed, exhibits_map, *rendered, *extension, *council),
            (*files, folder / "indicators.csv", folder / "index.html", folder / "manifest.json"),
            "render",
            {
                "work": str(build.work),
                "folder": str(folder),
                "pages": listed_pages(pages),
                "root": str(project.root),
            },
        )
    )
    return steps


def _answers_beside(build: Build, simulated: bool) -> str:
    """The answers that the build's table stands beside, by one hash.

    Where the table itself is not in the record (any more), it is made and entered again.
    """
    from atips_analysis.ledger.earlier import House
    from atips_analysis.ledger.record import names_of

    note, made = build.confidential / "edition.json", build.public / "indicators.csv"
    house = House.of(build.project, build.databank, simulated=simulated)
    if house.record is None or not note.is_file():
        return ""
    edition = _read_json(note)["edition"]
    binding = house.record.binding(edition)
    digest = sha256_of(made) if made.is_file() else ""
    own = [number for number, one in enumerate(binding) if one.sha256 == digest]
    if not own:
        (build.public / "protection.json").unlink(missing_ok=True)
    drafts = house.drafts(edition)
    return names_of(one for one in binding[: own[0] if own else None] if one not in drafts)


def rendering_steps(steps: Iterable[Step]) -> dict[str, Step]:
    """The steps that render a page, by the page's name."""
    mark = "render "
    return {step.name.removeprefix(mark): step for step in steps if step.name.startswith(mark)}


def _catalogue(page: Page) -> tuple[Path, ...]:
    """What the words of a page in another language than English come from."""
    return () if page.lang == SOURCE else (catalogue_file(page.lang),)


def _catalogues() -> tuple[Path, ...]:
    """The words of every language but the one that messages are written in."""
    return tuple(catalogue_file(lang) for lang in languages() if lang != SOURCE)


def left_out_of(folder: Path) -> tuple[str, ...]:
    """The pages that a release in a folder lacks, as nobody had reviewed their translation."""
    manifest = folder / "manifest.json"
    release = _read_json(manifest).get("release", {}) if manifest.is_file() else {}
    return tuple(release.get("left_out", ()))


def _quality_notes(build: Build) -> tuple[Path, ...]:
    names = ("quality-gate.json", "quality-scores.csv", "quality-counts.csv")
    return tuple(build.confidential / name for name in names)


def published_folder(build: Build, simulated: bool) -> Path:
    """`reports/2024`, or `reports/2024-simulated` for what was made from simulated records."""
    return build.out / (f"{build.year}-simulated" if simulated else str(build.year))


def executed(build: Build, page: Page) -> Path:
    """Where the executed notebook of a page lies, with its figures beside it."""
    return build.work / "executed" / page.name / f"{Path(page.name).name}.ipynb"


def forget_lost_edition(build: Build) -> None:
    """Let the edition be made again when its folder is gone from the data bank."""
    note = build.confidential / "edition.json"
    if note.is_file():
        name = _read_json(note)["edition"]
        if not (build.databank / "editions" / name).is_dir():
            note.unlink()


def is_simulated(build: Build) -> bool:
    """Whether the edition of a build holds simulated records; once its records are planned and run."""
    return bool(_read_json(build.confidential / "edition.json")["simulated"])


def refuse_no_submissions(build: Build) -> None:
    """Refuse a folder of submissions that is not there: a new project has no example yet."""
    if build.submissions.is_dir():
        return
    if build.from_example:
        remedy = (
            "make the simulated example there (atips example --out data/example, in the project's "
            "folder), or name the folder with the agencies' files with --submissions"
        )
    else:
        remedy = (
            "name the one with the agencies' files, or leave --submissions out to take the "
            "simulated example"
        )
    raise InputError(f"{build.submissions}: no such folder; {remedy}")


# -- what the steps do -------------------------------------------------------------------------


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
    failures = _read_json(reads[1])["failures"]
    if failures:
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        raise FindingsError(
            f"the quality gate is not passed, nothing is published: {failures[0]}{more}; "
            "atips check FILE… tells each agency what to correct"
        )
    write_json(writes[0], {"edition": _read_json(reads[0])["edition"]})


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
    bank = open_databank(databank, _read_json(reads[0])["edition"])
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
    bank = open_databank(databank, _read_json(reads[0])["edition"])
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
    write_json(
        writes[3],
        {
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
        },
    )
    pooled = f"{parse_period(baseline).years[0]}-{year}"
    about = {"edition": bank.edition, "source": "simulated" if bank.simulated else "register"}
    research = research_tables(bank, pooled, protected, threshold)
    write_json(writes[4], {**research, "about": about})
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
        Project(Path(root)), read_table(reads[0]), _read_json(reads[1])
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
    reads: list[Path],
    writes: list[Path],
    *,
    parameters: dict[str, Any],
    inputs: str,
    root: str,
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
    publication = publication_of(project, _read_json(reads[2]), **given)
    folder = writes[0].parent
    report = Report(writes[0].stem, reads[0], publication)
    render(report, folder, renderer=renderer, formats=formats, extension=project.extension)


def particulars(
    build: Build, page: Page, simulated: bool, pages: Sequence[Page] = ()
) -> dict[str, Any]:
    """What a build gives a page besides its text, as `publication_of` takes it.

    `pages` are those that are made with it, to which it leads.
    """
    return {
        "ways": ways_of(page, pages),
        "title": page.title,
        "layout": page.layout,
        "lang": page.lang,
        "period": _period_words(build, page),
        "simulated": simulated and page.from_records,
        "bears_issuing_body": not simulated,
        "from_records": page.from_records,
    }


def ways_of(page: Page, pages: Sequence[Page]) -> dict[str, Any]:
    """Where a page of a build leads, as addresses from where it lies; none where it stands alone."""
    if not pages:
        return {}
    up = "../" * page.name.count("/")
    stem = page.name.rpartition("/")[2]
    return {
        "home": up + front_page_name(page.lang),
        "paper": f"{stem}.pdf" if "pdf" in page.formats else "",
        "data": f"{up}indicators.csv" if page.from_records else "",
        "languages": [
            [other.lang, f"{up}{other.name}.html"]
            for other in pages
            if other.notebook == page.notebook and other.lang != page.lang
        ],
    }


def reachable(
    ways: Mapping[str, Any], left_out: Collection[str], fronts: Collection[str]
) -> dict[str, Any]:
    """Where a released page leads: to no page that the release leaves out.

    `fronts` are the languages in which it has a front page.
    """
    home = ways["home"]
    if home.rpartition("/")[2] not in map(front_page_name, fronts):
        home = home.rpartition("/")[0] + ("/" if "/" in home else "") + front_page_name(SOURCE)
    names = {f"{name}.html" for name in left_out}
    others = [[lang, way] for lang, way in ways["languages"] if way.lstrip("./") not in names]
    return {**ways, "home": home, "languages": others}


def publication_of(
    project: Project,
    about: Mapping[str, Any],
    *,
    title: str,
    layout: Literal["report", "brief"],
    lang: str,
    period: str,
    simulated: bool,
    bears_issuing_body: bool,
    from_records: bool,
    ways: Mapping[str, Any] = MappingProxyType({}),
    draft: bool = True,
) -> Publication:
    """What a page of a build says about itself: from the build's `build.json`.

    One that is made from published figures alone has no edition behind it, and lacks no return.
    """
    from atips_analysis.pages.provenance import OF_RECORDS, made_from
    from atips_analysis.render import Ways, publication_from
    from atips_analysis.render.logo import read_logo
    from atips_analysis.render.publication import moment_after

    return publication_from(
        project.profile,
        logo=read_logo(project),
        timestamp=moment_after(about["year"]),
        lang=lang,
        period=period,
        simulated=simulated,
        draft=draft,
        layout=layout,
        running_title=title,
        ways=Ways(**{**ways, "languages": tuple(map(tuple, ways.get("languages", ())))}),
        made_from=made_from(
            about if from_records else {of: about[of] for of in about if of not in OF_RECORDS},
            project.profile,
            title=title,
            period=period,
            simulated=simulated,
            lang=lang,
        ),
        **({} if bears_issuing_body else {"issuing_body": None}),
    )


def publish(
    reads: list[Path],
    writes: list[Path],
    *,
    work: str,
    folder: str,
    pages: list[list[str]],
    root: str,
) -> None:
    """Move what is public to its folder, whole: the old one stands until the new one is ready.

    A release that was sealed from this very draft stays as it is. A page that is no longer in the
    register goes.
    """
    target = Path(folder)
    for left in sorted((Path(work) / "rendered").resolve().rglob("*")):
        if left.is_file() and left not in reads:
            left.unlink()
    staged = target.with_name(f".{target.name}.new")
    assemble(staged, Path(work), "rendered", Project(Path(root)), pages, keep=target)
    if is_released(target, draft_of(staged)):
        remove(staged)
        return
    if (target / "pack").is_dir():
        shutil.copytree(target / "pack", staged / "pack")
    put_in_place(staged, target)


def assemble(
    staged: Path,
    work: Path,
    rendered: str,
    project: Project,
    pages: list[list[str]],
    release: Mapping[str, Any] | None = None,
    keep: Path | None = None,
) -> None:
    """Fill a folder with what is public, and check it at the gate.

    `rendered` names the folder of pages in the work folder; `release` is what sealing adds to
    the manifest, none for a draft; bulletins that lie in `keep` stay.
    """
    from atips_analysis.render.front_page import write_front_pages
    from atips_analysis.render.reports_gate import check_public

    public = work / "public"
    remove(staged)
    with for_readers():
        staged.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(work / rendered, staged)
    for name in ("indicators.csv", "research.json", STATEMENTS):
        shutil.copyfile(public / name, staged / name)
    if keep is not None:
        _keep_bulletins(keep, staged, _read_json(public / "build.json")["edition"])
    write_front_pages(
        staged,
        public,
        project,
        pages,
        draft=release is None,
    )
    _write_manifest(staged, public, project, release)
    check_public(staged)


def can_be_replaced(folder: Path) -> None:
    """Nothing, when this account can take away what is published in a folder, if it is there.

    Raises
    ------
    MachineError
        If another account published it, for itself alone to change.
    """
    inside = (path for path in (folder, *folder.rglob("*")) if path.is_dir())
    if not all(os.access(path, os.W_OK) for path in inside):
        raise MachineError(
            f"{folder}: published by another account, and yours may not replace it; let that account "
            f"build, or give the group the right to write there (chmod -R g+w), or {OUT}"
        )


def put_in_place(staged: Path, target: Path) -> None:
    """Exchange the folder for the new one, whole, and open to its readers.

    Errors as `can_be_replaced`.
    """
    try:
        can_be_replaced(target)
    except MachineError:
        remove(staged)  # or it would be in the other account's way
        raise
    open_to_readers(staged)
    mend_reports(target.parent)
    old = target.with_name(f".{target.name}.old")
    remove(old)
    if target.exists():
        os.replace(target, old)
    os.replace(staged, target)
    shutil.rmtree(old, ignore_errors=True)


def mend_reports(reports: Path) -> list[Path]:
    """Put back a folder that was moved away when a command was killed before the new one came.

    It may hold the only copy of a sealed pack. Returns the folders that were put back.
    """
    back = []
    for old in sorted([*reports.glob(".*.old"), *reports.glob("*/.*.old")]):
        if not old.is_dir():  # somebody's own: only folders are moved away
            continue
        target = old.with_name(old.name[1 : -len(".old")])
        if target.exists():
            remove(old)
        else:
            os.replace(old, target)
            back.append(target)
    return back


def draft_of(folder: Path) -> str:
    """A hash over the reports of a draft: what a release was checked and approved as.

    The front page follows from them and from the years beside it; bulletins come and go.
    """
    files = {
        name: digest
        for name, digest in _read_json(folder / "manifest.json")["files"].items()
        if not name.startswith(("index", "bulletin-"))
    }
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def is_released(folder: Path, draft: str) -> bool:
    """Whether a folder holds, unchanged, what was sealed from this very draft."""
    if not (folder / "manifest.json").is_file():
        return False
    manifest = _read_json(folder / "manifest.json")
    sealed = manifest["state"] == "released" and manifest["release"]["draft"] == draft
    return sealed and all(
        (folder / name).is_file()
        and hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
        for name, digest in manifest["files"].items()
    )


def _keep_bulletins(folder: Path, staged: Path, edition: str) -> None:
    """Bulletins of the same edition stay; those of another one are out of date and go."""
    for table in sorted(folder.glob("bulletin-*.csv")):
        with table.open(encoding="utf-8", newline="") as file:
            first = next(csv.DictReader(file), {})
        if first.get("vintage") == edition:
            for file_of_it in folder.glob(f"{table.stem}.*"):
                shutil.copy2(file_of_it, staged / file_of_it.name)  # with its time


def _write_manifest(
    folder: Path, public: Path, project: Project, release: Mapping[str, Any] | None
) -> None:
    country = project.profile["country"]
    about = _read_json(public / "build.json")
    files = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    write_json(
        folder / "manifest.json",
        {
            **about,
            "country": {"iso3": country["iso3"], "name": by_language(country, "name")},
            "files": files,
            "protection": _read_json(public / "protection.json"),
            "state": "draft" if release is None else "released",
            "records": "simulated" if about["simulated"] else "submitted by agencies",
            **({} if release is None else {"release": dict(release)}),
        },
    )


def _period_words(build: Build, page: Page) -> str:
    """What the cover says that the numbers cover: the years that the page's notebook is given.

    A page on published figures says it itself, and so does the regional pack, in its language.
    """
    from atips_analysis.notebooks import declared_parameters

    if not page.from_records or page.notebook == "regional-pack":
        return ""
    notebook = build.project.notebooks / f"{page.notebook}.ipynb"
    given = {parameter.name for parameter in declared_parameters(notebook)}
    if "year" not in given and given & {"period", "baseline"}:
        return build.baseline.replace("-", "–")
    if page.notebook.startswith("research/"):
        return f"{build.periods[0].years[0]}–{build.year}"
    _ = translator(page.lang)
    return _("January to December {year}", year=build.year)


def _renderer(build: Build) -> RendererChoice:
    """What pages are made with; "auto" falls back page by page, where there is a Quarto at all."""
    from atips_analysis.render.rendering import usable_quarto

    return build.renderer if usable_quarto(build.renderer) else "embedded"


def _parameters(build: Build, page: Page) -> dict[str, Any]:
    """What a build gives the notebooks that declare it: `period` is the years that are pooled.

    A page on published figures has years of its own.
    """
    given = {
        "year": build.year,
        "baseline": build.baseline,
        "period": build.baseline,
        "lang": page.lang,
    }
    if page.from_records:
        given |= {"first_year": build.periods[0].years[0], "last_year": build.year}
    return given


def _read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
