"""Reproducible statistics on human trafficking: data bank, baseline, reports and releases."""

__version__ = "0.1.0"
