"""How many victims are on nobody's list: the method, checked on published lists, and its gate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.reporting import page
from atips_analysis.reporting.numbers import format_number
from atips_analysis.reporting.research_inputs import (
    Study,
    check_between,
    check_one_of,
    open_study,
)
from atips_analysis.reporting.style import INK, NAVY, ORANGE, SOFT, WIDTH, Picture
from atips_analysis.reporting.text import counted, in_words
from atips_analysis.statistics.multiple_systems import (
    CaptureHistories,
    Estimate,
    capture_histories,
    estimate,
    estimate_without_gate,
    named_terms,
    read_lists,
)

MEANINGS = {
    "lists": "published lists that the method is checked on: uk2013_5lists or uk2013_6lists",
    "confidence": "confidence of the intervals, from 0.5 to 0.999",
    "resamples": "bootstrap resamples, each with its own choice of model; 0 for none, at most 1000",
}
REFERENCE = {
    "uk2013_5lists": ("LA:NG,NG:GP,PFNCA:GP,LA:PFNCA,GO:GP,NG:GO", 11_312.99),
    "uk2013_6lists": ("PF:NCA,LA:NG,NG:GP,LA:PF,PF:GP,GO:GP,NG:GO", 11_417.99),
}
"""The published model, and the estimate that other software gives for it (Rcapture 1.4-4)."""

NAMES = {
    "LA": "local authorities",
    "NG": "non-governmental organizations",
    "PF": "police forces",
    "NCA": "National Crime Agency",
    "PFNCA": "police forces and National Crime Agency",
    "GO": "government organizations",
    "GP": "general public",
}


@dataclass(frozen=True)
class Hidden:
    """The page's data: the study, and the published lists."""

    study: Study

    @cached_property
    def histories(self) -> CaptureHistories:
        return read_lists(validation_folder(self.study) / f"{self.study['lists']}.csv")

    @cached_property
    def ungated(self) -> Estimate:
        """The published model with the gate set aside: to check the method, not to publish."""
        model, _ = REFERENCE[self.study["lists"]]
        terms = named_terms(model, self.histories.lists)
        return estimate_without_gate(
            self.histories,
            terms,
            resamples=self.study["resamples"],
            confidence=self.study["confidence"],
        )

    @cached_property
    def gated(self) -> Estimate:
        return estimate(self.histories, confidence=self.study["confidence"])


def validation_folder(study: Study) -> Path:
    """Where the published list overlaps lie."""
    return study.project.published / "validation"


def open_hidden(
    inputs: Path, project: Path, lists: str, confidence: float, resamples: int
) -> Hidden:
    """Check the parameters and read the data."""
    check_one_of("lists", lists, list(REFERENCE))
    check_between("confidence", confidence, 0.5, 0.999, 0.95)
    check_between("resamples", resamples, 0, 1000, 0)
    if 0 < resamples < 10:
        raise InputError("parameter 'resamples' is under 10; give 0 for none, or 10 or more")
    values = {"lists": lists, "confidence": confidence, "resamples": resamples}
    return Hidden(open_study(inputs, project, MEANINGS, values))


def summary(hidden: Hidden) -> None:
    """The answer: a method that works, and two refusals."""
    models = hidden.ungated.models
    choices = dict(zip(models["chosen_by"], models["estimate"], strict=True))
    aic, bic = choices.get("AIC"), choices.get("BIC")
    reasons = hidden.study.extra.get("overlap", {}).get("reasons", [])
    page.say_list(
        f"The method gives, on the {format_number(hidden.histories.observed)} potential victims of "
        f"the United Kingdom's lists, what others computed from them: "
        f"{format_number(hidden.ungated.estimate, decimals=0)} persons in all with the published "
        "model.",
        "The number hangs on the choice of model: "
        f"{format_number(aic, decimals=0)} by one usual criterion (AIC), "
        f"{format_number(bic, decimals=0)} by the other (BIC), from the same lists."
        if aic and bic
        else "",
        "**The gate refuses these lists.** " + _sentence(hidden.gated.reasons),
        "**For the country's own lists no number is given either.** "
        + (_sentence(reasons) if reasons else "The build holds no list overlaps."),
    )


