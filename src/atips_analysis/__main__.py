"""`python -m atips_analysis`: the same as `atips`."""

from atips_analysis.cli import main

main()
