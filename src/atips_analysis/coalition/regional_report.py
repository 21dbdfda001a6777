"""The Coalition's table and report: from packs to a folder among the reports, a draft.

Nobody checked and approved what several countries' packs say together: that is for the Coalition
to do. So its report is a draft on every page, and bears no issuing body.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis import __version__
from atips_analysis.build.one_writer import one_writer
from atips_analysis.build.reports_folder import mend_reports, put_in_place
from atips_analysis.coalition.packs_together import Withstood, attack_together
from atips_analysis.coalition.sealed_packs import SealedPack, fingerprint, open_packs
from atips_analysis.coalition.side_by_side import APART, SideBySide
from atips_analysis.files import (
    WORK,
    can_be_written,
    for_readers,
    frame_csv,
    read_json,
    write_json,
    write_text,
)
from atips_analysis.framework import load_indicators
from atips_analysis.pages.region import ABOUT, AREA, LAST, NUMBERS, TABLE
from atips_analysis.pages.tidy import Tidy
from atips_analysis.project import Project, commit_of_code, find_project
from atips_analysis.release.sdmx import Artefacts, sdmx_csv, structure_message
from atips_analysis.words import by_language, in_language, languages, translator

NAME = "coalition"
NOT_RELEASED = 0
"""The number of a release that there is not: a draft's structure in SDMX bears it."""


@dataclass(frozen=True)
class RegionalReport:
    """The files that were made, a line on each pack that was left out, and what the attack was on."""

    folder: Path
    files: tuple[Path, ...]
    packs: tuple[SealedPack, ...]
    refused: tuple[str, ...]
    withstood: Withstood


def make_regional_report(
    packs: Sequence[Path],
    *,
    keys: Path | None = None,
    out: Path | None = None,
    renderer: str = "auto",
) -> RegionalReport:
    """Make the regional table, report and SDMX of several packs; see `atips coalition`.

    Raises InputError if the packs make no region (`open_packs`). Raises FindingsError if packs and
    sums together open a hidden cell, or a page does not pass the gate.
    """
    from atips_analysis.render.rendering import usable_quarto

    house = find_project()
    reports = (out or house.reports).resolve()
    usable_quarto(renderer)  # type: ignore[arg-type]  # refuses before anything is made
    with for_readers():
        can_be_written(reports)
    work = (house.root / LAST).parent
    can_be_written(work, WORK)
    opened, refused = open_packs(packs, keys)
    with one_writer(house):
        mend_reports(reports)
        region = SideBySide(opened, load_indicators(house))
        withstood = attack_together(opened, region.sums)
        shutil.rmtree(work, ignore_errors=True)
        about = _about(region, refused, withstood)
        _write_public(work / LAST.name, region.with_sums(), about)
        pages = [page for lang in _languages(house) for page in _page(work, lang, renderer, house)]
        folder = _put_in_place(work, pages, opened, reports, house)
    files = tuple(sorted(file for file in folder.rglob("*") if file.is_file()))
    return RegionalReport(folder, files, opened, refused, withstood)


def _about(region: SideBySide, refused: Sequence[str], withstood: Withstood) -> dict[str, Any]:
    """What the page says of the packs, of what is not added up, and of the attack."""
    first = region.packs[0]
    return {
        "year": first.year,
        "simulated": first.simulated,
        "edition": fingerprint(region.packs),
        "version": __version__,
        "commit": commit_of_code(),
        "packs": [
            {
                "area": pack.area,
                "names": dict(pack.names),
                "version": pack.version,
                "day": pack.day,
                "edition": pack.edition,
                "software": pack.software,
                "sha256": pack.sha256,
                "signed": pack.signed,
                "threshold": pack.threshold,
            }
            for pack in region.packs
        ],
        "left_out": [line.partition(":")[0] for line in refused],  # why is said in the terminal
        "days_apart": APART,
        "not_added": region.not_added.to_dict("records"),
        "definitions": region.definitions(),
        "unknown_indicators": region.unknown_indicators,
        "attack": {"hidden": withstood.hidden, "tables": withstood.tables, "sums": withstood.sums},
    }


def _write_public(folder: Path, table: pd.DataFrame, about: dict[str, Any]) -> None:
    """The two files that the notebook reads; all in them was public already, or follows from it."""
    printed = table.copy()
    for name in NUMBERS:
        printed[name] = printed[name].map(lambda one: "" if pd.isna(one) else f"{float(one):.10g}")
    write_text(folder / TABLE, frame_csv(printed))
    write_json(folder / ABOUT, about)


def _languages(house: Project) -> list[str]:
    return [str(lang) for lang in house.profile["languages"]["regional"]]