def lists_table(hidden: Hidden) -> None:
    """The published overlaps of two lists each."""
    names = hidden.histories.lists
    rows = [
        [f"{name}: {NAMES[name]}", int(hidden.histories.counts[hidden.histories.on(name)].sum())]
        + ["" if other == name else hidden.histories.overlap((name, other)) for other in names]
        for name in names
    ]
    page.show_table(
        pd.DataFrame(rows, columns=["List", "On it", *[f"and {name}" for name in names]]),
        f"Potential victims in the United Kingdom in 2013 by list, "
        f"{format_number(hidden.histories.observed)} in all",
        "tbl-lists",
        align="l" + "r" * (len(names) + 1),
        note="Source: Silverman (2014), Home Office; Bales, Hesketh and Silverman (2015), "
        "Significance 12(3), 16–21; counts as printed there and in the R package SparseMSE",
    )


def validation(hidden: Hidden) -> None:
    """Our number beside the one of other software, with the published model."""
    model, reference = REFERENCE[hidden.study["lists"]]
    found = hidden.ungated
    if found.estimate is None or found.interval is None:
        page.say("The published model has no finite estimate for these lists.")
        return
    rows = [
        ["This software", found.estimate, *found.interval],
        ["Rcapture 1.4-4 under R 4.2.2", reference, None, None],
    ]
    if found.bootstrap_interval is not None:
        rows.append(["Bootstrap, model chosen anew", None, *found.bootstrap_interval])
    page.show_table(
        pd.DataFrame(rows, columns=["Computed by", "Persons in all", "From", "To"]),
        "The published model computed twice",
        "tbl-validation",
        decimals=0,
        note=f"Model: {model.replace(',', ', ')}; profile interval. To check the method, not for "
        "publication as a number of victims",
    )
    off = abs(found.estimate / reference - 1)
    page.say(
        f"The two differ by a relative {off:.0e}."
        if off
        else "The two are the same to the last digit."
    )


def dependence_on_the_model(hidden: Hidden) -> None:
    """Every model about as good, with its estimate: the spread is the finding."""
    models = hidden.ungated.models
    finite = models[models["finite"]].reset_index(drop=True)
    frame = pd.DataFrame(
        {
            "Chosen by": finite["chosen_by"],
            "Pairs of lists": finite["model"].replace("", "none"),
            "Persons in all": finite["estimate"],
            "AIC": finite["aic"],
            "BIC": finite["bic"],
        }
    )
    page.show_figure(
        _models_picture(frame),
        "Persons in all, by the best models by AIC and BIC and those within 10 of the best AIC",
        "fig-models",
        note="Same lists throughout; not for publication as numbers of victims",
    )
    page.show_table(
        frame.head(12),
        "The best models by AIC and BIC, and those within 10 of the best AIC",
        "tbl-models",
        decimals={"Persons in all": 0, "AIC": 1, "BIC": 1},
        widths=[18, 46, 14, 11, 11],
        note="" if len(frame) <= 12 else f"The first twelve of {len(frame)} models",
    )
    known = frame["Persons in all"].dropna()
    page.say(
        f"The best model by AIC, the best by BIC and all within 10 of the best AIC: these "
        f"{counted(len(known), 'model', 'models')} say from "
        f"{format_number(known.min(), decimals=0)} to {format_number(known.max(), decimals=0)} "
        "persons. No interval around one of them shows that, and every one of them takes for "
        "granted what the lists cannot tell: that no further dependence holds among all of them."
    )


