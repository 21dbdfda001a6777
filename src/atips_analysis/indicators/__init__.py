"""The indicators of the framework: a small pure function each, and the tidy table that they fill.

`compute` gives the raw, confidential table; what may leave the house is made from it by
`atips_analysis.disclosure`.
"""

# Importing them declares the measures.
from atips_analysis.indicators import partnership, prevention, prosecution, protection
from atips_analysis.indicators.compute import compute
from atips_analysis.indicators.declared import declared, registered
from atips_analysis.indicators.measure import Measure, measures
from atips_analysis.indicators.period import Period, parse_period, years_of
from atips_analysis.indicators.place import wide
from atips_analysis.indicators.trace import trace