def _page(work: Path, lang: str, renderer: str, house: Project) -> list[Path]:
    """The notebook in a language, executed and rendered."""
    from atips_analysis.notebooks import run_notebook
    from atips_analysis.render import Report, Ways, publication_from, render

    _ = translator(lang)
    name = f"{NAME}-{lang}"
    given = {"inputs": work / LAST.name, "project": house.root, "lang": lang}
    executed = run_notebook(house.notebooks / f"{NAME}.ipynb", work / f"{name}.ipynb", given)
    about = read_json(work / LAST.name / ABOUT)
    plain = publication_from(house.profile, lang=lang, simulated=about["simulated"])
    country = in_language(by_language(house.profile["country"], "name"), lang, "name")
    others = [other for other in _languages(house) if other != lang]
    publication = replace(
        plain,
        country=house.profile["coalition"]["short"],
        issuing_body=None,
        draft=True,
        layout="report",
        period=str(about["year"]),
        reporting_lines=tuple(
            (f"{country}: {said}", lines) for said, lines in plain.reporting_groups
        ),
        ways=Ways(
            paper=f"{name}.pdf",
            data=TABLE,
            languages=tuple((other, f"{NAME}-{other}.html") for other in others),
        ),
        made_from=_made_from(about, house, lang),
    )
    report = Report(name, executed, publication)
    folder = work / "rendered"
    return render(report, folder, renderer=renderer, extension=house.extension)  # type: ignore[arg-type]


def _made_from(about: Mapping[str, Any], house: Project, lang: str) -> tuple[tuple[str, str], ...]:
    """What the colophon says; nobody has set a day or a licence, which are the Coalition's to set."""
    from atips_analysis.pages.particulars import particulars

    _ = translator(lang)
    packs = ", ".join(f"{one['area']} {one['edition']}" for one in about["packs"])
    name = in_language(by_language(house.profile["coalition"], "name"), lang, "name")
    website = house.profile["council"].get("website", "")
    own = {"publication": {}, "council": {f"issuing_body_{lang}": name, "website": website}}
    particular = particulars(
        {**house.profile, **own},
        {"edition": packs},
        title=_("The Coalition's table"),
        period=str(about["year"]),
        simulated=about["simulated"],
        lang=lang,
    )
    version = f"atips-analysis {about['version']}"
    return ((_("Packs"), packs), (_("Version"), version), *particular.lines(lang))


def _put_in_place(
    work: Path, pages: Sequence[Path], packs: Sequence[SealedPack], reports: Path, house: Project
) -> Path:
    """Pages, table and SDMX through the gate into their folder, whole."""
    from atips_analysis.render.reports_gate import check_public

    simulated, year = packs[0].simulated, packs[0].year
    target = reports / f"{NAME}-{year}{'-simulated' if simulated else ''}"
    staged = reports / f".{target.name}.new"
    shutil.rmtree(staged, ignore_errors=True)
    with for_readers():
        staged.mkdir(parents=True)
    for file in (*pages, work / LAST.name / TABLE, work / LAST.name / ABOUT):
        shutil.copyfile(file, staged / file.name)
    for name, content in _sdmx(work / LAST.name / TABLE, packs, house).items():
        (staged / "sdmx").mkdir(exist_ok=True)
        (staged / "sdmx" / name).write_bytes(content)
    _write_manifest(staged, packs)
    check_public(staged)
    put_in_place(staged, target)
    return target


def _sdmx(table: Path, packs: Sequence[SealedPack], house: Project) -> dict[str, bytes]:
    """Data and structure, with the country as the first dimension."""
    codes = pd.read_csv(table, dtype=str, keep_default_na=False)
    first = packs[0]
    artefacts = Artefacts(
        first.year,
        NOT_RELEASED,
        first.simulated,
        house.profile["council"]["sdmx_agency"],
        {pack.area: {lang: pack.name(lang) for lang in languages()} for pack in packs},
    )
    about = {"edition": fingerprint(packs), "simulated": first.simulated}
    tidy = Tidy(codes.drop(columns=AREA), load_indicators(house), about)
    prepared = datetime.fromisoformat(max(pack.day for pack in packs)).replace(tzinfo=UTC)
    mark = "-simulated" if first.simulated else ""
    return {
        f"{NAME}{mark}.csv": sdmx_csv(codes, artefacts),
        "structure.json": structure_message(codes, tidy, artefacts, prepared),
    }


def _write_manifest(folder: Path, packs: Sequence[SealedPack]) -> None:
    files = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    content = {
        "commit": commit_of_code(),
        "files": files,
        "packs": {pack.area: pack.sha256 for pack in packs},
        "records": "simulated" if packs[0].simulated else "submitted by agencies",
        "state": "draft",
        "version": __version__,
        "year": packs[0].year,
    }
    write_json(folder / "manifest.json", content)
