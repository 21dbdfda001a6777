"""Lists of words that intake knows, a CSV file each: in the first column what a word says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from atips_analysis.codebook.loader import read_table


@cache
def word_list(path: Path) -> Mapping[str, tuple[str, ...]]:
    """What the words of the second column say, as the first one has it, in the order of the file."""
    table = read_table(path)
    says, spelling = table.columns
    return {str(one): tuple(rows) for one, rows in table.groupby(says, sort=False)[spelling]}
