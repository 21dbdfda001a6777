"""The plan of a build: its steps, what each reads and writes, and what else decides its result.

Submissions become an edition, indicators are computed from it, what may leave is protected and
attacked, notebooks turn it into reports, and the last step moves what is public to `reports/`,
whole, and only when everything before it has worked. What the steps do stands in `actions` and
`assembly`.

The work folder has two sides. `confidential/` holds what never leaves; `public/` holds what is
protected, and notebooks of public reports are given that folder and nothing behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atips_analysis.build import actions
from atips_analysis.build.asked_for import Build, RendererChoice, published_folder
from atips_analysis.build.assembly import left_out_of, publish
from atips_analysis.build.exhibits import EXHIBITS
from atips_analysis.build.made_with import made_with
from atips_analysis.build.page_publication import parameters_of, particulars
from atips_analysis.build.page_register import Page, executed, listed_pages, load_pages
from atips_analysis.build.steps import Step, Turn
from atips_analysis.databank.disclosure_key import key_file
from atips_analysis.databank.storage import sha256_of
from atips_analysis.files import read_json
from atips_analysis.intake.forgotten import read_forgotten
from atips_analysis.intake.settled import ANSWERS
from atips_analysis.intake.submissions import passed_over
from atips_analysis.ledger.ledger_files import ledger_files
from atips_analysis.project import Project
from atips_analysis.published.origins import FILE as ORIGINS
from atips_analysis.published.sources import the_file
from atips_analysis.quality.returns_owed import REGISTER
from atips_analysis.statements.statement_register import FILE as STATEMENTS
from atips_analysis.words import languages
from atips_analysis.words.catalogues import SOURCE, catalogue_file

PROTECT = "protect and attack"
"""The step that reads the ledger: it runs again when something was released."""
RENDER = "render "
"""How the names of the steps that render begin; the name of the page follows."""
APART = "build-apart.json"
"""What `build.json` says apart from records: all that a page of published figures alone rests on."""
NARRATIVE = (".md", ".csv", ".jpg", ".jpeg", ".png")
"""What people add for a report: passages, their registers, photographs."""


def plan_records(build: Build) -> list[Step]:
    """From submissions to an edition that passed the quality gate."""
    project = build.project
    edition = build.confidential / "edition.json"
    quality = _quality_notes(build)
    submitted = sorted(file for file in build.submissions.rglob("*") if file.is_file())
    answers, owed = project.data / ANSWERS, project.data / REGISTER
    return [
        Step(
            "consolidate the submissions",
            actions.run_consolidation,
            (
                project.notebooks / "consolidate.ipynb",
                *project.council_files(),
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
            actions.pass_quality_gate,
            (edition, quality[0]),
            (build.confidential / "gate-passed.json",),
            "quality",
        ),
    ]


def plan_reports(build: Build, simulated: bool) -> list[Step]:
    """From an edition to reports; `simulated` marks what is made from simulated records."""
    pages = load_pages(build.project)
    written = _Written.in_project(build.project)
    agree, exhibits = _agreement(build, pages), _exhibits(build, pages, written)
    given = {page: particulars(build, page, simulated, pages) for page in pages}
    first = read_first(pages)
    return [
        _indicators(build, written),
        _protection(build, written, simulated),
        _statements(build, written),
        *(_run(build, page, written, "first" if page is first else "") for page in pages),
        agree,
        exhibits,
        *(
            _render(build, page, given[page], written, "first" if page is first else "last")
            for page in pages
        ),
        _publish(build, pages, (*agree.writes, *exhibits.writes), written, simulated),
    ]


def read_first(pages: Iterable[Page]) -> Page | None:
    """The report from the data bank that is made before all other pages: a correction shows there."""
    return next((one for one in pages if one.from_records and one.layout == "report"), None)


def rendering_steps(steps: Iterable[Step]) -> dict[str, Step]:
    """The steps that render a page, by the page's name."""
    return {step.name.removeprefix(RENDER): step for step in steps if step.name.startswith(RENDER)}


@dataclass(frozen=True)
class _Written:
    """What people write and several steps read."""

    council: tuple[Path, ...]
    registers: tuple[Path, ...]
    published: tuple[Path, ...]
    narratives: tuple[Path, ...]
    baselines: tuple[Path, ...]
    extension: tuple[Path, ...]

    @classmethod
    def in_project(cls, project: Project) -> _Written:
        origins = project.root / ORIGINS
        return cls(
            council=tuple(project.council_files()),
            registers=tuple(sorted(project.framework.glob("*.csv"))),
            published=(
                *sorted(project.published.rglob("*.csv")),
                *((origins,) if origins.is_file() else ()),
            ),
            narratives=tuple(
                file
                for file in sorted((project.root / "data" / "narrative").glob("*/**/*"))
                if file.suffix.lower() in NARRATIVE
            ),
            baselines=tuple(sorted(project.baseline.glob("baseline-*"))),
            extension=tuple(
                sorted(file for file in project.extension.rglob("*") if file.is_file())
            ),
        )


def _indicators(build: Build, written: _Written) -> Step:
    return Step(
        "compute the indicators",
        actions.compute_indicators,
        (
            build.confidential / "edition.json",
            build.confidential / "gate-passed.json",
            *written.registers,
            the_file(build.project, "population_*.csv"),
        ),
        (build.confidential / "indicators-raw.csv",),
        "indicators",
        {
            "databank": str(build.databank),
            "root": str(build.project.root),
            "periods": [period.name for period in build.periods],
        },
        turn="first",
    )


