"""Simulated submissions whose accepted rows add up to what is published.

They let the whole pipeline be run, taught and tested without a record of a real person.
They are no substitute for data: every breakdown that is not printed in a published source
is invented.
"""

from atips_analysis.example.generation import DEFAULT_SEED, Example, simulate
from atips_analysis.example.scenario import Scenario, read_scenario
