"""Refuses notebooks that are committed with what they left: outputs may hold raw numbers.

Run as ``python -m atips_analysis.notebooks.committed [NOTEBOOK…]``; without names it looks at
every tracked notebook. It stands on its own, so that a hook can run it before anything is set up.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def left_over(notebook: Path) -> str:
    """What a notebook holds that may not be committed, in words; empty where it holds none."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return "is not a Jupyter notebook"
    for number, cell in enumerate(cells, start=1):
        for what, words in (
            ("outputs", "outputs"),
            ("execution_count", "a run's number"),
            ("attachments", "attachments"),
        ):
            if cell.get(what):
                return f"cell {number} holds {words}"
    return ""


def tracked() -> list[Path]:
    """Every notebook that git tracks below the working folder."""
    command = ["git", "ls-files", "-z", "*.ipynb"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.split("\0") if name and Path(name).is_file()]


def main(names: Sequence[str]) -> int:
    """Name each notebook that may not be committed as it is; 1 if there are any."""
    found = {path: left_over(path) for path in (map(Path, names) if names else tracked())}
    for path, what in found.items():
        if what:
            print(f"{path}: {what}; clear it (jupyter nbconvert --clear-output --inplace {path})")
    return int(any(found.values()))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
