"""An xls is looked through as far as it goes, and what was not looked at is said or asked about."""

from __future__ import annotations

import shutil
from pathlib import Path

from atips_analysis.intake import read_submissions
from atips_analysis.intake.settled import Settled

DATA = Path(__file__).parent.parent / "data" / "intake"


def _read(folder, codebook, content: bytes | None = None):
    path = folder / "LABOUR_2024.xls"
    shutil.copy(DATA / "marks.xls", path)
    if content is not None:
        path.write_bytes(content)
    return read_submissions(folder, codebook, Settled())


def test_white_letters_formats_and_rules_of_an_xls_are_asked_about(folder, codebook):
    intake = _read(folder, codebook)
    waits = {kind: sorted(set(rows)) for kind, rows in intake.waiting.groupby("kind")["row"]}
    assert waits == {"shown": [3], "hidden rows": [4], "struck": [5, 8, 9], "colour": [6]}


def test_the_receipt_of_an_xls_says_what_was_not_looked_at(folder, codebook):
    notes = _read(folder, codebook).notes["note"]
    assert any("not looked at what comments say" in note for note in notes)


def test_an_xls_of_excel_95_waits_until_somebody_has_looked_at_it(folder, codebook):
    content = (DATA / "marks.xls").read_bytes()
    begins = b"\x09\x08\x10\x00\x00\x06"  # BOF of BIFF8, 16 bytes, version 6
    assert begins in content
    intake = _read(folder, codebook, content.replace(begins, begins[:4] + b"\x01\x06"))
    assert set(intake.waiting["kind"]) == {"not looked at"}
    assert len(set(intake.waiting["row"])) == 9
