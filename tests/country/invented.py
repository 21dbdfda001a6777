"""An invented country of the Coalition: its project, and what must not be read in its reports."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

from atips_analysis.project import Project

HERE = Path(__file__).parent
TEXTS = {".csv", ".md"}


def renamed() -> list[tuple[str, str]]:
    """Phrases of the country that the repository holds, longest first, and the invented ones."""
    lines = (HERE / "renamed.csv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [(row["old"], row["new"]) for row in csv.DictReader(lines)]
    return sorted(rows, key=lambda pair: -len(pair[0]))


def make_project(root: Path, ours: Project) -> Project:
    """The invented country's project in `root`.

    Council, simulator and passages are its own (`tests/country`); of the registers that all
    countries share, and of published figures, only names and codes are others. Notebooks and
    extension are those that `atips init` writes.
    """
    for name in ("notebooks", "_extensions"):
        shutil.copytree(ours.root / name, root / name)
    for name in ("council", "simulator"):
        shutil.copytree(HERE / name, root / "data" / name)
    pairs = renamed()
    pattern = re.compile("|".join(re.escape(old) for old, _ in pairs))
    new = dict(pairs)

    def rename(text: str) -> str:
        return pattern.sub(lambda match: new[match[0]], text)

    for source in [*ours.framework.rglob("*"), *ours.published.rglob("*")]:
        if source.suffix in TEXTS:
            target = root / rename(source.relative_to(ours.root).as_posix())
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(rename(source.read_text(encoding="utf-8")), encoding="utf-8")
    return Project(root)
