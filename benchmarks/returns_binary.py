"""Binary workbooks (.xlsb, .xls) as agencies send them: the files lie in tests/data/intake.

Both hold nine inspections, in rows 2 to 10: row 4 is hidden, row 5 struck through, row 6 in white
letters, row 3 holds 3 and shows "<5", a rule of conditional formatting strikes 8 and 9 through.
"""

from __future__ import annotations

from pathlib import Path

from returns_styles import STYLES, Style

FILES = Path(__file__).resolve().parents[1] / "tests" / "data" / "intake"
TRUTH = {
    row: {"month": f"2024-0{row - 1}", "district": "CY", "n": "3" if row == 3 else str(9 + row)}
    for row in (2, 3, 7, 10)
}
ANSWERS = {"hidden rows": "leave", "struck": "leave", "colour": "leave", "shown": "stored"}


def _binary(suffix: str) -> Style:
    return Style(
        f"hidden, struck, white, <5 and a rule in {suffix}",
        "inspections",
        f"LABOUR_2024{suffix}",
        (FILES / f"marks{suffix}").read_bytes(),
        TRUTH,
        ANSWERS,
    )


STYLES += [lambda: _binary(".xlsb"), lambda: _binary(".xls")]
