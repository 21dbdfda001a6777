"""When a publication was released, whom to ask and how to cite it: said once, by nobody's clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from atips_analysis.build.page_publication import apart_from_records
from atips_analysis.pages import particulars
from atips_analysis.pages.provenance import made_from
from atips_analysis.project import find_project

PROFILE = find_project(Path(__file__).parent).profile
ABOUT = {"edition": "0f3a9c0f3a9c"}


def of(simulated=False, lang="en", calendar=None, **publication):
    profile = PROFILE | {"publication": PROFILE["publication"] | publication}
    asked = {"title": "Annual report", "period": "2024", "simulated": simulated, "lang": lang}
    return particulars(profile, ABOUT | {"calendar": calendar or {}}, **asked)


def test_what_nobody_has_set_says_so():
    found = of()
    assert (found.released, found.next_release, found.licence) == ("not set",) * 3
    assert found.contact == PROFILE["council"]["website"], "the Council's own address"


@pytest.mark.parametrize(("lang", "day"), [("en", "30 June 2025"), ("es", "30 de junio de 2025")])
def test_days_are_those_of_the_calendar_in_the_readers_words(lang, day):
    assert of(lang=lang, calendar={"released": "2025-06-30"}).released == day


def test_a_publication_is_cited_by_its_body_title_period_and_edition():
    assert of().cite == (
        "Anti-Trafficking in Persons (A-TIPs) Council, Government of Belize: Annual report, 2024. "
        "Edition 0f3a9c0f3a9c of the data bank."
    )


def test_a_page_of_published_figures_alone_names_no_edition_and_misses_no_return():
    gap = {"agency": "NOPCAN", "first": "2021-09", "last": "2021-12"}
    about = ABOUT | {"baseline": "2021-2023", "version": "0.1.0", "incomplete": [gap]}
    asked = {"title": "What the published sources say", "simulated": False}
    named = dict(made_from(about, PROFILE, **asked))
    assert {"Edition of the data bank", "Baseline", "Not all returns are there"} <= set(named)
    named = dict(made_from(apart_from_records(about), PROFILE, **asked))
    assert not {"Edition of the data bank", "Baseline", "Not all returns are there"} & set(named)
    assert named["How to cite"].endswith("What the published sources say.")


def test_the_months_that_a_bulletin_stands_beside_are_no_baseline():
    about = ABOUT | {"baseline": "2023-Q3", "version": "0.1.0", "incomplete": []}
    assert "Baseline" not in dict(made_from(about, PROFILE, title="Bulletin", simulated=False))


def test_what_is_made_from_simulated_records_is_not_cited():
    assert of(simulated=True).cite == "not to be cited: it is made from simulated records"
