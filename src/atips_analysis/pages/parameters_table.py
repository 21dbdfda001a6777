"""The table of a notebook's parameters, read from the notebook's own cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.pages.parameters import parameters_of
from atips_analysis.pages.show import Table, show
from atips_analysis.pages.text import join_words

PLACES = {"inputs": "the build named above", "project": "this project"}
"""Parameters that name a folder of this machine, and what a page says instead."""


def parameters_table(lang: str = "en") -> Table:
    """Every parameter of this notebook: its name, its value here, what it means.

    Names and meanings come from the cell that declares them, values from the kernel, so that
    nothing is typed twice.

    Raises
    ------
    InputError
        If this is no notebook, or it declares none.
    """
    from IPython import get_ipython

    shell = get_ipython()
    sources = [] if shell is None else shell.user_ns.get("In", [])
    declared = next(filter(None, map(_declared, sources)), None)
    if declared is None:
        raise InputError("no cell of this notebook declares parameters; tag one `parameters`")
    rows = [
        (one.name, PLACES.get(one.name, _plain(shell.user_ns[one.name], lang)), one.meaning)
        for one in declared
    ]
    return show(
        pd.DataFrame(rows, columns=["Parameter", "Value", "Meaning"]),
        "Every parameter of this page",
        "tbl-parameters",
        note="Give others with atips run NAME -p PARAMETER=VALUE",
        lang=lang,
        widths=[22, 24, 54],
        align="lll",
    )  # type: ignore[return-value]


def _declared(source: str) -> Any:
    try:
        return parameters_of(source, "this notebook") if ": " in source else None
    except InputError:
        return None


def _plain(value: object, lang: str) -> str:
    if isinstance(value, (list, tuple)):
        return join_words([str(item) for item in value], lang) or "\N{EN DASH}"
    return value.name if isinstance(value, Path) else str(value)
