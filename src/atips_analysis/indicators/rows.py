"""What indicators need of an edition: its accepted rows, read once, and who returned what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.databank import DataBank
from atips_analysis.indicators.returns_of_edition import scores_of_returns


def no_scores() -> pd.DataFrame:
    """No score of any return: rows that were never judged."""
    return pd.DataFrame(columns=["submitted_by", "submitted_for", "stream", "dimension", "score"])


def nothing_owed() -> pd.DataFrame:
    """No return that is owed: there is no register."""
    return pd.DataFrame(columns=["agency", "stream", "month", "state"], dtype="str")


@dataclass(frozen=True)
class Rows:
    """Accepted rows a stream, and the years for which some agency returned the stream.

    `scores` gives the quality scores of the returns (agency, year, stream and dimension); `returns`
    what is owed by month and what became of it (agency, stream, month, state).
    """

    frames: dict[str, pd.DataFrame]
    years: dict[str, frozenset[int]]
    simulated: bool
    edition: str = ""
    scores: Callable[[], pd.DataFrame] = no_scores
    returns: pd.DataFrame = field(default_factory=nothing_owed)

    def frame(self, stream: str) -> pd.DataFrame:
        return self.frames[stream]

    def returned(self, stream: str) -> frozenset[int]:
        return self.years.get(stream, frozenset())


def rows_of(bank: DataBank) -> Rows:
    """All accepted rows of an edition.

    A stream counts as returned for a year when an agency sent at least one row of it for that
    year, or ticked on its cover that there was none: then its zeros are true zeros.
    """
    frames = {stream: bank.frame(stream) for stream in load_codebook().streams}
    nil = bank.nil_returns()
    years = {}
    for stream, frame in frames.items():
        ticked = nil.loc[nil["stream"] == stream, "submitted_for"]
        sent = frame["submitted_for"].dropna()
        years[stream] = frozenset(int(year) for year in [*sent, *ticked])
    scores = partial(scores_of_returns, bank)
    return Rows(frames, years, bank.simulated, bank.edition, scores, bank.kept("returns"))
