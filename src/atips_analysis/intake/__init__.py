"""Reads what agencies send, registers it by hash, and writes the form that they fill in."""

from atips_analysis.intake.submissions import read_files, read_submissions
from atips_analysis.intake.together import Intake
