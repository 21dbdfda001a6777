"""The M&E framework: indicators, objectives, targets, assumptions, sources."""

from atips_analysis.framework.reference_sheet import (
    load_reference_fields,
    reference_sheets,
)
from atips_analysis.framework.register import (
    Declared,
    Indicator,
    find_indicator,
    load_indicators,
)
from atips_analysis.framework.registers import (
    in_short,
    load_acronyms,
    load_assumptions,
    load_best_practices,
    load_logframe_columns,
    load_objectives,
    load_sources,
    load_targets,
    logframe,
)

__all__ = [
    "Declared",
    "Indicator",
    "find_indicator",
    "in_short",
    "load_acronyms",
    "load_assumptions",
    "load_best_practices",
    "load_indicators",
    "load_logframe_columns",
    "load_objectives",
    "load_reference_fields",
    "load_sources",
    "load_targets",
    "logframe",
    "reference_sheets",
]
