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
    from atips_analysis.api import *  # noqa: F403

_RESEARCH = tuple(
    """LONG SCHEMA cite dictionary indicator long_table measures open_databank public_table
    shares show write_stata""".split()
)


def __getattr__(name: str) -> Any:
    """Researchers' names, imported when they are first used."""
    if name in _RESEARCH:
        from atips_analysis import api

        return getattr(api, name)
    raise AttributeError(f"module 'atips_analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    """What researchers use; not what this file imports for itself."""
    return ["__version__", *_RESEARCH]
