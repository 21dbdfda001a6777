"""The quality scores of agencies' returns, out of an edition: it keeps every row that was read."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.databank import DataBank
from atips_analysis.quality.judgement import ACCEPTED, DUPLICATE, QUARANTINED, Judgement
from atips_analysis.quality.scores import quality_scores


def scores_of_returns(bank: DataBank) -> pd.DataFrame:
    """Scores by agency, year, stream and dimension, as `quality_scores` gives them."""
    return quality_scores(judgement_of(bank), load_codebook(), bank.kept("returns"))


def judgement_of(bank: DataBank) -> Judgement:
    """Every row of an edition with its verdict, as the judge had it, and what was found."""
    beside = {
        verdict: bank.kept(table)
        for verdict, table in ((QUARANTINED, "quarantine"), (DUPLICATE, "duplicates"))
    }
    verdicts = {}
    for name, stream in load_codebook().streams.items():
        accepted = _as_text(bank.frame(name)).assign(verdict=ACCEPTED)
        lacking = [column.name for column in stream.columns if column.name not in accepted]
        columns = [*accepted.columns, *lacking]
        parts = [accepted.reindex(columns=columns)]
        for verdict, rows in beside.items():
            own = _as_text(rows[rows["stream"] == name]).assign(verdict=verdict)
            parts.append(own.reindex(columns=columns))
        filled = [part for part in parts if len(part)] or parts[:1]
        verdicts[name] = pd.concat(filled, ignore_index=True)
    return Judgement(verdicts, bank.kept("findings"))


def _as_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Typed columns as they were judged: yes and no, and digits; the place of a row as it is."""
    text = {}
    for name in rows.columns.difference(["row", "submitted_for"]):
        column = rows[name]
        if column.dtype == "boolean":
            column = column.map({True: "yes", False: "no"})
        text[name] = column.astype("str")
    return rows.assign(**text)
