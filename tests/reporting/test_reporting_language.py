"""Every word of a bilingual report has its Spanish, and no word that may not be said."""

from __future__ import annotations

import re
import string

import pytest

from atips_analysis.errors import InputError
from atips_analysis.reporting.language import (
    LANGUAGES,
    MODULES,
    TEMPLATE,
    forbidden_in,
    messages_in_code,
    read_catalogue,
    words_of,
)

MESSAGES = messages_in_code()
CATALOGUE = {str(entry.id): entry for entry in read_catalogue("es") if entry.id}
PLACE = re.compile(r"@(?:tbl|fig|sec)-[a-z-]+")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_module_of_the_catalogues_says_something():
    said = {name for places in MESSAGES.values() for name, _ in places}
    assert said == set(MODULES)


def test_every_message_has_a_translation():
    assert not [
        message for message in MESSAGES if not getattr(CATALOGUE.get(message), "string", "")
    ]


def test_no_translation_is_fuzzy_or_of_a_message_that_nobody_says():
    assert not [message for message, entry in CATALOGUE.items() if entry.fuzzy]
    assert not CATALOGUE.keys() - MESSAGES.keys()
    assert not read_catalogue("es").obsolete


def test_the_template_holds_the_messages_of_the_code():
    from babel.messages.pofile import read_po

    with TEMPLATE.open("rb") as file:
        assert {str(entry.id) for entry in read_po(file) if entry.id} == set(MESSAGES)


def test_a_translation_keeps_placeholders_and_references():
    for message, entry in CATALOGUE.items():
        assert placeholders(message) == placeholders(entry.string), message
        assert set(PLACE.findall(message)) == set(PLACE.findall(entry.string)), message
        assert message.count("**") == entry.string.count("**"), message


def test_no_message_says_a_word_that_may_not_be_said():
    found = [what for message in MESSAGES for what in forbidden_in(message, "en")]
    found += [what for entry in CATALOGUE.values() for what in forbidden_in(entry.string, "es")]
    assert not found


@pytest.mark.parametrize(
    "wrong",
    [
        "El tráfico de personas en Belice",
        "las víctimas rescatadas",
        "tres menores fueron identificados",
        "migrantes ilegales",
        "la esclavitud moderna",
        "presuntas víctimas",
        "el tráfico ilícito de drogas y de personas",
    ],
)
def test_words_to_avoid_are_found_in_spanish(wrong):
    assert list(forbidden_in(wrong, "es"))


@pytest.mark.parametrize(
    "right",
    [
        "la trata de personas y el tráfico ilícito de migrantes",
        "niñas, niños y adolescentes (menores de 18)",
        "víctimas identificadas, potenciales y confirmadas",
    ],
)
def test_words_to_prefer_pass(right):
    assert not list(forbidden_in(right, "es"))


def test_a_message_is_said_in_the_language_of_the_report():
    assert words_of("en")("{year} in figures", year=2024) == "2024 in figures"
    assert words_of("es")("{year} in figures", year=2024) == "2024 en cifras"
    assert LANGUAGES == ("en", "es")


def test_a_language_without_a_catalogue_is_refused():
    with pytest.raises(InputError, match="has no catalogue"):
        words_of("fr")
