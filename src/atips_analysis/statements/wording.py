"""The words of a statement, in every language that has a catalogue.

A change is named only where the edition's family of comparisons bears it. The tests of this
module are the house's style guide for words about change.
"""

from __future__ import annotations

from math import isinf

from atips_analysis.statements.statement import Statement
from atips_analysis.statistics import Reason, Verdict
from atips_analysis.words import N_, Translator, decimal_text, languages, translator
from atips_analysis.words.translator import in_language

DASH = "\N{EN DASH}"
FULL = {
    Reason.BEYOND_CHANCE: {
        Verdict.INCREASE: N_("{figures}: an increase ({statistic})."),
        Verdict.DECREASE: N_("{figures}: a decrease ({statistic})."),
    },
    Reason.BASELINE_MOVED_TOO: {
        Verdict.INCREASE: N_(
            "{figures}: an increase ({statistic}). The earlier years rose too ({earlier}), so that "
            "it may be no more than that rise going on."
        ),
        Verdict.DECREASE: N_(
            "{figures}: a decrease ({statistic}). The earlier years fell too ({earlier}), so that "
            "it may be no more than that fall going on."
        ),
    },
    Reason.WITHIN_CHANCE: {
        Verdict.NO_EVIDENCE: N_(
            "{figures}: no evidence of a change, nor that nothing changed ({statistic})."
        )
    },
    Reason.MANY_COMPARISONS: {
        Verdict.NO_EVIDENCE: N_(
            "{figures}: no evidence of a change ({statistic}); among as many comparisons as are "
            "made, chance alone may differ so much."
        )
    },
    Reason.YEARS_SCATTER: {
        Verdict.TOO_FEW_YEARS: N_(
            "{figures}: too few years to tell a change from the scatter of the earlier ones "
            "({earlier})."
        )
    },
    Reason.BASELINE_MOVES: {
        Verdict.TOO_FEW_YEARS: N_(
            "{figures}: too few years to tell a change from the way that the earlier ones were "
            "going ({earlier})."
        )
    },
    Reason.FEW_YEARS: {Verdict.TOO_FEW_YEARS: N_("{series}: too few years to compare.")},
    Reason.FEW_EVENTS: {Verdict.TOO_FEW_EVENTS: N_("{figures}: too few to compare.")},
    Reason.NUMBER_NOT_SHOWN: {
        Verdict.NOT_KNOWN: N_(
            "{subject}: {before} and {now} are not compared, because a number is hidden or missing."
        )
    },
    Reason.CLUSTERS_NOT_KNOWN: {
        Verdict.NOT_KNOWN: N_(
            "{subject}: {before} and {now} are not compared, because there are too few cases to "
            "know how persons come by case."
        )
    },
}
TRENDS = {
    Verdict.INCREASE: N_("{series}: an upward trend ({statistic})."),
    Verdict.DECREASE: N_("{series}: a downward trend ({statistic})."),
    Verdict.NO_EVIDENCE: N_(
        "{series}: no evidence of a trend, nor that nothing changed ({statistic})."
    ),
    Verdict.TOO_FEW_EVENTS: N_("{series}: too few to follow."),
    Verdict.TOO_FEW_YEARS: N_("{series}: too few years to follow."),
    Verdict.NOT_KNOWN: N_(
        "{subject}: not followed over the years, because a number is hidden or missing."
    ),
}
PLANNED = N_(
    "{newest}. This is work that is planned: its number is decided, not drawn by chance, and no "
    "change is tested."
)
SHORT = {
    Verdict.INCREASE: N_("an increase"),
    Verdict.DECREASE: N_("a decrease"),
    Verdict.NO_EVIDENCE: N_("no evidence of a change"),
    Verdict.TOO_FEW_YEARS: N_("too few years to tell"),
    Verdict.TOO_FEW_EVENTS: N_("too few to compare"),
    Verdict.NOT_TESTED: N_("planned work: not tested"),
    Verdict.NOT_KNOWN: N_("not compared"),
}
SHORT_OF_TRENDS = {
    Verdict.INCREASE: N_("an upward trend"),
    Verdict.DECREASE: N_("a downward trend"),
    Verdict.NO_EVIDENCE: N_("no evidence of a trend"),
    Verdict.NOT_KNOWN: N_("not followed"),
}


