"""How long notebooks take in cold kernels and in kernels forked from a warm process.

    python benchmarks/kernels.py [NOTEBOOKS]

Runs the same small notebook, which imports what reports import, NOTEBOOKS times (default 4) each
way, one after the other, and prints seconds in all. The warm time includes starting the process.

Measured on two cores of Linux that were busy with other work (Python 3.11, pandas 3.1.1): cold
130.0 s, warm 37.0 s for four notebooks; the warm process takes as long to start as one cold
kernel, after which a notebook takes one to two seconds instead of ten to thirty.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from atips_analysis.notebooks import run_notebook, warm_kernels

SOURCES = (
    "import matplotlib.pyplot as plt\nimport pandas as pd\nimport seaborn as sns\n"
    "import statsmodels.api as sm\nfrom IPython.display import Markdown, display",
    "frame = pd.DataFrame({'year': [2021, 2022, 2023, 2024], 'cases': [9, 7, 11, 18]})\n"
    "axes = sns.barplot(frame, x='year', y='cases')\naxes.figure.savefig('cases.svg')\n"
    "display(Markdown(f'{frame.cases.sum()} cases'))",
)


def main(count: int) -> None:
    """Measure both ways and print a line each."""
    with tempfile.TemporaryDirectory() as name:
        notebook = _notebook(Path(name) / "small.ipynb")
        cold = _seconds(notebook, count, nullcontext)
        warm = _seconds(notebook, count, warm_kernels)
    print(f"cold: {cold:5.1f} s for {count} notebooks")
    print(f"warm: {warm:5.1f} s for {count} notebooks ({cold / warm:.1f} times as fast)")


def _seconds(notebook: Path, count: int, kernels: Callable[[], object]) -> float:
    start = time.perf_counter()
    with kernels():  # type: ignore[attr-defined]
        for number in range(count):
            run_notebook(notebook, notebook.parent / str(number) / notebook.name)
    return time.perf_counter() - start


def _notebook(path: Path) -> Path:
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "source": source,
            "execution_count": None,
            "outputs": [],
        }
        for number, source in enumerate(SOURCES)
    ]
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