def gate(hidden: Hidden) -> None:
    """The gate's conditions, each beside what it said of both sets of lists."""
    own = hidden.study.extra.get("overlap", {})
    page.say(
        "Before a number may leave, the gate asks for three lists and 100 persons observed, no list "
        "that lies within another, five persons in every overlap that the model needs, a model "
        "that fits, no dependence but referral that was declared, a finite estimate with an "
        "interval within a factor of three, and models that do not differ more than twofold. It "
        "is the same for every set of lists."
    )
    page.say("**The United Kingdom's lists** are refused:")
    page.say_list(*[_capital(reason) + "." for reason in hidden.gated.reasons])
    if not own:
        page.say("This build holds no list overlaps of the country's own agencies.")
        return
    years = str(hidden.study.extra["years"]).replace("-", "–")
    whose = "**The simulated lists**" if hidden.study.tidy.simulated else "**The country's lists**"
    page.say(
        f"{whose} of {in_words(own['lists'])} agencies, {years} pooled, are "
        + ("let through." if own["publishable"] else "refused:")
    )
    page.say_list(*[_capital(reason) + "." for reason in own["reasons"]])
    if own["publishable"]:
        low, high = own["interval"]
        page.say(
            f"The estimate is {format_number(own['estimate'], decimals=0)} persons "
            f"({format_number(low, decimals=0)} to {format_number(high, decimals=0)})."
        )


def smallest_lists_that_pass(hidden: Hidden) -> None:
    """What would have to be there: three even lists, and the least that the gate lets through."""
    rows: list[list[Any]] = []
    for observed in (30, 60, 100, 150, 300):
        found = estimate(_even_lists(observed))
        rows.append(
            [
                int(_even_lists(observed).observed),
                "let through" if found.publishable else "refused",
                "; ".join(found.reasons) or "none",
            ]
        )
    page.say(
        "An artificial check shows what would be needed: three lists that are independent and "
        "each hold half of all persons. These are made up for the check and stand for nothing."
    )
    page.show_table(
        pd.DataFrame(rows, columns=["Persons on the lists", "The gate", "Reasons"]),
        "Three artificial lists of growing size before the gate",
        "tbl-needed",
        widths=[20, 16, 64],
    )


def _even_lists(observed: int) -> CaptureHistories:
    """Three independent lists with half of all persons each; an eighth is on none."""
    each = round(observed / 7)
    names = ("A", "B", "C")
    patterns = [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1) if (a, b, c) != (0, 0, 0)]
    return capture_histories(names, dict.fromkeys(patterns, each))


def _models_picture(frame: pd.DataFrame) -> Picture:
    from matplotlib import pyplot
    from matplotlib.ticker import FuncFormatter

    from atips_analysis.reporting.style import house_style, light_grid, save_figure

    known = frame.dropna(subset=["Persons in all"]).reset_index(drop=True)
    best = float(known["AIC"].min())
    with house_style():
        figure, axes = pyplot.subplots(figsize=(WIDTH, 3.0))
        for row in known.to_dict("records"):
            chosen = row["Chosen by"] in ("AIC", "BIC")
            colour = ORANGE if chosen else NAVY
            axes.plot(
                row["Persons in all"],
                row["AIC"] - best,
                "o",
                color=colour,
                markersize=8 if chosen else 5,
                alpha=1 if chosen else 0.55,
            )
            if chosen:
                axes.annotate(
                    f"best by {row['Chosen by']}: "
                    f"{format_number(row['Persons in all'], decimals=0)}",
                    (row["Persons in all"], row["AIC"] - best),
                    xytext=(10, -4) if row["Chosen by"] == "AIC" else (-10, -4),
                    textcoords="offset points",
                    ha="left" if row["Chosen by"] == "AIC" else "right",
                    color=INK,
                    fontsize=9,
                )
        axes.set_xlim(0, float(known["Persons in all"].max()) * 1.15)
        span = float((known["AIC"] - best).max()) or 1.0
        axes.set_ylim(-0.1 * span, span * 1.3)
        axes.set_xlabel("Persons in all, by the model")
        axes.set_ylabel("Worse than the best by AIC")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value)))
        axes.tick_params(labelcolor=SOFT)
        light_grid(axes, "x")
        said = "; ".join(
            f"{row['Chosen by']}: {format_number(row['Persons in all'], decimals=0)}"
            for row in known.to_dict("records")
        )
        return save_figure(figure, Path(), "models", f"Estimates by model. {said}.")


def _sentence(reasons: Any) -> str:
    listed = list(reasons)
    return f"Reasons: {'; '.join(listed)}." if listed else "It lets them through."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