def said_in_all(statement: Statement) -> dict[str, dict[str, str]]:
    """A statement's words, by language and form."""
    return {
        lang: {
            "in_full": in_full(statement, lang),
            "as_title": as_title(statement, lang),
            "in_short": in_short(statement, lang),
        }
        for lang in languages()
    }


def in_full(statement: Statement, lang: str) -> str:
    """A statement as a sentence of its own, with its numbers, and which of them are kept."""
    _ = translator(lang)
    return " ".join(filter(None, [_sentence(statement, _), _kept(statement, _)]))


def _sentence(statement: Statement, _: Translator) -> str:
    if statement.verdict is Verdict.NOT_TESTED:
        return _(PLANNED, newest=_newest(statement, _))
    parts = _parts(statement, _)
    if statement.compared == "trend":
        return _(TRENDS[statement.verdict], **parts)
    sentence = _(FULL[statement.reason][statement.verdict], **parts)
    noticed = _noticed(statement, _) if statement.verdict is Verdict.NO_EVIDENCE else ""
    return f"{sentence} {noticed}".strip()


def as_title(statement: Statement, lang: str) -> str:
    """A statement as the title of a chart: what was counted, and what can be said of it.

    Of planned work the newest count and the oldest that is known, as they are.
    """
    _ = translator(lang)
    subject = _subject(statement, lang)
    if statement.verdict is not Verdict.NOT_TESTED:
        return _("{subject}: {said}", subject=subject, said=in_short(statement, lang))
    values = {"subject": subject, "count": _count(statement.count, _), "now": statement.now}
    earlier = zip(statement.years[:-1], statement.counts[:-1], strict=True)
    for year, count in earlier:
        if count is not None:
            return _(
                "{subject}: {count} in {now}, {before} in {year}",
                **values,
                before=_count(count, _),
                year=year,
            )
    return _("{subject}: {count} in {now}", **values)


def in_short(statement: Statement, lang: str) -> str:
    """A statement as a table's cell says it."""
    _ = translator(lang)
    words = SHORT | SHORT_OF_TRENDS if statement.compared == "trend" else SHORT
    return _(words[statement.verdict])


def comparisons_said(comparisons: int, confidence: float, lang: str, of_others: int = 0) -> str:
    """How many comparisons an edition makes, and what that means: said once a page.

    Parameters
    ----------
    comparisons : int
        Tested ones.
    confidence : float
        That none of them is a false statement of change.
    of_others : int
        Those of them that are of series which others published, and so in no table of the register.
    """
    _ = translator(lang)
    if comparisons == 0:
        return _("This edition tests no change.")
    chance = f"{100 * (1 - confidence):g}"
    elsewhere = _.ngettext(
        "Of these changes {number} is of a series that others published.",
        "Of these changes {number} are of series that others published.",
        of_others,
        number=of_others,
    )
    said = _.ngettext(
        "This edition tests {number} change, which was declared before data were read. If nothing "
        "had changed, the chance of saying otherwise would be at most {chance} %.",
        "This edition tests {number} changes, which were declared before data were read, and judges "
        "them together (Holm 1979). If nothing at all had changed, the chance of one false "
        "statement of change or more would be at most {chance} %.",
        comparisons,
        number=comparisons,
        chance=chance,
    )
    return f"{said} {elsewhere}" if of_others else said


def caution_said(lang: str) -> str:
    """What more or fewer detected does not mean: said once where detection is spoken of."""
    _ = translator(lang)
    return _(
        "More or fewer detected is neither better nor worse, and does not tell how common "
        "trafficking is."
    )


def _parts(statement: Statement, _: Translator) -> dict[str, str]:
    before, now = statement.before.replace("-", DASH), statement.now
    return {
        "subject": _subject(statement, _.lang),
        "before": before,
        "now": now,
        "earlier": ", ".join(_count(one, _) for one in statement.counts[:-1]),
        "figures": _figures(statement, before, now, _),
        "series": _(
            "{subject}, {period} ({counts})",
            subject=_subject(statement, _.lang),
            period=before if statement.compared == "trend" else f"{before}, {now}",
            counts=", ".join(_count(one, _) for one in statement.counts),
        ),
        "statistic": _statistic(statement, _),
    }


