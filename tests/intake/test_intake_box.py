"""A judge in a box: whatever a file does to its reader, it fails by itself, in one line."""

from __future__ import annotations

import itertools
import os
import signal
import time
import zipfile
from pathlib import Path

import pytest

from atips_analysis.errors import InputError
from atips_analysis.intake import read_submissions
from atips_analysis.intake.box import Box
from atips_analysis.intake.limits import GENEROUS, MIB, Limits
from atips_analysis.intake.settled import Settled

pytestmark = pytest.mark.slow  # each worker imports the reader: a second

HEADER = "month,inspection_type,sector,district,finding,n\n"
GOOD = f"{HEADER}2024-01,ROUTINE,I,CY,NONE,12\n"
LINUX = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="memory is limited on Linux alone"
)
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}'
    "</sheetData></worksheet>"
)


def _rows(number: int) -> str:
    lines = [line.split(",") for line in GOOD.splitlines()]
    cells = [
        "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in line) for line in lines
    ]
    return f'<row r="1">{cells[0]}</row><row r="{number}">{cells[1]}</row>'


def _repack(path: Path, **parts: object) -> None:
    """Replace parts of a workbook, by the last part of their name; a number is so many letters."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in kept.items():
            new = parts.get(Path(name).stem)
            if new is None:
                archive.writestr(name, content)
            elif isinstance(new, str):
                archive.writestr(name, new)
            else:
                _write_letters(archive, name, int(str(new)))


def _write_letters(archive: zipfile.ZipFile, name: str, number: int) -> None:
    with archive.open(name, "w", force_zip64=True) as part:
        part.write(
            b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        )
        for _ in range(number // MIB):
            part.write(b"a" * MIB)
        part.write(b"</t></si></sst>")


@pytest.fixture
def beside(folder, write_workbook) -> Path:
    """A bad workbook to be, in the order of names before a good file."""
    (folder / "LABOUR_2024_inspections.csv").write_text(GOOD, encoding="utf-8")
    rows = [line.split(",") for line in GOOD.splitlines()]
    return write_workbook(
        "IMM_2024.xlsx", {"Inspections": rows}, [["Agency", "IMM"], ["Year", 2024]]
    )


def _faults(folder, codebook, limits: Limits = GENEROUS) -> str:
    """The one fault of the folder; the good file beside it was read."""
    intake = read_submissions(folder, codebook, Settled(), limits)
    assert set(intake.frames["inspections"]["file"]) == {"LABOUR_2024_inspections.csv"}
    (fault,) = intake.faults["fault"]
    assert fault.startswith("IMM_2024.xlsx: ") and "\n" not in fault and "Traceback" not in fault
    return str(fault)


def test_the_box_reads_what_is_read_without_it(folder, beside, codebook):
    here = read_submissions(folder, codebook, Settled())
    boxed = read_submissions(folder, codebook, Settled(), GENEROUS)
    assert len(here.frames["inspections"]) == 2
    for stream, frame in here.frames.items():
        assert frame.equals(boxed.frames[stream]), stream
    for table in ("files", "sheets", "headers", "notes", "questions", "waiting", "faults"):
        assert getattr(here, table).equals(getattr(boxed, table)), table


def test_what_was_asked_in_the_box_can_still_be_said_in_spanish(folder, write_workbook, codebook):
    rows = [line.split(",") for line in GOOD.splitlines()]
    rows[0][5] = "n (cumulative)"
    write_workbook("IMM_2024.xlsx", {"Inspections": rows}, [["Agency", "IMM"], ["Year", 2024]])
    here = read_submissions(folder, codebook, Settled())
    boxed = read_submissions(folder, codebook, Settled(), GENEROUS)
    (asked,) = boxed.questions["question"]
    assert boxed.said[asked].in_language("es") == here.said[asked].in_language("es") != asked


@LINUX
def test_a_shared_string_of_a_gigabyte_fails_alone(folder, beside, codebook):
    _repack(beside, sharedStrings=1024 * MIB)
    assert beside.stat().st_size < 6 * MIB
    assert "MiB of memory" in _faults(folder, codebook)


@LINUX
def test_a_row_number_of_forty_millions_fails_alone(folder, beside, codebook):
    _repack(beside, sheet2=SHEET.format(_rows(40_000_000)))
    assert "MiB of memory" in _faults(folder, codebook)


def test_a_zip_bomb_fails_alone(folder, beside, codebook):
    _repack(beside, sharedStrings=2050 * MIB)
    assert "unpacks to more than 2048 MiB" in _faults(folder, codebook)


def test_a_reading_that_takes_too_long_is_ended(folder, beside, codebook):
    _repack(beside, sharedStrings=1500 * MIB)  # unpacking it alone takes two seconds
    fault = _faults(folder, codebook, Limits(patience=0.9, pace=1 << 40))
    assert "more than 0 seconds" in fault or "more than 1 seconds" in fault


@pytest.mark.skipif(os.name != "posix", reason="Windows counts by the clock")
def test_a_machine_that_is_busy_makes_no_file_too_slow(tmp_path):
    with Box(Limits(patience=0.3)) as box:
        box.run("first", tmp_path, os.getpid)
        box.run("one that waits for its turn", tmp_path, time.sleep, 1.0)  # and computes nothing
        with pytest.raises(InputError, match=r"^endless: .*more than 0 seconds of computing"):
            box.run("endless", tmp_path, sum, itertools.repeat(0))
        with pytest.raises(InputError, match=r"^stuck: .*more than 0 seconds of computing"):
            box.run("stuck", tmp_path, time.sleep, 60)  # by the clock: ten times as long
        assert box.run("the next", tmp_path, abs, -1) == 1


def test_a_worker_that_dies_is_started_again(tmp_path):
    with Box(GENEROUS) as box:
        first = box.run("one", tmp_path, os.getpid)
        with pytest.raises(InputError, match=r"^two: .*breaks the reader"):
            box.run("two", tmp_path, os.kill, first, signal.SIGKILL)
        assert box.run("three", tmp_path, os.getpid) != first


def test_one_worker_reads_all_files_and_ends_with_the_box(tmp_path):
    with Box(GENEROUS) as box:
        workers = {box.run("one", tmp_path, os.getpid) for _ in range(3)}
        worker = box.worker
    assert len(workers) == 1 and worker.poll() is not None


def test_a_fault_of_the_program_names_the_file_and_none_of_its_contents(tmp_path):
    with Box(GENEROUS) as box, pytest.raises(InputError) as caught:
        box.run("DHS_2024.csv", tmp_path, int, "Maria Lopez")
    assert str(caught.value).startswith("DHS_2024.csv: ") and "ValueError" in str(caught.value)
    assert "Maria" not in str(caught.value)


@LINUX
def test_memory_is_given_back_after_a_file_that_took_too_much(tmp_path):
    with Box(Limits(base=64 * MIB)) as box:
        with pytest.raises(InputError, match="64 MiB of memory"):
            box.run("large", tmp_path, bytes, 200 * MIB)
        assert len(box.run("small", tmp_path, bytes, MIB)) == MIB


def test_limits_grow_with_the_file_and_memory_up_to_a_bound():
    limits = Limits(base=10, a_byte=2, most=100, patience=5.0, pace=10)
    assert [limits.memory(size) for size in (0, 20, 45, 46)] == [10, 50, 100, 100]
    assert limits.seconds(0) == 5.0 and limits.seconds(100) == 15.0
    assert time.gmtime(GENEROUS.seconds(0)).tm_min == 2


def test_what_lies_in_the_working_folder_is_not_imported(tmp_path, monkeypatch):
    (tmp_path / "pandas.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with Box(GENEROUS) as box:
        assert box.run("one", tmp_path, abs, -1) == 1
