"""The M&E framework: indicators, objectives, targets, assumptions, sources."""

from atips_analysis.framework.reference_sheet import load_reference_fields, reference_sheets
from atips_analysis.framework.register import Declared, Indicator, find_indicator, load_indicators
from atips_analysis.framework.registers import (
    in_short,
    load_acronyms,
    load_assumptions,
    load_best_practices,
    load_objectives,
    load_sources,
    load_targets,
    logframe,
)
