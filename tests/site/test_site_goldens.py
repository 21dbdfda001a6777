"""What every page says, as a person last read it: `tests/goldens` holds the Markdown of each.

A difference is no fault in itself: read it, and where it is meant, write the golden anew with
``ATIPS_GOLDENS=write`` set; the commit then shows what changed on the page. Alternative texts are
part of it, and so is every number.
"""

from __future__ import annotations

import csv
import difflib
import os
import re
from pathlib import Path

import pytest

from atips_analysis.render.markdown import flatten

HERE = Path(__file__).resolve().parents[2]
GOLDENS = HERE / "tests" / "goldens"
EDITION = re.compile(r"\bedition [0-9a-f]{12}\b|\bedición [0-9a-f]{12}\b")
SOFTWARE = re.compile(
    r"(atips-analysis )\S+(, commit )[^;]*(; Python )[^;]*(; [^;]*?SHA-256 )[0-9a-f]{12}"
)
"""What the methods page says it was made with: another commit is no other page."""


SAME_IN_SMALL = ("research/published-sources",)
"""Pages of the small site that are not from records, and say there what they say here."""


def pages_of_sites() -> list:
    with (HERE / "notebooks" / "pages.csv").open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    whole = [pytest.param("whole", name, marks=pytest.mark.whole) for name in names]
    return [*(("small", name) for name in SAME_IN_SMALL), *whole]


@pytest.fixture(scope="module")
def executed(site: Path) -> Path:
    """The folder of executed notebooks behind the site."""
    found = sorted((site.parents[1] / "data" / "work").glob(f"{site.name[:4]}-*/executed"))
    if not found:
        pytest.skip("the site was built elsewhere: its notebooks are not at hand")
    return found[-1]


@pytest.mark.parametrize(("site", "name"), pages_of_sites(), indirect=["site"])
def test_a_page_says_what_was_last_read(executed: Path, name: str) -> None:
    text = flatten(executed / name / f"{Path(name).name}.ipynb").text
    said = EDITION.sub(lambda found: found[0][:-12] + "EDITION", text)
    said = SOFTWARE.sub(r"\1VERSION\2COMMIT\3VERSIONS\4LOCK", said)
    golden = GOLDENS / f"{name}.md"
    if os.environ.get("ATIPS_GOLDENS") == "write":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(said, encoding="utf-8", newline="\n")
    known = golden.read_text(encoding="utf-8") if golden.is_file() else ""
    differs = difflib.unified_diff(
        known.splitlines(), said.splitlines(), "golden", "now", "", "", 0
    )
    shown = "\n".join(line[:300] for line in differs)
    assert not shown, f"{name} says something else than was last read:\n{shown}"
