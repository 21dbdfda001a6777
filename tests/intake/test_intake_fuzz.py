"""Damaged files by the hundred: each is read, or refused in one line that names it."""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atips_analysis.errors import InputError
from atips_analysis.intake import read_submissions
from atips_analysis.intake.settled import Settled

pytestmark = pytest.mark.slow

DATA = Path(__file__).parent.parent / "data" / "intake"
LINES = ["month,inspection_type,sector,district,finding,n"] + [
    f"2024-0{month},ROUTINE,I,CY,NONE,{10 + month}" for month in range(1, 10)
]
FUZZ = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@cache
def _whole(suffix: str) -> bytes:
    """A right file of a format."""
    if suffix == ".csv":
        return "\n".join(LINES).encode()
    if suffix == ".xlsx":
        book = openpyxl.Workbook()
        book.active.title = "Inspections"
        for line in LINES:
            book.active.append(line.split(","))
        book.active.row_dimensions[4].hidden = True
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()
    return (DATA / {".xlsb": "marks.xlsb", ".xls": "marks.xls", ".ods": "errors.ods"}[suffix]).read_bytes()  # fmt: skip


def _read_or_refused(content: bytes, suffix: str, codebook) -> None:
    with tempfile.TemporaryDirectory() as folder:
        name = f"LABOUR_2024_inspections{suffix}"
        Path(folder, name).write_bytes(content)
        try:
            intake = read_submissions(Path(folder), codebook, Settled())
        except InputError as error:
            assert "\n" not in str(error) and str(error).startswith(name)
            return
        read = sum(map(len, intake.frames.values()))
        assert read == intake.sheets["rows_read"].sum()


def _flipped(content: bytes, places: list[tuple[float, int]]) -> bytes:
    made = bytearray(content)
    for share, value in places:
        if made:
            made[int(share * (len(made) - 1))] ^= value
    return bytes(made)


FLIPS = st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=4)


@FUZZ
@given(data=st.data())
@pytest.mark.parametrize("suffix", [".xlsx", ".xlsb", ".ods"])
def test_a_part_of_an_archive_with_other_bytes_or_cut_off(suffix, data, codebook):
    with zipfile.ZipFile(io.BytesIO(_whole(suffix))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    if data.draw(st.booleans()):
        parts[name] = _flipped(parts[name], data.draw(FLIPS))
    else:
        parts[name] = parts[name][: int(data.draw(st.floats(0, 1)) * len(parts[name]))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for one, part in parts.items():
            archive.writestr(one, part)
    _read_or_refused(out.getvalue(), suffix, codebook)


@FUZZ
@given(flips=FLIPS, kept=st.floats(0.2, 1))
@pytest.mark.parametrize("suffix", [".xls", ".xlsx", ".csv"])
def test_a_file_with_other_bytes_and_cut_off(suffix, flips, kept, codebook):
    content = _whole(suffix)
    _read_or_refused(_flipped(content[: int(kept * len(content))], flips), suffix, codebook)


@FUZZ
@given(
    encoding=st.sampled_from(
        [
            "utf-8",
            "utf-8-sig",
            "utf-16",
            "utf-16-be",
            "utf-32",
            "cp1252",
            "cp850",
            "mac_roman",
            "cp037",
            "shift_jis",
            "utf-7",
            "koi8-r",
        ]
    ),
    more=st.text(max_size=40),
    delimiter=st.sampled_from([",", ";", "\t", "|", '"', "\x00", "\r"]),
)
def test_a_text_of_any_encoding_and_delimiter(encoding, more, delimiter, codebook):
    text = "\n".join([*LINES, more]).replace(",", delimiter)
    _read_or_refused(text.encode(encoding, "replace"), ".csv", codebook)
