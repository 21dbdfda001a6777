"""The years on a page's head are those that its notebook is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from atips_analysis.build.asked_for import Build
from atips_analysis.build.page_publication import particulars
from atips_analysis.build.page_register import load_pages
from atips_analysis.notebooks import declared_parameters
from atips_analysis.project import find_project

HERE = find_project(Path(__file__).parent)
BUILD = Build(HERE, 2024, "2021-2023", HERE.example, HERE.reports, "embedded")
OF_RECORDS = [page for page in load_pages(HERE) if page.from_records]


@pytest.mark.parametrize("page", OF_RECORDS, ids=lambda page: page.name)
def test_a_page_is_headed_with_the_years_that_its_numbers_are_of(page):
    given = {one.name for one in declared_parameters(HERE.notebooks / f"{page.notebook}.ipynb")}
    headed = particulars(BUILD, page, simulated=True)["period"]
    if "last_year" in given or "year" in given:
        assert "2024" in headed or page.notebook == "regional-pack"
    elif given & {"period", "baseline"}:
        assert headed == "2021–2023"


def test_the_page_on_who_is_identified_is_of_the_pooled_years():
    (page,) = (one for one in OF_RECORDS if one.notebook == "research/vulnerability-profile")
    assert particulars(BUILD, page, simulated=True)["period"] == "2021–2023"


def test_the_brief_covers_the_year_in_its_language():
    headed = {
        page.lang: particulars(BUILD, page, simulated=True)["period"]
        for page in OF_RECORDS
        if page.notebook == "brief"
    }
    assert headed == {"en": "January to December 2024", "es": "enero a diciembre de 2024"}
