"""What the data bank is handed: the shapes of intake's and quality's results.

Written as protocols, so that rows made by hand in a test, or by another reader, will do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

import pandas as pd

Verdict = Literal["accepted", "quarantined", "duplicate"]

PROVENANCE = ("file", "sheet", "row", "submitted_by", "submitted_for", "source")
WHOLE_NUMBERS = ("row", "submitted_for")


class Intake(Protocol):
    """What was read.

    `files`: file, sha256, submitted_by, submitted_for, state (current or replaced),
    replaced_by, simulated. `sheets`: file, sheet, stream, rows_read, blank_rows, title_rows,
    totals_rows, forgotten_rows, nil_return. `headers`: file, sheet, header, column, how.
    """

    @property
    def files(self) -> pd.DataFrame: ...
    @property
    def sheets(self) -> pd.DataFrame: ...
    @property
    def headers(self) -> pd.DataFrame: ...


class Judgement(Protocol):
    """What became of each row.

    `verdicts`: stream to cleaned frame (text) with provenance and a column `verdict`.
    `findings`: stream, file, sheet, row, submitted_by, submitted_for, column, value, rule,
    severity, reason, remedy.
    """

    @property
    def verdicts(self) -> Mapping[str, pd.DataFrame]: ...
    @property
    def findings(self) -> pd.DataFrame: ...
