"""Reproducible statistics on human trafficking: data bank, baseline, reports and releases.

Researchers start here::

    import atips_analysis as atips

    bank = atips.open_databank("data/databank/example")
    atips.measures()                                          # what can be asked for
    atips.indicator("PROT-01", bank, period="2022-2024", by=["sex"])
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from atips_analysis.api import SCHEMA as SCHEMA
    from atips_analysis.api import dictionary as dictionary
    from atips_analysis.api import indicator as indicator
    from atips_analysis.api import measures as measures
    from atips_analysis.api import open_databank as open_databank
    from atips_analysis.api import public_table as public_table
    from atips_analysis.api import shares as shares
    from atips_analysis.api import show as show

_RESEARCH = (
    "SCHEMA",
    "dictionary",
    "indicator",
    "measures",
    "open_databank",
    "public_table",
    "shares",
    "show",
)


def __getattr__(name: str) -> Any:
    """Researchers' names, imported when they are first used."""
    if name in _RESEARCH:
        from atips_analysis import api

        return getattr(api, name)
    raise AttributeError(f"module 'atips_analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_RESEARCH})
