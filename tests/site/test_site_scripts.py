"""The scripts that both renderers' pages carry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from atips_analysis.project import find_project
from atips_analysis.render import Report, publication_from, render

TEXT = """
::: {.filter label="Show the practices of"}
:::

| Practice | Priority area |
|----------|---------------|
| Notices  | Prevention    |
| Shelter  | Protection    |

: Practices {#tbl-practices}

# Prevention {#sec-prev area="PREV"}

## Notices

Text.

# Protection {#sec-prot area="PROT"}

| Year | Cases |
|------|------:|
| 2024 | =1+1  |
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    """A page of these practices; both renderers make the same."""
    project = find_project(Path(__file__).parent)
    work = tmp_path_factory.mktemp("practices")
    cell = {"cell_type": "markdown", "id": "cell-1", "metadata": {}, "source": TEXT}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (work / "p.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    publication = publication_from(project.profile, simulated=True, title="Practices", lang="en")
    report = Report("p", work / "p.ipynb", publication)
    (file,) = render(
        report, work, renderer="embedded", formats=["html"], extension=project.extension
    )
    return file


def test_practices_can_be_shown_by_area(page, browser):
    visit = browser.open(page, 1280)
    assert visit.errors == []
    assert browser.value("document.querySelectorAll('.filter input').length") == 3
    browser.value("document.querySelectorAll('.filter input')[2].click()")
    shown = "[...document.querySelectorAll('section[data-area]')].filter(s => !s.hidden).map(s => s.dataset.area)"
    assert browser.value(shown) == ["PROT"]
    rows = "[...document.querySelectorAll('#tbl-practices tbody tr, table tbody tr')].filter(r => !r.hidden).length"
    assert browser.value(rows) == 2  # the shelter, and the table that knows no area


def test_each_table_can_be_taken_and_says_that_it_is_simulated(page, browser):
    browser.open(page, 1280)
    taken = browser.value(
        "[...document.querySelectorAll('.take a')].map(a => [a.download, decodeURIComponent(a.href)])"
    )
    assert len(taken) == 2
    for name, text in taken:
        assert name.endswith("-simulated.csv") and "SIMULATED RECORDS" in text
    assert '"\'=1+1"' in taken[1][1]  # a spreadsheet takes it for text


def test_heads_of_rows_and_columns_are_named(page, browser):
    browser.open(page, 1280)
    assert browser.value("[...document.querySelectorAll('thead th')].every(h => h.scope === 'col')")
    assert browser.value("document.querySelectorAll('tbody th[scope=row]').length") >= 2
