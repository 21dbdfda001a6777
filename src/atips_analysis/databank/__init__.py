"""The data bank: editions of what agencies submitted, written once, read and compared after."""

from atips_analysis.databank.account import RowAccountError
from atips_analysis.databank.bank import DataBank, open_databank
from atips_analysis.databank.difference import diff
from atips_analysis.databank.edition import list_editions, show, write_edition
from atips_analysis.databank.persons import (
    link_persons,
    link_victims,
    overlap_table,
    unduplicated_victims,
)
from atips_analysis.databank.verification import verify
