"""What a publication says in its colophon: what it was made from, in its language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atips_analysis.pages.particulars import particulars
from atips_analysis.pages.returns import missing_in_words
from atips_analysis.words import translator


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

    Parameters are those of `particulars`.
    """
    _ = translator(lang)
    edition = str(about["edition"])
    if simulated:
        edition = _("{edition} (simulated records)", edition=edition)
    missing = missing_in_words(about.get("incomplete", ()), lang)
    return (
        (_("Edition of the data bank"), edition),
        (_("Baseline"), str(about["baseline"]).replace("-", "–")),
        (_("Version"), f"atips-analysis {about['version']}"),
        *([(_("Not all returns are there"), missing)] if missing else []),
        *particulars(
            profile, about, title=title, period=period, simulated=simulated, lang=lang
        ).lines(lang),
    )
