"""A small report as an executed notebook, in both languages, for the tests of publishing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="440" height="170" viewBox="0 0 440 170">'
    '<rect x="20" y="90" width="60" height="60" fill="#0b3a66"/>'
    '<rect x="120" y="50" width="60" height="100" fill="#0b3a66"/>'
    '<rect x="220" y="20" width="60" height="130" fill="#0b3a66"/>'
    '<path d="M10 150H430" stroke="#55606e"/></svg>'
)

ENGLISH = """# Introduction {#sec-introduction}

In 2024 the Council recorded 18 cases; @fig-cases shows them by year and @tbl-services the
services given. How they were counted is told in @sec-methods.[^unit]

[^unit]: A case is counted once, in the year in which it was opened.

::: {.key-figures}
- **18** cases opened
- **102** persons screened
- **42** services given
:::

::: {.callout-note}
## How to read a hidden number
Counts of persons from 1 to 4 are shown as **C**; a zero is a true zero.
:::

## Results

![Cases opened by year. Unit: case.](figures/cases.svg){#fig-cases fig-alt="Bars rising from 9 cases in 2022 to 18 cases in 2024."}

| Service | Persons | Services | Share |
|:--|--:|--:|--:|
| Shelter | 16 | 16 | 38.1 % |
| Counselling and psychosocial support, individually and in groups | 12 | 15 | 35.7 % |
| Medical care | C | 11 | 26.2 % |

: Services by type, 2024. Unit: service. {#tbl-services}

::: {.source}
Source: register, edition 0f3a.
:::

::: {.callout-warning}
Three cases are not a trend.
:::

### By agency

| Agency | Role |
|:--|:--|
| Police | Investigates |
| Human services | Protects |

# Methods {#sec-methods}

Intervals are exact ($\\lambda$, Garwood); see @tbl-long and [@fig-two; @tbl-services].

![A second picture.](figures/two.svg){#fig-two fig-alt="Three bars of different height."}
"""

SPANISH = """# Introducción {#sec-introduction}

En 2024 el Consejo registró 18 casos; véanse @fig-cases, @tbl-services y @sec-introduction.

![Casos abiertos por año.](figures/cases.svg){#fig-cases fig-alt="Barras que suben de 9 a 18 casos."}

| Servicio | Personas |
|:--|--:|
| Albergue | 16 |

: Servicios por tipo, 2024 {#tbl-services}

::: {.callout-note}
La trata no es el tráfico ilícito de migrantes.
:::
"""


def long_table() -> str:
    rows = [
        f"| T{n:02d} | Indicator number {n} of the long list, with words enough to break a line | "
        f"{2021 + n % 4} | {n * 13:,} | {n}.{n % 10} |"
        for n in range(1, 81)
    ]
    head = "| Code | Indicator | Year | Value | Rate per 100,000 |\n|:--|:--|:--|--:|--:|\n"
    return head + "\n".join(rows) + "\n\n: All indicators {#tbl-long}\n"


def markdown_output(text: str) -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/markdown": text, "text/plain": "<IPython.core.display.Markdown object>"},
    }


def code_cell(source: str, *outputs: dict[str, Any], count: int | None = 1) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": "code",
        "metadata": {},
        "source": source,
        "execution_count": count,
        "outputs": list(outputs),
    }


def text_cell(source: str, kind: str = "markdown") -> dict[str, Any]:
    return {"cell_type": kind, "id": "text", "metadata": {}, "source": source}


def write_notebook(path: Path, *cells: dict[str, Any]) -> Path:
    figures = path.parent / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    for name in ("cases.svg", "two.svg"):
        (figures / name).write_text(SVG, encoding="utf-8")
    numbered = [dict(cell, id=f"cell-{n}") for n, cell in enumerate(cells, start=1)]
    document = {
        "cells": numbered,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def example_notebook(path: Path, lang: str = "en") -> Path:
    """An executed notebook with headings, figures, tables, notices, notes and references."""
    front = text_cell(f"---\ntitle: {'Informe' if lang == 'es' else 'Fixture report'}\n---", "raw")
    if lang == "es":
        return write_notebook(path, front, text_cell(SPANISH))
    return write_notebook(
        path, front, text_cell(ENGLISH), code_cell("show()", markdown_output(long_table()))
    )
