"""Intervals, comparisons, change, control charts, durations and multiple systems, for small numbers.

Pure functions of numbers: scalars or arrays in, named tuples out; statsmodels and SciPy inside.
`inputs` states the rules for missing, empty and impossible input.
"""

from atips_analysis.statistics.bounded_tables import (
    Association,
    compatible_tables,
    exact_associations,
)
from atips_analysis.statistics.change import AnnualChange, Verdict, annual_change
from atips_analysis.statistics.control_charts import Signal, XmrChart, xmr_chart
from atips_analysis.statistics.counts import byar_interval, garwood_interval, midp_interval
from atips_analysis.statistics.durations import MedianDuration, kaplan_meier_median
from atips_analysis.statistics.inputs import ImpossibleInput, Interval
from atips_analysis.statistics.proportions import clopper_pearson_interval, wilson_interval
from atips_analysis.statistics.ratios import (
    DetectableRatio,
    RateRatio,
    detectable_ratio,
    rate_ratio,
)
from atips_analysis.statistics.tables import (
    ExactTest,
    exact_association,
    exact_power,
    holm_adjusted,
)

__all__ = [
    "AnnualChange",
    "Association",
    "DetectableRatio",
    "ExactTest",
    "ImpossibleInput",
    "Interval",
    "MedianDuration",
    "RateRatio",
    "Signal",
    "Verdict",
    "XmrChart",
    "annual_change",
    "byar_interval",
    "clopper_pearson_interval",
    "compatible_tables",
    "detectable_ratio",
    "exact_association",
    "exact_associations",
    "exact_power",
    "garwood_interval",
    "holm_adjusted",
    "kaplan_meier_median",
    "midp_interval",
    "rate_ratio",
    "wilson_interval",
    "xmr_chart",
]
