"""What a publication says in its colophon: what it was made from, in its language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from atips_analysis.pages.particulars import particulars
from atips_analysis.pages.returns import missing_in_words
from atips_analysis.pages.text import join_words
from atips_analysis.words import translator

TOOLS = {"pandoc": "Pandoc", "typst": "Typst", "quarto": "Quarto"}


def made_from(
    about: Mapping[str, Any],
    profile: Mapping[str, Any],
    *,
    title: str,
    period: str = "",
    simulated: bool,
    lang: str = "en",
) -> tuple[tuple[str, str], ...]:
    """Pairs of what and which: edition, baseline, version, missing returns, and the particulars.

    Parameters are those of `particulars`; of edition, baseline and returns nothing is said where
    `about` has none of it, as for a page of published figures alone.
    """
    _ = translator(lang)
    edition = str(about.get("edition", ""))
    if edition and simulated:
        edition = _("{edition} (simulated records)", edition=edition)
    # The months a year before, which a bulletin stands beside, are no baseline.
    years = re.fullmatch(r"\d{4}(?:-\d{4})?", str(about.get("baseline", "")))
    baseline = years[0].replace("-", "–") if years else ""
    missing = missing_in_words(about.get("incomplete", ()), lang)
    return (
        *([(_("Edition of the data bank"), edition)] if edition else []),
        *([(_("Baseline"), baseline)] if baseline else []),
        (_("Version"), f"atips-analysis {about['version']}"),
        *([(_("Not all returns are there"), missing)] if missing else []),
        *particulars(
            profile, about, title=title, period=period, simulated=simulated, lang=lang
        ).lines(lang),
    )


def made_with_in_words(about: Mapping[str, Any], lang: str = "en") -> str:
    """The software behind a build, from its `build.json`: version, commit, Python, tools, lock.

    Hashes are shortened; the manifest of the reports has them whole, with every library.
    """
    _ = translator(lang)
    made = about.get("made_with")
    if made is None:
        return _("This build does not say what it was made with: an earlier version made it.")
    commit, dash, _rest = str(about["commit"]).partition("-dirty")
    said = _(
        "The numbers and pages were made with atips-analysis {version}, commit {commit}; Python "
        "{python}, {tools}; and the libraries that requirements.lock fixes, SHA-256 {lock}. The "
        "manifest of the reports names each with its version.",
        version=about["version"],
        commit=_("{commit}, with changes that are not committed", commit=commit[:12])
        if dash
        else commit[:12],
        python=made["python"],
        tools=join_words(
            [
                f"{TOOLS.get(name, name)} {number}"
                for name, number in (
                    {"pandas": made["libraries"]["pandas"]} | made["tools"]
                ).items()
            ],
            lang,
        ),
        lock=made["lock"][:12],
    )
    if not made["not_as_locked"]:
        return said
    others = _(
        "Of other versions than the lock has: {names}.",
        names=join_words(made["not_as_locked"], lang),
    )
    return f"{said} {others}"
