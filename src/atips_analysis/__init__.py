"""Reproducible statistics on human trafficking: data bank, baseline, reports and releases."""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from atips_analysis.databank import open_databank as open_databank


def __getattr__(name: str) -> Any:
    """Researchers' names, imported when they are first used."""
    if name == "open_databank":
        from atips_analysis.databank import open_databank

        return open_databank
    raise AttributeError(f"module 'atips_analysis' has no attribute {name!r}")
