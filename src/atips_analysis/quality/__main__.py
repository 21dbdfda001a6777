"""`python -m atips_analysis.quality` writes the suites of `expectations/` from the codebook."""

from atips_analysis.codebook import load_codebook
from atips_analysis.project import find_project
from atips_analysis.quality.suites import write_suites

write_suites(load_codebook(), find_project().expectations)
