"""The officer's desk: one page on the confidential side with all that an officer has to know.

It is written by consolidating, building and releasing, opened from its file and never published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.build.asked_for import Build, is_simulated, published_folder
from atips_analysis.build.officers_files import wrong_files
from atips_analysis.build.plan import plan_reports
from atips_analysis.build.what_changed import LINES
from atips_analysis.build.what_next import what_next, year_in_hand
from atips_analysis.databank import DataBank, open_databank
from atips_analysis.errors import AtipsError
from atips_analysis.files import read_json, write_text
from atips_analysis.framework import load_indicators
from atips_analysis.ledger.ledger_files import ledger_files, read_ledger
from atips_analysis.pages.edition import read_edition
from atips_analysis.pages.key_figures import KEY_FIGURES, KeyFigure, figure_alone
from atips_analysis.pages.last_build import last_build
from atips_analysis.pages.numbers import format_number, legend_of
from atips_analysis.pages.returns import state_in_words
from atips_analysis.project import Project
from atips_analysis.quality.edition_gate import failures_of
from atips_analysis.quality.returns_received import by_agency
from atips_analysis.quality.returns_shown import MARKS, NOT_OWED
from atips_analysis.release.release_checks import check_untouched, find_build, unreviewed_pages
from atips_analysis.render.page import contents_of, page_html, template
from atips_analysis.render.policy import sealed
from atips_analysis.render.publication import publication_from, theme_words, typographic
from atips_analysis.words import NC_, translator
from atips_analysis.words.documents import words_of
from atips_analysis.words.said import in_language, line_of

NAME = "desk.html"
WORDS = Path(__file__).with_name("desk_words.toml")
TEMPLATE = "desk.html"
TEN = (*KEY_FIGURES, KeyFigure("PROS-03", "SUSPECT", NC_("key figure", "persons prosecuted")))
YEARS = 4
MOST_HIDDEN = 5


def write_desk(project: Project, databank: Path) -> Path | None:
    """Write the desk from the latest edition of a data bank and the reports made from its records.

    Returns
    -------
    Path or None
        `data/work/desk.html`; None where the data bank is not the project's own, or the project
        has no pages.
    """
    own = databank.resolve().is_relative_to(project.databank.resolve())
    if not own or not (project.extension / TEMPLATE).is_file():
        return None
    bank = open_databank(databank)
    year = year_in_hand(bank.kept("returns")) or int(bank.account["submitted_for"].max())
    lang = str(project.profile["languages"]["reports"][0])
    _ = translator(lang)
    shown = _shown(project, bank, year, lang)
    counted = shown["totals"] | (shown["hidden"] or {})
    values = {"edition": bank.edition, "year": year, **_as_printed(counted, lang)}
    said = {
        name: typographic(text.format(**values))
        for name, text in vars(words_of(WORDS, lang)).items()
        if shown["hidden"] or name != "how_hidden"
    }
    body = template(TEMPLATE, project.extension).render(said=said, lang=lang, **shown)
    publication = replace(
        publication_from(project.profile, lang=lang, simulated=bank.simulated, draft=True),
        title=_("The officer's desk"),
        subtitle=_(
            "Confidential: what came, what moved, what waits. Year in hand: {year}", year=year
        ),
        layout="brief",
    )
    words = theme_words(publication)
    made_from = [(_("Edition of the data bank"), bank.edition)]
    html = page_html(publication, words, contents_of(body), body, made_from, project.extension)
    path = project.work / NAME
    write_text(path, sealed(html))
    return path


def _as_printed(counted: dict[str, Any], lang: str) -> dict[str, str]:
    """Counts as the pages of the language print them."""
    return {
        name: format_number(count, lang)
        for name, count in counted.items()
        if not isinstance(count, list)
    }


def _shown(project: Project, bank: DataBank, year: int, lang: str) -> dict[str, Any]:
    public = _public_side(project, bank, year)
    changed = public.parent / "confidential" / LINES if public else None
    returns = list(_returns(bank, year, lang))
    used = {mark for one in returns for mark in one["marks"]}
    figures, legend = _figures(project, public, year, lang) if public else ([], "")
    return {
        "next": what_next(project, bank, lang=lang) if len(bank.kept("returns")) else [],
        "edition": bank.edition,
        "totals": bank.account[["read", "accepted", "quarantined", "duplicates"]].sum().to_dict(),
        "returns": returns,
        "marks": [
            (mark, state_in_words(state, lang))
            for state, (mark, _) in MARKS.items()
            if mark in used
        ],
        "year": year,
        "figures": figures,
        "legend": legend,
        "changed": changed.read_text("utf-8").splitlines() if changed and changed.is_file() else [],
        "hidden": _hidden(project, public, lang) if public else None,
        "refused": [in_language(line, lang) for line in _refused(project, year)],
        "lacking": list(_lacking(project, year, lang)),
    }


def _public_side(project: Project, bank: DataBank, year: int) -> Path | None:
    """The public side of the last build of a year, if it was made from such records."""
    try:
        public = last_build(project, year)
    except AtipsError:
        return None
    about = read_json(public / "build.json")
    return public if about["simulated"] == bank.simulated else None


def _returns(bank: DataBank, year: int, lang: str) -> Iterator[dict[str, Any]]:
    returns = bank.kept("returns")
    if returns.empty:
        return
    states = by_agency(returns)
    states = states[states["month"].str[:4] == str(year)]
    account = bank.account[bank.account["submitted_for"] == year]
    rows = account.groupby("submitted_by")[["read", "quarantined"]].sum()
    for agency, own in states.groupby("agency"):
        of = dict(zip(own["month"], own["state"], strict=True))
        months = [of.get(f"{year}-{month:02d}") for month in range(1, 13)]
        known = rows.loc[agency] if agency in rows.index else {"read": 0, "quarantined": 0}
        counts = pd.Series([state for state in months if state]).value_counts(sort=False)
        yield {
            "agency": agency,
            "marks": "".join(MARKS[state][0] if state else NOT_OWED for state in months),
            "said": ", ".join(
                f"{number} {state_in_words(str(state), lang)}" for state, number in counts.items()
            ),
            "read": int(known["read"]),
            "waiting": int(known["quarantined"]),
        }


def _figures(
    project: Project, public: Path, year: int, lang: str
) -> tuple[list[dict[str, str]], str]:
    """The ten figures with the years up to their own, and what their marks mean."""
    _, edition = translator(lang), read_edition(public, project, lang)
    known = [one for one in edition.known_years if one <= year][-YEARS:]
    shown, cells = [], []
    for one in TEN:
        before = figure_alone(one.cell(edition, year - 1), lang)
        before = _("{figure} in {year}", figure=before, year=year - 1)
        shown.append(one.card(edition, known) | {"before": before})
        cells += [one.cell(edition, of) for of in known]
    return shown, legend_of(cells, lang)


def _hidden(project: Project, public: Path, lang: str) -> dict[str, Any]:
    told = read_json(public / "protection.json")
    kept = public.parent / "confidential" / "protection.json"
    cells = read_json(kept)["cells"]
    table = pd.read_csv(public / "indicators.csv", dtype=str, keep_default_na=False)
    counts = pd.crosstab(table["indicator_id"], table["status"].eq("C"))
    counts = counts.reindex(columns=[False, True], fill_value=0)
    names = {one.id: one.name(lang) for one in load_indicators(project)}
    most = counts.sort_values([True, False], ascending=[False, True]).head(MOST_HIDDEN)
    return {
        **{name: told[name] for name in ("shown", "hidden")},
        "most": told["threshold"] - 1,
        "small": cells.get("P", 0),
        "beside": cells.get("S", 0),
        "most_hidden": [
            {"name": f"{code} {names[str(code)]}", "hidden": row[True], "shown": row[False]}
            for code, row in most.iterrows()
            if row[True]
        ],
    }


def _refused(project: Project, year: int) -> Iterator[str]:
    """What stops a build or a release: faults of files, the quality gate, reports changed by hand."""
    yield from wrong_files(project)
    try:
        build = find_build(project, year, project.reports)
    except AtipsError as error:
        yield line_of(error)
        return
    gate = build.confidential / "quality-gate.json"
    if gate.is_file():
        yield from failures_of(read_json(gate))
    try:
        simulated = is_simulated(build)
        entries = read_ledger(ledger_files(project.ledger, simulated=simulated))
        check_untouched(build, published_folder(build, simulated), entries)
    except AtipsError as error:
        yield line_of(error)


def _lacking(project: Project, year: int, lang: str) -> Iterator[str]:
    """What a release goes without: translations that nobody read, what the profile does not say."""
    _ = translator(lang)
    try:
        build: Build = find_build(project, year, project.reports)
        pages = unreviewed_pages(plan_reports(build, is_simulated(build)))
    except AtipsError:
        pages = ()
    if pages:
        names = ", ".join(pages)
        yield _("pages whose translation nobody has read: {names} (atips translation)", names=names)
    publication = project.profile["publication"]
    if not publication.get("contact_en"):
        yield _("data/council/profile.toml names no contact")
    if not publication.get("licence_en"):
        yield _("data/council/profile.toml names no licence")
