"""Multiple systems estimation: how many there are in all, from who is on which lists.

A validated method behind a gate that refuses; `estimate_population` keeps what it refuses.
"""

from atips_analysis.statistics.multiple_systems.bootstrap import bootstrap_interval
from atips_analysis.statistics.multiple_systems.estimate import (
    Alternative,
    PopulationEstimate,
    estimate_population,
    estimate_without_gate,
)
from atips_analysis.statistics.multiple_systems.lists import (
    CaptureHistories,
    capture_histories,
    named_terms,
    read_lists,
)
from atips_analysis.statistics.multiple_systems.models import (
    FittedModel,
    estimate_exists,
    fit_model,
    profile_interval,
)
from atips_analysis.statistics.multiple_systems.selection import (
    best_model,
    candidate_models,
    stepwise_model,
)

__all__ = [
    "Alternative",
    "CaptureHistories",
    "FittedModel",
    "PopulationEstimate",
    "best_model",
    "bootstrap_interval",
    "candidate_models",
    "capture_histories",
    "estimate_exists",
    "estimate_population",
    "estimate_without_gate",
    "fit_model",
    "named_terms",
    "profile_interval",
    "read_lists",
    "stepwise_model",
]
