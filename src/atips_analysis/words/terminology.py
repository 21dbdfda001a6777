"""Words that may not be said, and what to say instead: `locale/LANG/terminology.csv`."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from atips_analysis.words.catalogues import LOCALE


def forbidden_in(text: str, lang: str) -> Iterator[str]:
    """The words in `text` that may not stand there, each with what to say instead.

    A language without a list of such words forbids none.
    """
    for pattern, instead in _listed(LOCALE / lang / "terminology.csv"):
        for match in re.finditer(pattern, text, flags=re.IGNORECASE):
            around = " ".join(text[max(0, match.start() - 25) : match.end() + 25].split())
            yield f"…{around}…: say {instead}"


@lru_cache(maxsize=16)
def _listed(file: Path) -> tuple[tuple[str, str], ...]:
    if not file.is_file():
        return ()
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple((row["pattern"], row["instead"]) for row in csv.DictReader(lines))
