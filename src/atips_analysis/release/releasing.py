"""Sealing a build: checked by one role, approved by another, entered in the ledger, packed.

A release is never made from what is out of date or was changed by hand. Everything is checked
once more (`release_checks`); the attack takes this release, all earlier ones and the public
figures together (`release_contents`); pages are set again from the executed notebooks, without
the mark of a draft, and the pack is verified before anything is put in its place (`sealing`).
Releasing the same again changes nothing, whatever was released since.
"""

from __future__ import annotations

from pathlib import Path

from atips_analysis.build.asked_for import is_simulated, published_folder
from atips_analysis.build.one_writer import one_publisher, one_writer
from atips_analysis.build.plan import plan_reports
from atips_analysis.build.reports_folder import finish_released, mend_reports
from atips_analysis.build.steps import run_steps
from atips_analysis.ledger.ledger_files import ledger_files, read_ledger
from atips_analysis.project import find_project
from atips_analysis.release.release_checks import (
    check_current,
    check_roles,
    check_untouched,
    find_build,
    release_day,
)
from atips_analysis.release.release_contents import contents_of
from atips_analysis.release.sealing import Approval, ReleaseMade, seal


def release_year(
    *, year: int, checked_by: str, approved_by: str, out: Path | None = None, day: str | None = None
) -> ReleaseMade:
    """Seal the build of a year; see `atips release`.

    Parameters
    ----------
    day : str, optional
        Date of the release (yyyy-mm-dd); by default the date of the profile, so that the same
        input gives the same bytes.

    Raises
    ------
    InputError
        If the roles are missing or the same, the year has not ended at the date, nothing is
        built, the build is out of date, or the ledger was changed.
    FindingsError
        If something was changed by hand, may not leave, or can be worked out.
    """
    project = find_project()
    roles = check_roles(checked_by, approved_by)
    build = find_build(project, year, (out or project.reports).resolve())
    approval = Approval(*roles, release_day(day, year, project))
    with one_writer(project), one_publisher(build.out):
        mend_reports(build.out)
        finish_released(build.out, project.ledger)
        simulated = is_simulated(build)
        folder = published_folder(build, simulated)
        entries = read_ledger(ledger_files(project.ledger, simulated=simulated))
        check_current(build, simulated)
        check_untouched(build, folder, entries)
        contents = contents_of(build, folder, simulated=simulated)
        made = seal(build, folder, contents, entries, approval, simulated=simulated)
        run_steps(plan_reports(build, simulated), build.work / "reports")
    return made
