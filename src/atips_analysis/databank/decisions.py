"""The list of doubtful pairs that a person decides: `review.csv` in the data bank's folder.

Confidential, and kept over all editions: a decision once made is not asked for again, and a
pair that is no longer doubtful keeps its line when it was decided.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from atips_analysis.databank.linkage import Linkage, Pair
from atips_analysis.errors import InputError
from atips_analysis.files import frame_csv, write_text

REVIEW = "review.csv"
COLUMNS = ["one", "other", "rule", "reason", "decision", "decided_by"]
SAME = frozenset({"same", "misma", "mismo", "igual"})
DIFFERENT = frozenset({"different", "distinta", "distinto", "otra"})


def read_decisions(databank_folder: Path) -> dict[Pair, bool]:
    """Decided pairs: True when both records are one person; none when there is no list yet.

    Raises InputError if a decision is neither `same` nor `different`, or a pair is decided both
    ways.
    """
    path = databank_folder / REVIEW
    decisions: dict[Pair, bool] = {}
    for number, line in enumerate(_read(path).to_dict("records"), start=2):
        decision = line["decision"].strip().casefold()
        if not decision:
            continue
        if decision not in SAME | DIFFERENT:
            raise InputError(
                f"decision {line['decision']!r} is neither same nor different; write one of them, "
                "or leave it empty",
                file=path.name,
                row=number,
            )
        one, other = sorted((line["one"].strip(), line["other"].strip()))
        if decisions.setdefault((one, other), decision in SAME) != (decision in SAME):
            raise InputError(
                f"{one} and {other} are decided both ways; keep one line",
                file=path.name,
                row=number,
            )
    return decisions


def write_review(databank_folder: Path, *linkages: Linkage) -> pd.DataFrame:
    """Bring the list up to date: decided pairs stay, open ones are those doubtful now.

    Returns the open pairs.
    """
    path = databank_folder / REVIEW
    before = _read(path)
    decided = before[before["decision"].str.strip() != ""]
    pairs_decided = set(zip(decided["one"], decided["other"], strict=True))
    doubtful = pd.concat([linkage.doubtful for linkage in linkages], ignore_index=True)
    pairs = list(zip(doubtful["one"], doubtful["other"], strict=True))
    now_open = doubtful[[pair not in pairs_decided for pair in pairs]]
    now_open = now_open.assign(decision="", decided_by="")
    whole = pd.concat([decided, now_open])[COLUMNS]
    whole = whole.sort_values(["one", "other"])
    write_text(path, frame_csv(whole))
    return now_open.reset_index(drop=True)


def _read(path: Path) -> pd.DataFrame:
    """The list as text, whatever a spreadsheet made of its commas."""
    if not path.is_file():
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    try:
        table = pd.read_csv(
            path,
            dtype="str",
            keep_default_na=False,
            encoding="utf-8-sig",
            sep=None,
            engine="python",
        )
    except (ValueError, UnicodeDecodeError) as error:
        raise InputError("not a CSV file in UTF-8; save it again as one", file=path.name) from error
    missing = {"one", "other", "decision"} - set(table.columns)
    if missing:
        raise InputError(
            f"no column {', '.join(sorted(missing))}; put the first line back: {','.join(COLUMNS)}",
            file=path.name,
        )
    return table.reindex(columns=COLUMNS, fill_value="")
