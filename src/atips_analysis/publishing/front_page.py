"""`index.html`: the way to everything that a build made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from atips_analysis.project import Project
from atips_analysis.publishing.embedded import made_from
from atips_analysis.publishing.page import page_html
from atips_analysis.publishing.publication import publication_from, theme_words


def write_front_page(
    folder: Path,
    public: Path,
    project: Project,
    pages: Sequence[tuple[str, str, str]],
    *,
    draft: bool = True,
) -> None:
    """Write `index.html` into `folder`, leading to the pages there and to the tables.

    `draft` says which of the two the page calls itself: a draft, or released. `pages` are (name, title, what it is about), in order.
    """
    about = json.loads((public / "build.json").read_text(encoding="utf-8"))
    protection = json.loads((public / "protection.json").read_text(encoding="utf-8"))
    profile = project.profile
    simulated = about["simulated"]
    publication = publication_from(
        profile,
        lang="en",
        simulated=simulated,
        title=f"Trafficking in persons: {about['year']}",
        subtitle=f"Statistics and reports on {profile['country']['name_en']}",
        period=str(about["year"]),
        layout="brief",
        draft=draft,
    )
    words = theme_words(project.theme, publication)
    body = "\n".join([_reports(folder, pages), _tables(protection)])
    contents = (
        '<ul><li><a href="#reports">Reports</a></li><li><a href="#tables">Tables</a></li></ul>'
    )
    lines = made_from(
        publication, words, f"edition {about['edition']}, atips-analysis {about['version']}"
    )
    html = page_html(publication, words, contents, body, lines, project.theme)
    (folder / "index.html").write_text(html, encoding="utf-8", newline="\n")


def _reports(folder: Path, pages: Sequence[tuple[str, str, str]]) -> str:
    items = []
    for name, title, about in pages:
        links = [
            f'<a href="{name}.{kind}">{label}</a>'
            for kind, label in (("html", "read"), ("pdf", "PDF"))
            if (folder / f"{name}.{kind}").is_file()
        ]
        items.append(
            f"<dt>{escape(title)} <small>({', '.join(links)})</small></dt><dd>{escape(about)}</dd>"
        )
    return f'<section id="reports"><h2>Reports</h2><dl>{"".join(items)}</dl></section>'


def _tables(protection: Mapping[str, object]) -> str:
    return (
        '<section id="tables"><h2>Tables</h2><dl>'
        '<dt>Indicators <small>(<a href="indicators.csv">CSV</a>)</small></dt>'
        f"<dd>One row a value; {protection['shown']} values are shown and {protection['hidden']} "
        f"are hidden for protection (counts of persons from 1 to {int(str(protection['threshold'])) - 1}, "
        "and what would give them away).</dd>"
        '<dt>Manifest <small>(<a href="manifest.json">JSON</a>)</small></dt>'
        "<dd>What was made, from which edition of the data bank, with a sha256 of every file.</dd>"
        "</dl></section>"
    )
