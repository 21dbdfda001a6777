"""Disclosure control: which cells to hide, how to round, and the attack that tests a release.

Count tables become cells and relations (`cells`), rules say which cells are sensitive (`rules`),
`protect_cells` hides them and the fewest others (`suppression`), `round_cells` rounds instead
(`rounding`), and `attack` finds what a reader could work out from everything published.
"""

from atips_analysis.disclosure.attack import AttackReport, PublicFigure, Release, Tie, attack
from atips_analysis.disclosure.cells import (
    CellKey,
    Relation,
    cell_key,
    check_additivity,
    complement_relation,
    period_relations,
    table_relations,
)
from atips_analysis.disclosure.suppression import Protection, protect_cells

__all__ = [
    "AttackReport",
    "CellKey",
    "Protection",
    "PublicFigure",
    "Relation",
    "Release",
    "Tie",
    "attack",
    "cell_key",
    "check_additivity",
    "complement_relation",
    "period_relations",
    "protect_cells",
    "table_relations",
]
