"""Running a build for a person: progress, a log, what was made, and what must be looked at."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from atips_analysis.build.asked_for import (
    Build,
    asked_for,
    forget_lost_edition,
    is_simulated,
    published_folder,
    refuse_no_submissions,
)
from atips_analysis.build.bulletins_kept import bulletins_of, forget_deleted, make_again
from atips_analysis.build.cluster import cluster
from atips_analysis.build.handing_over import touch_filter
from atips_analysis.build.one_writer import one_publisher, one_writer
from atips_analysis.build.page_register import Page, load_pages
from atips_analysis.build.plan import PROTECT, RENDER, plan_records, plan_reports, read_first
from atips_analysis.build.progress import progress
from atips_analysis.build.reports_folder import can_be_replaced, finish_released, mend_reports
from atips_analysis.build.steps import Outcome, StepExecutor, run_steps, summary, used_words
from atips_analysis.build.what_changed import (
    Published,
    kept_as_printed,
    published_before,
    returns_and_figures,
    what_changed,
)
from atips_analysis.errors import InputError
from atips_analysis.files import (
    WORK,
    can_be_written,
    for_readers,
    read_json,
    write_json,
    write_text,
)
from atips_analysis.framework.release_calendar import refuse_past
from atips_analysis.ledger.record import begin_record
from atips_analysis.notebooks import warm_kernels
from atips_analysis.notebooks.notebook_cells import read_cells
from atips_analysis.notebooks.words_check import check_words
from atips_analysis.pages.last_build import remember
from atips_analysis.pages.narrative import check_photographs
from atips_analysis.pages.passages import check_passages, passage_files, read_passage
from atips_analysis.project import Project, find_project
from atips_analysis.render.dialect import check_passage
from atips_analysis.render.logo import read_logo
from atips_analysis.render.rendering import renderer_choice

ASKED = "asked.json"
BEGUN = (
    "a record of answers is begun: what was given from this data bank before is not in it; if its "
    "folder answers was lost, restore it from the backup"
)


@dataclass(frozen=True)
class Built:
    """What a build says at its end: which renderer it took, and what it would say of no change."""

    folder: Path
    text: str
    databank: Path
    renderer: str
    nothing_new: str


def build_reports(  # noqa: PLR0913  (the options of `atips build`)
    *,
    year: int = 2024,
    baseline: str = "2021-2023",
    submissions: Path | None = None,
    out: Path | None = None,
    renderer: str = "auto",
    jobs: int = 1,
    scheduler: str | None = None,
    explain: bool = False,
    show: bool = True,
    show_skipped: bool = False,
    project: Project | None = None,
) -> Built:
    """Build the reports of a year; see `atips build`.

    Raises InputError if something asked for cannot be used. The last good reports stay as they
    were. Raises FindingsError if the quality gate is not passed: nothing is published.
    """
    project = project or find_project()
    choice = renderer_choice(renderer)  # type: ignore[arg-type]
    if jobs < 1:
        raise InputError("--jobs must be 1 or more")
    build = asked_for(project, year, baseline, submissions, out, renderer)
    _ = build.periods  # refuses a baseline that does not fit, before anything runs
    refuse_no_submissions(build)
    check_passages(project, year)
    check_photographs(project, year)
    read_logo(project)
    refuse_past(project, year)
    for path, file in passage_files(project, year):
        check_passage(read_passage(path), file)
    pages = load_pages(project)
    for name in dict.fromkeys(page.notebook for page in pages):
        check_words(read_cells(project.notebooks / f"{name}.ipynb"), f"{name}.ipynb")
    with for_readers():
        can_be_written(build.out)
    can_be_written(build.work, WORK)
    with one_writer(project), one_publisher(build.out):
        mend_reports(build.out)
        finish_released(build.out, project.ledger)
        forget_lost_edition(build)
        records = plan_records(build)
        of = len(records) + len(plan_reports(build, simulated=True))
        lines: list[str] = [choice]
        correction = _Correction(None, build, read_first(pages))
        telling = progress(of, show_skipped=show_skipped) if show else nullcontext(None)
        at_once: AbstractContextManager[int | StepExecutor] = nullcontext(jobs)
        if scheduler is not None:
            at_once = cluster(scheduler, build.work, build.renderer)

        try:
            with at_once as hands, warm_kernels(project.root), telling as say:
                if show:  # first of all what cannot be used, such as a scheduler that is none
                    print(choice, file=sys.stderr, flush=True)

                def tell(outcome: Outcome) -> None:
                    why = "; ".join([*used_words(outcome), *outcome.why])
                    lines.append(f"{outcome.name}: {outcome.state} {why}".rstrip())
                    if say:
                        say(outcome, correction.told_by(outcome))

                options: dict[str, Any] = {"jobs": hands, "tell": tell, "explain": explain}
                # One waits for the other: no process need start for them.
                alone = {"jobs": 1} if scheduler is None else {}
                outcomes = run_steps(records, build.work / "records", **{**options, **alone})
                begun = [BEGUN] if begin_record(build.databank) else []
                simulated = is_simulated(build)
                folder = published_folder(build, simulated)
                can_be_replaced(folder)
                correction.before = published_before(folder)
                forget_deleted(folder)
                bulletins = bulletins_of(build, simulated=simulated)
                reports = plan_reports(build, simulated)
                outcomes += run_steps(reports, build.work / "reports", **options)
                again = make_again(build, bulletins, simulated=simulated)
                if again:  # they were entered in the manifest and on the front page
                    run_steps(reports, build.work / "reports", jobs=hands)
            changed = what_changed(correction.before, build, outcomes, again, correction.lines)
            kept = [line for line in (kept_as_printed(build),) if line]
            said = "\n".join([*changed, *kept, *begun, summary(outcomes)])
            write_json(build.work / ASKED, asked(build))
            touch_filter(project)
        except Exception as error:
            lines.append(f"stopped: {error}")
            raise
        finally:
            write_text(build.work / "build.log", "\n".join(lines) + "\n")
    remember(project, year, build.work, folder)
    made = _what_was_made(folder, project, simulated)
    nothing_new = "\n".join([summary(()), made[0].rstrip(":"), made[-1]])
    ran = again or any(outcome.state == "ran" for outcome in outcomes)
    text = "\n".join([said, *made]) if ran else nothing_new
    return Built(folder, text, build.databank, choice, nothing_new)


@dataclass
class _Correction:
    """What changed since the reports `before`, and which page shows it `first`."""

    before: Published | None
    build: Build
    first: Page | None
    lines: list[str] = field(default_factory=list)

    def told_by(self, outcome: Outcome) -> list[str]:
        """What is known now that a step has ended: what changed, and where it can be read."""
        if self.before is None or outcome.state != "ran":
            return []
        if outcome.name == PROTECT:
            self.lines = returns_and_figures(self.before, self.build)
            return self.lines
        if self.first is None or outcome.name != f"{RENDER}{self.first.name}":
            return []
        page = self.build.work / "rendered" / self.first.files[0]
        return [f"to be read already: {self.build.project.shown(page)}"]


def asked(build: Build) -> dict[str, str]:
    """What a build was asked for, so that a release finds it again. Confidential: names folders."""
    return {
        "baseline": build.baseline,
        "out": str(build.out),
        "renderer": build.renderer,
        "submissions": str(build.submissions),
    }


def _what_was_made(folder: Path, project: Project, simulated: bool) -> list[str]:
    manifest = read_json(folder / "manifest.json")
    shown = project.shown(folder)
    country = project.profile["country"]["name_en"]
    mark = (
        f"from SIMULATED records, not {country}'s data" if simulated else "from agencies' records"
    )
    state = "draft" if manifest["state"] == "draft" else "released"
    lines = [f"{state} reports {mark}, edition {manifest['edition']}:"]
    lines += [f"  {shown}/{name}" for name in manifest["files"] if not name.startswith("pack/")]
    return [*lines, f"open {shown}/index.html"]
