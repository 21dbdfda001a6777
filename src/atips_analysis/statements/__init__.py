"""What is said of each series: decided once an edition, read by every page.

`declared` is the family of comparisons, fixed before data are read; `decided` makes a `Statement`
of each from the protected table; `wording` says it in every language; `agreement` finds what pages
say, and stops a build in which two say different things of one series.
"""

from atips_analysis.statements.agreement import check_agreement, said_on
from atips_analysis.statements.decided import statements_of_edition
from atips_analysis.statements.family import load_declared
from atips_analysis.statements.statement import Statement
from atips_analysis.statements.statement_register import (
    Statements,
    read_statements,
    write_statements,
)
