"""Multiple systems estimation: how many there are in all, from who is on which lists.

A validated method behind a gate that refuses; `estimate_without_gate` keeps what it refuses.
"""

from atips_analysis.statistics.multiple_systems.averaging import (
    ModelAverage,
    decomposable_graphs,
    model_average,
)
from atips_analysis.statistics.multiple_systems.bootstrap import bootstrap_interval
from atips_analysis.statistics.multiple_systems.goodness import GoodnessOfFit, goodness_of_fit
from atips_analysis.statistics.multiple_systems.lists import (
    MOST_LISTS,
    CaptureHistories,
    capture_histories,
    declared_referrals,
    named_terms,
    read_lists,
)
from atips_analysis.statistics.multiple_systems.models import (
    FittedModel,
    estimate_exists,
    fit_model,
    fit_models,
    profile_interval,
)
from atips_analysis.statistics.multiple_systems.population import (
    Estimate,
    estimate,
    estimate_without_gate,
)
from atips_analysis.statistics.multiple_systems.selection import (
    best_model,
    candidate_models,
    stepwise_model,
)
