"""What the officer's desk says besides numbers, in the project's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atips_analysis.words import Translator


def words_of_desk(_: Translator, shown: Mapping[str, Any]) -> dict[str, str]:
    """The desk's own sentences and headings; `shown` are the values that they name."""
    year, totals, hidden = shown["year"], shown["totals"], shown["hidden"]
    words = {
        "confidential": _("Confidential."),
        "stays": _(
            "This page stays on the officer's side: it names agencies and what waits of their "
            "returns. Nothing of it is published."
        ),
        "next": _("What comes next"),
        "read": _("What was read, and what waits"),
        "account": _(
            "Edition {edition} of the data bank: rows read {read} = accepted {accepted} + "
            "quarantined {quarantined} + duplicates {duplicates}.",
            edition=shown["edition"],
            **totals,
        ),
        "returns": _("Returns of {year}, month by month", year=year),
        "agency": _("Agency"),
        "months": _("January to December"),
        "rows_read": _.pgettext("account of rows", "Rows read"),
        "waiting": _("Waiting"),
        "what_waits": _(
            "Waiting: rows set aside until they are corrected or a question is answered."
        ),
        "figures": _("Ten figures that a minister asks for"),
        "as_printed": _(
            "As the public pages print them, protected. Different units: one of these figures is "
            "never a share of another."
        ),
        "not_built": _("No reports of {year} are built from these records yet.", year=year),
        "moved": _("What moved since the last build, and why"),
        "nothing_moved": _("Nothing has moved since the first build."),
        "hidden": _("What is hidden, and why"),
        "not_protected": _("Nothing is protected before the first build."),
        "most_hidden": _("Where most is hidden"),
        "indicator": _("Indicator"),
        "cells_hidden": _("Hidden"),
        "cells_shown": _("Shown"),
        "refused": _("What the gate would still refuse"),
        "nothing_refused": _(
            "Nothing: the officer's files can be used, the quality gate is passed, and the reports "
            "are as they were made."
        ),
        "lacking": _("Left out of a release, or missing in it:"),
    }
    if hidden:
        words["how_hidden"] = _(
            "{shown} figures are shown and {hidden} are hidden. Of the counts behind them {small} "
            "are of 1 to {most} persons, and {beside} more are hidden so that those cannot be "
            "worked out. The attack was withstood, or nothing would have been published.",
            **{name: hidden[name] for name in ("shown", "hidden", "small", "most", "beside")},
        )
    return words
