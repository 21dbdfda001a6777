"""How much a submission may hold: far above any agency's year, far below what a machine bears."""

from __future__ import annotations

from dataclasses import dataclass

from atips_analysis.errors import InputError

MIB = 1024**2
LARGEST_FILE = 1024 * MIB
LARGEST_UNPACKED = 2048 * MIB  # a workbook is a zip archive: all its parts together
MOST_SHEETS = 100
MOST_COLUMNS = 256
MOST_CELLS = 40_000_000  # rows times columns of one sheet, up to the last used cell


@dataclass(frozen=True)
class Limits:
    """How much memory and time the reading of one file may take.

    `base` and `a_byte` (bytes of memory: for any file, and for each of its bytes), `most` (bytes in
    all); `patience` (seconds for any file) and `pace` (bytes that one second more is for).
    """

    base: int = 1024 * MIB
    a_byte: int = 100
    most: int = 8192 * MIB
    patience: float = 120.0
    pace: int = 20_000

    def memory(self, size: int) -> int:
        """Bytes of memory for a file of `size` bytes."""
        return min(self.base + self.a_byte * size, self.most)

    def seconds(self, size: int) -> float:
        """Seconds for a file of `size` bytes."""
        return self.patience + size / self.pace


# Many times what the largest right file of the benchmark takes, on a machine that is busy.
GENEROUS = Limits()


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


def damaged(file: str) -> InputError:
    """The error for a file that cannot be read as what it is named."""
    return InputError(
        "the workbook is damaged or cut off; open it in Excel, save it again and send it", file=file
    )


def text_not_workbook(file: str) -> InputError:
    """The error for a text file that is named as a workbook."""
    return InputError(
        "the file is text or a web page, though its name says workbook; open it in Excel, save it "
        "as .xlsx and send that",
        file=file,
    )


def encrypted(file: str) -> InputError:
    """The error for a file with a password."""
    return InputError(
        "the workbook is encrypted; save it without a password and send it (a workbook that opens "
        "without asking can be encrypted too, by a password of Excel's own where it is recommended "
        "or protected for reading only: in Excel, File, Info, Protect Workbook, Encrypt with "
        "Password, empty the box and save)",
        file=file,
    )


def too_wide(file: str, sheet: str | None = None) -> InputError:
    """The error for a sheet with more columns than any return has."""
    return InputError(
        f"a sheet reaches beyond {MOST_COLUMNS} columns or {MOST_CELLS:,} cells; delete what "
        "stands right of the table and below it, or copy the table into a fresh form",
        file=file,
        sheet=sheet,
    )


def too_many_sheets(number: int, file: str) -> InputError:
    """The error for a workbook with more sheets than any return has."""
    return InputError(
        f"the workbook has {number} sheets, more than {MOST_SHEETS}; "
        "send one workbook an agency and year, a sheet a stream",
        file=file,
    )


def zip_bomb(file: str) -> InputError:
    """The error for an archive that would unpack to far more than it holds."""
    return InputError(
        f"the workbook unpacks to more than {LARGEST_UNPACKED // MIB} MiB, which no submission "
        "needs; copy the tables into a fresh form and send that",
        file=file,
    )
