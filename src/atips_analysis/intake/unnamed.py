"""The stream of a sheet whose name does not say it, by its header."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import Codebook
from atips_analysis.intake.header import find_header

ENOUGH = 0.6  # share of the required columns, and of the header's cells, that must be there


def stream_of_headers(cells: pd.DataFrame, hint: str | None, codebook: Codebook) -> str | None:
    """The one stream whose key and most required columns the header names; None in doubt.

    `hint` is the stream that the file's name says: it is taken when the sheet has its header.
    """
    if cells.empty:
        return None
    if hint is not None:
        return hint if find_header(cells, hint, codebook) else None
    scores: dict[str, float] = {}
    for stream in codebook.streams.values():
        header = find_header(cells, stream.name, codebook)
        if header is None:
            continue
        named = {match.column for match in header.matches.values() if match.column}
        required = {column.name for column in stream.columns if column.required}
        share = len(named) / len(header.texts)
        if set(stream.key) <= named | {
            column.name for column in stream.columns if not column.required
        } and (len(named & required) >= ENOUGH * len(required) and share >= ENOUGH):
            scores[stream.name] = share + len(named & required) / len(required)
    best = sorted(scores, key=lambda name: -scores[name])
    if not best or (len(best) > 1 and scores[best[0]] - scores[best[1]] < 0.1):
        return None
    return best[0]