def _protection(build: Build, written: _Written, simulated: bool) -> Step:
    project = build.project
    earlier = (*ledger_files(project.ledger, simulated=simulated), *written.baselines)
    key = key_file(project, build.databank, simulated=simulated)
    return Step(
        PROTECT,
        actions.protect,
        (
            build.confidential / "edition.json",
            build.confidential / "indicators-raw.csv",
            *_quality_notes(build),
            *written.registers,
            *written.council,
            *earlier,
            *([key] if key.exists() else []),
        ),
        _protected(build),
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
    )


def _statements(build: Build, written: _Written) -> Step:
    return Step(
        "decide what is said",
        actions.decide_statements,
        (
            build.public / "indicators.csv",
            build.public / "build.json",
            *written.registers,
            *written.published,
            *(catalogue_file(lang) for lang in languages() if lang != SOURCE),
        ),
        (build.public / STATEMENTS,),
        "statements",
        {"root": str(build.project.root)},
        turn="first",
    )


def _run(build: Build, page: Page, written: _Written, turn: Turn) -> Step:
    """What a notebook does not ask for it need not wait for, nor run again for."""
    from atips_analysis.notebooks import declared_parameters

    project = build.project
    notebook = project.notebooks / f"{page.notebook}.ipynb"
    asked = {parameter.name for parameter in declared_parameters(notebook)}
    given = parameters_of(build, page)
    tests = sorted(project.tests.rglob("test_*.py")) if page.notebook == "specification" else ()
    return Step(
        f"run {page.name}",
        actions.run_page,
        (
            notebook,
            *written.council,
            *_catalogue(page),
            *((*_protected(build), build.public / STATEMENTS) if "inputs" in asked else ()),
            *written.registers,
            *written.published,
            *written.narratives,
            *written.baselines,
            *project.root.glob("CITATION.cff"),
            *tests,
        ),
        _run_files(build, page),
        "notebooks",
        {
            "parameters": {name: given[name] for name in given if name in asked},
            "inputs": str(build.public),
            "root": str(project.root),
        },
        turn=turn,
    )


def _agreement(build: Build, pages: Sequence[Page]) -> Step:
    return Step(
        "see that pages agree",
        actions.check_pages_agree,
        (build.public / STATEMENTS, *(executed(build, page) for page in pages)),
        (build.work / "pages-agree.json",),
        "render",
        {"langs": [page.lang for page in pages], "names": [page.name for page in pages]},
    )


def _exhibits(build: Build, pages: Sequence[Page], written: _Written) -> Step:
    return Step(
        "map the exhibits",
        actions.map_exhibits,
        (*(executed(build, page) for page in pages), *written.registers),
        (build.public / EXHIBITS,),
        "render",
        {"pages": [[page.name, page.notebook] for page in pages], "root": str(build.project.root)},
    )


def _render(
    build: Build, page: Page, given: Mapping[str, Any], written: _Written, turn: Turn
) -> Step:
    return Step(
        f"{RENDER}{page.name}",
        actions.render_page,
        (
            *_run_files(build, page),
            build.public / ("build.json" if page.from_records else APART),
            *written.extension,
            *written.council,
            *_catalogue(page),
        ),
        tuple(build.work / "rendered" / name for name in page.files),
        "render",
        {
            **given,
            "formats": list(page.formats),
            "renderer": _renderer(build),
            "root": str(build.project.root),
        },
        turn=turn,
    )


def _publish(
    build: Build, pages: Sequence[Page], checked: Sequence[Path], written: _Written, simulated: bool
) -> Step:
    folder = published_folder(build, simulated)
    left_out = left_out_of(folder)
    rendered = [build.work / "rendered" / name for page in pages for name in page.files]
    return Step(
        "publish",
        publish,
        (
            *_protected(build),
            build.public / STATEMENTS,
            *checked,
            *rendered,
            *written.extension,
            *written.council,
        ),
        (
            *(folder / name for page in pages if page.name not in left_out for name in page.files),
            folder / "indicators.csv",
            folder / "index.html",
            folder / "manifest.json",
        ),
        "render",
        {
            "work": str(build.work),
            "folder": str(folder),
            "pages": listed_pages(pages),
            "root": str(build.project.root),
        },
    )


def _quality_notes(build: Build) -> tuple[Path, ...]:
    names = ("quality-gate.json", "quality-scores.csv", "quality-counts.csv")
    return tuple(build.confidential / name for name in names)


def _protected(build: Build) -> tuple[Path, ...]:
    """What protecting writes, in the order in which its action names it."""
    names = ("indicators.csv", "protection.json", "quality.json", "build.json", "research.json")
    return tuple(build.public / name for name in (*names, "record-level.json", APART))


def _run_files(build: Build, page: Page) -> tuple[Path, Path]:
    """What running a page writes: its notebook, and a hash over that and its figures."""
    notebook = executed(build, page)
    return notebook, notebook.with_suffix(".sha256")


def _catalogue(page: Page) -> tuple[Path, ...]:
    """What the words of a page in another language than English come from."""
    return () if page.lang == SOURCE else (catalogue_file(page.lang),)


def _renderer(build: Build) -> RendererChoice:
    """What pages are made with; "auto" falls back page by page, where there is a Quarto at all."""
    from atips_analysis.render.rendering import usable_quarto

    return build.renderer if usable_quarto(build.renderer) else "embedded"


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
    edition = read_json(note)["edition"]
    binding = house.record.binding(edition)
    digest = sha256_of(made) if made.is_file() else ""
    own = [number for number, one in enumerate(binding) if one.sha256 == digest]
    if not own:
        (build.public / "protection.json").unlink(missing_ok=True)
    drafts = house.drafts(edition)
    return names_of(one for one in binding[: own[0] if own else None] if one not in drafts)
