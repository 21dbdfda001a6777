"""The gate: what a folder must be before it may lie in `reports/`. A list of what may leave."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import FindingsError
from atips_analysis.indicators.long_table import LONG
from atips_analysis.indicators.place import wide_columns
from atips_analysis.pages.region import AREA
from atips_analysis.render.page_html import read_page

FILE_TYPES = frozenset({".html", ".pdf", ".csv", ".json", ".xlsx", ".zip", ".js"})
CONFIDENTIAL_STATUS = frozenset({"P", "S"})
SDMX = frozenset(
    {
        *("STRUCTURE", "STRUCTURE_ID", "ACTION", "INDICATOR", "TIME_PERIOD", "OBS_VALUE"),
        *("OBS_STATUS", "CONF_STATUS"),
    }
)
"""What SDMX-CSV calls otherwise; the other columns of a table bear their names in capitals there."""
A_FOLDER = ("/home/", "/root/", "/work/", "/tmp/", ":\\Users")


def never_leaves() -> dict[str, tuple[str, ...]]:
    """What never leaves, whatever file it stands in, as texts in which # stands for a digit.

    The filter of both renderers reads the same ones, and knows no regular expressions. How a case
    number begins is the country's.
    """
    return {
        "a case number": (f"{load_codebook().case_prefix}-####-#",),
        "a folder of this machine": A_FOLDER,
    }


def forbidden() -> dict[str, re.Pattern[bytes]]:
    """The same as patterns of bytes."""
    return {
        what: re.compile("|".join(re.escape(text).replace("\\#", r"\d") for text in texts).encode())
        for what, texts in never_leaves().items()
    }


def check_public(folder: Path) -> None:
    """Stop unless everything in `folder` is of a kind that may leave.

    Raises FindingsError if a file type or a column is not on the list of what may leave, a table
    tells small counts from the others, a file holds a case number or a folder of this machine, or a
    page loads something from elsewhere.
    """
    patterns = forbidden()
    for file in sorted(folder.rglob("*")):
        if file.is_dir():
            continue
        name = file.relative_to(folder).as_posix()
        if file.suffix not in FILE_TYPES:
            raise FindingsError(f"{name}: files of this type may not leave; nothing was published")
        content = file.read_bytes()
        if file.suffix in {".html", ".csv", ".json"}:
            for what, pattern in patterns.items():
                if pattern.search(content):
                    raise FindingsError(f"{name} holds {what}; nothing was published")
        if file.suffix == ".html" and (
            loads := read_page(content.decode("utf-8", "replace")).loads
        ):
            raise FindingsError(
                f"{name} loads {loads[0][:80]} from elsewhere; nothing was published"
            )
        if file.suffix == ".csv":
            _check_table(file, name)


def _check_table(file: Path, name: str) -> None:
    with file.open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle)
        known = {*wide_columns(), *LONG, AREA}
        known |= {*SDMX, *(column.upper() for column in known)}
        unknown = [column for column in rows.fieldnames or [] if column not in known]
        if unknown:
            raise FindingsError(
                f"{name}: column {unknown[0]!r} is not on the list of what may leave; "
                "nothing was published"
            )
        for row in rows:
            if row.get("status") in CONFIDENTIAL_STATUS:
                raise FindingsError(
                    f"{name}: status {row['status']} is confidential, only C may leave; "
                    "nothing was published"
                )
