"""The account of rows: every row read is accepted, quarantined or a duplicate, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import pandas as pd

from atips_analysis.databank.handed_in import Verdict
from atips_analysis.errors import AtipsError

VERDICTS: tuple[str, ...] = get_args(Verdict)
PLACE = ["file", "sheet", "stream"]
COUNTED_AS = {"accepted": "accepted", "quarantined": "quarantined", "duplicate": "duplicates"}
COUNTED_BESIDE = {
    "blank_rows": "blank",
    "title_rows": "title",
    "totals_rows": "totals",
    "forgotten_rows": "forgotten",
}
COUNTS = ["read", *COUNTED_AS.values(), *COUNTED_BESIDE.values()]


class RowAccountError(AtipsError):
    """Rows were lost or made on the way: a defect, and nothing may be built on it."""


def row_account(
    sheets: pd.DataFrame, files: pd.DataFrame, verdicts: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """The account of rows, a line for each file, sheet and stream of the current files.

    Parameters
    ----------
    sheets, files : DataFrame
        As intake hands them over (see `received.Intake`).
    verdicts : mapping of stream to DataFrame
        Judged rows with `file`, `sheet` and `verdict`.

    Returns
    -------
    DataFrame
        file, sheet, stream, submitted_by, submitted_for, nil_return, and numbers of rows:
        read, accepted, quarantined, duplicates; counted beside them blank, title, totals and
        forgotten (rows of persons who are forgotten, which were not taken in).

    Raises
    ------
    RowAccountError
        Unless read = accepted + quarantined + duplicates on every line.
    """
    current = files.loc[files["state"] == "current", "file"]
    account = (
        sheets[sheets["file"].isin(current)]
        .reindex(columns=[*PLACE, "rows_read", *COUNTED_BESIDE, "nil_return"])
        .rename(columns={"rows_read": "read", **COUNTED_BESIDE})
        .merge(_counts_of_verdicts(verdicts), on=PLACE, how="outer")
        .merge(files[["file", "submitted_by", "submitted_for"]], on="file", how="left")
    )
    account[COUNTS] = account[COUNTS].fillna(0).astype("int64")
    judged = account[list(COUNTED_AS.values())].sum(axis=1)
    for line in account[account["read"] != judged].to_dict("records"):
        raise RowAccountError(
            f"{line['file']}, sheet {line['sheet']}: {line['read']} rows of {line['stream']} were "
            f"read, but {line['accepted']} accepted, {line['quarantined']} quarantined and "
            f"{line['duplicates']} duplicates; nothing was written; send this line to the "
            "maintainers"
        )
    order = [*PLACE, "submitted_by", "submitted_for", "nil_return", *COUNTS]
    return account.sort_values(PLACE, ignore_index=True)[order]


def totals(account: pd.DataFrame) -> dict[str, int]:
    """The account summed over all files, for one line of words."""
    return {name: int(account[name].sum()) for name in COUNTS}


def _counts_of_verdicts(verdicts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Numbers of rows by file, sheet and stream, a column a verdict."""
    lines: dict[tuple[Any, ...], dict[str, int]] = {}
    for stream, frame in verdicts.items():
        unknown = set(frame["verdict"].unique()) - set(VERDICTS)
        if unknown:
            raise RowAccountError(
                f"stream {stream}: verdict {min(map(str, unknown))!r} is not one of "
                f"{', '.join(VERDICTS)}; nothing was written; send this line to the maintainers"
            )
        counted = frame.groupby(["file", "sheet", "verdict"]).size()
        for line in counted.rename("rows").reset_index().to_dict("records"):
            at = (line["file"], line["sheet"], stream)
            lines.setdefault(at, {})[COUNTED_AS[line["verdict"]]] = int(line["rows"])
    rows = [dict(zip(PLACE, place, strict=True)) | counts for place, counts in lines.items()]
    return pd.DataFrame(rows, columns=[*PLACE, *COUNTED_AS.values()])
