"""How much a submission may hold: far above any agency's year, far below what a machine bears."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO

from atips_analysis.errors import InputError

MIB = 1024**2
LARGEST_FILE = 1024 * MIB
LARGEST_UNPACKED = 2048 * MIB  # a workbook is a zip archive: all its parts together
MOST_SHEETS = 100
MOST_COLUMNS = 256
MOST_CELLS = 64_000_000  # rows times columns of one sheet, from the first used cell to the last
LONGEST_CELL = 32_767  # Excel's own limit
CHUNK = MIB

_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"')
_FAR_CELL = re.compile(rb'<(?:\w+:)?c r="(?:[A-Z]{3}|[J-Z][A-Z]|I[W-Z])\d')
_REPEATED = re.compile(rb'(?:number-(rows|columns)-repeated)="(\d+)"')


def check_size(size: int, file: str) -> None:
    """Refuse a file that is too large to be a submission, or empty."""
    if size == 0:
        raise InputError("the file is empty; save it again and send it", file=file)
    if size > LARGEST_FILE:
        raise InputError(
            f"the file has {size // MIB} MiB, more than {LARGEST_FILE // MIB}; "
            "send the streams as separate CSV files",
            file=file,
        )


def check_archive(content: bytes, file: str) -> None:
    """Unpack a workbook once, counting: refuse one that is damaged, encrypted or a zip bomb.

    What the archive says of its own sizes is not believed; nothing unpacked is kept.
    """
    unpacked = 0
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for part in archive.infolist():
                if part.flag_bits & 1:
                    raise InputError(
                        "the workbook is encrypted; save it without a password", file=file
                    )
                if part.file_size > LARGEST_UNPACKED:
                    raise _bomb(file)
                with archive.open(part) as stream:
                    watch = _watch(part.filename)
                    while chunk := stream.read(CHUNK):
                        unpacked += len(chunk)
                        if unpacked > LARGEST_UNPACKED:
                            raise _bomb(file)
                        watch(chunk, file)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise damaged(file) from error


def damaged(file: str) -> InputError:
    return InputError(
        "the workbook is damaged or cut off; open it in Excel, save it again and send it", file=file
    )


def too_wide(file: str, sheet: str | None = None) -> InputError:
    return InputError(
        f"a sheet reaches beyond {MOST_COLUMNS} columns; delete what stands to the right of the "
        "table, or copy the table into a fresh form",
        file=file,
        sheet=sheet,
    )


def _bomb(file: str) -> InputError:
    return InputError(
        f"the workbook unpacks to more than {LARGEST_UNPACKED // MIB} MiB, which no submission "
        "needs; copy the tables into a fresh form and send that",
        file=file,
    )


def _watch(part: str):  # type: ignore[no-untyped-def]
    """What to look for in a part: a cell far off to the right would take a sheet's memory."""
    if re.search(r"xl/worksheets/[^/]+\.xml$", part):
        return _refuse_far_cells()
    return lambda chunk, file: None


def _refuse_far_cells():  # type: ignore[no-untyped-def]
    tail = b""

    def watch(chunk: bytes, file: str) -> None:
        nonlocal tail
        if _FAR_CELL.search(tail + chunk):
            raise too_wide(file)
        tail = chunk[-32:]

    return watch
