from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from atips_analysis.errors import InputError, MachineError
from atips_analysis.notebooks import run_notebook, warm_kernels
from atips_analysis.notebooks.kernels import ADDRESS
from atips_analysis.notebooks.stripping import stripped
from atips_analysis.project import find_project

PARAMETERS = (
    "from pathlib import Path\n"
    "year: int = 2024  # reporting year\n"
    "bank: Path = Path('.')  # folder of the data bank"
)


def notebook(path: Path, *sources: str) -> Path:
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"random-{number}",
            "metadata": {"tags": ["parameters"] if number == 0 else []},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for number, source in enumerate([PARAMETERS, *sources])
    ]
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


SHOWS = (
    "from IPython.display import Markdown, display\n"
    "import os\n"
    'display(Markdown(f\'{year} {hash("a")} {os.environ["SOURCE_DATE_EPOCH"]} {bank.name}\'))\n'
    "Path('figure.svg').write_text('<svg/>');"
)


@pytest.fixture(scope="module", autouse=True)
def warm() -> Iterator[bool]:
    with warm_kernels(find_project().root) as available:
        yield available


def test_the_same_run_gives_the_same_bytes_in_cold_and_in_warm_kernels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = notebook(tmp_path / "small.ipynb", SHOWS)
    given = {"year": "2023", "bank": tmp_path / "bank"}
    before = dict(os.environ), Path.cwd()
    warm = run_notebook(source, tmp_path / "warm" / "small.ipynb", given)
    assert (dict(os.environ), Path.cwd()) == before
    monkeypatch.delenv(ADDRESS, raising=False)
    cold = run_notebook(source, tmp_path / "cold" / "small.ipynb", given)
    text = cold.read_text(encoding="utf-8")
    assert warm.read_text(encoding="utf-8") == text
    assert "2023" in text and "1735689600 bank" in text
    assert str(tmp_path) not in text
    assert "papermill" not in text and "random-" not in text
    assert (tmp_path / "cold" / "figure.svg").is_file(), "the kernel works beside its result"


def test_a_warm_kernel_finds_the_codebook_of_its_project_read(tmp_path: Path, warm: bool) -> None:
    asks = (
        "from atips_analysis.codebook.loader import _load, load_codebook\n"
        "read = _load.cache_info().misses; load_codebook(); _load.cache_info().misses - read"
    )
    source = notebook(tmp_path / "asks.ipynb", asks)
    done = run_notebook(source, tmp_path / "out" / "asks.ipynb", {"year": "2023"})
    read_anew = nbformat.read(done, as_version=4).cells[-1].outputs[0].data["text/plain"]
    assert read_anew == ("0" if warm else "1")


def test_a_failing_cell_is_told_in_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    house = "from atips_analysis.errors import MachineError\nraise MachineError('no disk left')"
    broken = notebook(tmp_path / "broken.ipynb", "1 / 0")
    out = tmp_path / "out" / "broken.ipynb"
    with pytest.raises(InputError) as failure:
        run_notebook(broken, out, {"year": 2023})
    assert str(failure.value).startswith(
        "broken.ipynb: cell 2 failed (ZeroDivisionError: division by zero)"
    )
    with pytest.raises(MachineError, match=r"^no disk left$"):
        run_notebook(notebook(tmp_path / "house.ipynb", house), out)
    with pytest.raises(MachineError, match="kernel died"):
        run_notebook(notebook(tmp_path / "dead.ipynb", "import os; os._exit(9)"), out)
    assert not out.exists()


def test_stripping_takes_away_what_differs_from_run_to_run() -> None:
    executed = {
        "cells": [
            {
                "cell_type": "code",
                "id": "f81b",
                "metadata": {"papermill": {"duration": 0.1}, "execution": {}, "tags": ["x"]},
                "source": ["a\n", "b"],
                "execution_count": 3,
                "outputs": [
                    {
                        "output_type": "display_data",
                        "metadata": {"x": 1},
                        "data": {"text/markdown": "**18**", "text/plain": "<object at 0x7f>"},
                    }
                ],
            }
        ],
        "metadata": {"papermill": {"start_time": "now"}},
    }
    text = json.dumps(stripped(executed))
    assert "papermill" not in text and "0x7f" not in text and "f81b" not in text
    assert json.loads(text)["cells"][0]["source"] == "a\nb"
