"""Pure functions that put what was read into one form, and record what they changed."""

from atips_analysis.cleaning.changes import CHANGES
from atips_analysis.cleaning.recipe import Cleaned, clean
