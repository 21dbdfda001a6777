"""Where to report: telephone numbers and addresses are links, and read as they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from atips_analysis.project import find_project
from atips_analysis.render.links import codes, dialled, pieces
from atips_analysis.render.page import part_html
from atips_analysis.render.publication import publication_from, theme_words

PROJECT = find_project(Path(__file__).parent)


@pytest.mark.parametrize(
    ("line", "targets"),
    [
        ("In any case of emergency, please call 911.", ["tel:911"]),
        ("DHS Direct/During Working Hours: 227 2057", ["tel:2272057"]),
        ("Toll Free 0-800-PROTECT", ["tel:08007768328"]),
        ("From abroad +501 227 2057", ["tel:+5012272057"]),
        ("Write to https://atipsbelize.com.", ["https://atipsbelize.com"]),
        ("[Facebook](https://example.org/page)", ["https://example.org/page"]),
        ("P3 TIPs App", []),
        ("Facebook", []),
        ("as of 3.5 or 24/7", []),
    ],
)
def test_numbers_and_addresses_lead_where_they_say(line, targets):
    found = pieces(line)
    assert [piece.target for piece in found if piece.target] == targets
    if "](" not in line:
        assert "".join(piece.text for piece in found) == line


def test_letters_of_a_number_are_dialled_by_the_keys_they_stand_on():
    assert dialled("0-800-PROTECT") == "tel:08007768328"


def test_on_paper_each_web_address_has_one_code_and_telephone_numbers_have_none():
    found = list(
        codes(["https://a.example", "tel:911", "", "https://b.example", "https://a.example"])
    )
    assert [address for address, _ in found] == ["https://a.example", "https://b.example"]
    (first, other) = (drawn for _, drawn in found)
    assert first.startswith("<svg ") and first != other


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_telephone_number_of_the_profile_can_be_dialled_from_the_page(lang):
    publication = publication_from(PROJECT.profile, lang=lang, simulated=True, title="Title")
    html = part_html(
        "part-reporting-lines.html", publication, theme_words(publication), (), PROJECT.extension
    )
    for target in ("tel:911", "tel:922", "tel:2272057", "tel:08007768328"):
        assert f'href="{target}"' in html
