"""The data bank: editions of what agencies submitted, written once, read and compared after."""

from atips_analysis.databank.account import RowAccountError, row_account
from atips_analysis.databank.bank import DataBank, open_databank
from atips_analysis.databank.difference import diff
from atips_analysis.databank.edition import Edition, list_editions, show, write_edition
from atips_analysis.databank.fingerprint import code_fingerprint, suites_fingerprint
from atips_analysis.databank.verification import verify

__all__ = [
    "DataBank",
    "Edition",
    "RowAccountError",
    "code_fingerprint",
    "diff",
    "list_editions",
    "open_databank",
    "row_account",
    "show",
    "suites_fingerprint",
    "verify",
    "write_edition",
]
