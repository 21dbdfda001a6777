"""The data bank: editions of what agencies submitted, written once, read and compared after."""

from atips_analysis.databank.account import RowAccountError, row_account
from atips_analysis.databank.bank import DataBank, open_databank
from atips_analysis.databank.difference import diff
from atips_analysis.databank.edition import Edition, list_editions, show, write_edition
from atips_analysis.databank.fingerprint import code_fingerprint, suites_fingerprint
from atips_analysis.databank.linkage import Linkage, link
from atips_analysis.databank.persons import (
    link_persons,
    link_victims,
    overlap_table,
    unduplicated_counts,
    unduplicated_victims,
)
from atips_analysis.databank.verification import verify

__all__ = [
    "DataBank",
    "Edition",
    "Linkage",
    "RowAccountError",
    "code_fingerprint",
    "diff",
    "link",
    "link_persons",
    "link_victims",
    "list_editions",
    "open_databank",
    "overlap_table",
    "row_account",
    "show",
    "suites_fingerprint",
    "unduplicated_counts",
    "unduplicated_victims",
    "verify",
    "write_edition",
]
