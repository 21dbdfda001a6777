"""Disclosure control: which cells to hide, how to round, and the attack that tests a release.

Count tables become cells and sums (`cells`); a `System` of them protects and attacks, and nothing
else does. What is known is said by `Known`, when a count is small and a hidden one safe by `Rule`,
what the cheapest pattern is by `Aim`; `Earlier` is what was printed before.
"""

from atips_analysis.disclosure.attack import Release
from atips_analysis.disclosure.cells import (
    CellKey,
    Relation,
    cell_key,
    complement_relation,
    period_relations,
    table_relations,
)
from atips_analysis.disclosure.knowledge import Known, PublicFigure, Rule, Tie
from atips_analysis.disclosure.suppression import Aim
from atips_analysis.disclosure.system import Earlier, System