def _figures(statement: Statement, before: str, now: str, _: Translator) -> str:
    mean = statement.earlier_mean
    if mean is None or statement.count is None:
        return ""
    return _(
        "{subject}: {count} in {now}, against {mean} a year in {before}",
        subject=_subject(statement, _.lang),
        count=_count(statement.count, _),
        now=now,
        mean=_number(mean, 1, _),
        before=before,
    )


def _newest(statement: Statement, _: Translator) -> str:
    """The newest count of planned work, and those of the years before it, as they are."""
    before = [
        f"{_count(count, _)} ({year})"
        for year, count in zip(statement.years[:-1], statement.counts[:-1], strict=True)
        if count is not None
    ]
    values = {
        "subject": _subject(statement, _.lang),
        "count": _count(statement.counts[-1], _),
        "now": statement.now,
    }
    if statement.counts[-1] is None or not before:
        return _("{subject}: {count} in {now}", **values)
    return _("{subject}: {count} in {now}; before, {counts}", **values, counts=", ".join(before))


def _kept(statement: Statement, _: Translator) -> str:
    if not statement.kept:
        return ""
    said = _(
        "Figures of {periods} kept as printed earlier: revised figures follow in the next "
        "edition that can print them",
        periods=", ".join(map(str, statement.kept)),
    )
    return f"{said}."


def _statistic(statement: Statement, _: Translator) -> str:
    if statement.ratio_low is None or statement.ratio_high is None or statement.ratio is None:
        return ""
    places = 3 if statement.compared == "trend" else 2
    reach = _reach(statement.ratio_low, statement.ratio_high, places, _)
    values = {"ratio": _factor(statement.ratio, places, _), "reach": reach}
    if isinf(statement.ratio) or statement.ratio == 0:
        return _("95 % interval of the ratio: {reach}", reach=reach)
    if statement.compared == "trend":
        return _("ratio {ratio} a year, 95 % interval {reach}", **values)
    return _("ratio {ratio}, 95 % interval {reach}", **values)


def _noticed(statement: Statement, _: Translator) -> str:
    """What change would have been noticed; nothing where no change was tested."""
    above, below = statement.noticed_above, statement.noticed_below
    if above is None:
        return ""
    if isinf(above):
        return _("Not even a count ten times as high would have been noticed for sure.")
    if below is None:
        return _(
            "Only a count {above} times as high or more would probably have been noticed.",
            above=_plain(above, _),
        )
    if below == 0:
        return _(
            "Only a count {above} times as high or more, or none at all, would probably have been "
            "noticed.",
            above=_plain(above, _),
        )
    return _(
        "Only a count {above} times as high or more, or {below} times as high or less, would "
        "probably have been noticed.",
        above=_plain(above, _),
        below=_plain(below, _),
    )


def _reach(low: float, high: float, places: int, _: Translator) -> str:
    if isinf(high):
        return _("{low} or more", low=_factor(low, places, _))
    if low == 0:
        return _("{high} or less", high=_factor(high, places, _))
    return _("{low} to {high}", low=_factor(low, places, _), high=_factor(high, places, _))


def _plain(value: float, _: Translator) -> str:
    return decimal_text(value, _.lang, "#,##0.##")


def _factor(value: float, places: int, _: Translator) -> str:
    """A ratio, with enough digits that one beside 1 is not printed as 1."""
    while abs(value - 1) > 1e-6 and round(value, places) == 1 and places < 9:
        places += 1
    return _number(value, places, _)


def _count(count: float | None, _: Translator) -> str:
    return _("not shown") if count is None else _number(count, 0, _)


def _number(value: float, places: int, _: Translator) -> str:
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return decimal_text(value, _.lang, pattern)


def _subject(statement: Statement, lang: str) -> str:
    return str(in_language(statement.subject, lang, f"subject of {statement.id}"))
