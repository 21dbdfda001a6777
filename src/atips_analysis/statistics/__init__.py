"""Intervals, comparisons, change, control charts, durations and multiple systems, for small numbers.

Pure functions of numbers: scalars or arrays in, named tuples out; statsmodels and SciPy inside.
`inputs` states the rules for missing, empty and impossible input.
"""

from atips_analysis.statistics.bounded_tables import (
    Association,
    compatible_tables,
    exact_associations,
)
from atips_analysis.statistics.change import AnnualChange, annual_change
from atips_analysis.statistics.clustered import (
    clustered_interval,
    clustered_share_interval,
    design_factor,
    fay_feuer_interval,
    share_design_factor,
)
from atips_analysis.statistics.clustered_tables import clustered_association
from atips_analysis.statistics.comparisons import (
    ComesAbout,
    Comparison,
    Quantity,
    Series,
    change_from_baseline,
    judged,
    trend,
)
from atips_analysis.statistics.contingency import (
    ExactTest,
    exact_association,
    exact_power,
    holm_adjusted,
)
from atips_analysis.statistics.control_charts import Signal, XmrChart, xmr_chart
from atips_analysis.statistics.counts import byar_interval, garwood_interval, midp_interval
from atips_analysis.statistics.durations import (
    Incidence,
    MedianDuration,
    cumulative_incidence,
    kaplan_meier_median,
    median_time,
)
from atips_analysis.statistics.inputs import ImpossibleInput, Interval
from atips_analysis.statistics.power import clustered_counts, noticeable_ratios
from atips_analysis.statistics.proportions import clopper_pearson_interval, wilson_interval
from atips_analysis.statistics.ratios import (
    DetectableRatio,
    RateRatio,
    detectable_ratio,
    rate_ratio,
)
from atips_analysis.statistics.verdicts import Reason, Verdict
