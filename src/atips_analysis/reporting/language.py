"""Words of bilingual reports: gettext catalogues, with English as the source.

A module of a report writes ``_("Cases in {year}", year=2024)``. The Spanish of each message stands
in `locale/es/LC_MESSAGES/messages.po`; `python -m atips_analysis.reporting.language` brings the
catalogue up to date with the code and leaves new messages empty, for a translator to fill in.
"""

from __future__ import annotations

import gettext
import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atips_analysis.errors import InputError

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

HERE = Path(__file__).parent
TEMPLATE = HERE / "locale" / "messages.pot"
CATALOGUES = {"es": HERE / "locale" / "es" / "LC_MESSAGES" / "messages.po"}
LANGUAGES = ("en", *CATALOGUES)
MODULES = (
    "dictionary_page.py",
    "methods_annex.py",
    "provenance.py",
    "regional_pack.py",
    "regional_pack_counts.py",
    "regional_pack_pieces.py",
    "regional_pack_standards.py",
)
"""The modules whose every word is in the catalogues."""

FORBIDDEN = {
    "es": (
        (r"tráfico(?! ilícito de migrantes)", "trata de personas"),
        (r"tráfico de personas", "trata de personas"),
        (r"rescatad", "identificadas"),
        (r"\bmenor(?:es)?\b(?! (?:de|que|a|o|relevancia))", "niña, niño o adolescente"),
        (r"prostituta|prostitución infantil", "persona en situación de prostitución"),
        (r"pornografía", "material de abuso sexual de niñas, niños y adolescentes"),
        (r"esclavitud moderna", "trata de personas"),
        (
            r"(?:migrante|inmigrante)s? ilegal|\bilegales\b",
            "persona migrante en situación irregular",
        ),
        (r"víctimas? sospechosas?|presuntas? víctimas?", "víctima potencial"),
    ),
    "en": (
        (r"\brescued?\b", "identified"),
        (r"modern slavery", "trafficking in persons"),
        (r"child prostitut|child pornograph", "child victim of sexual exploitation"),
        (r"illegal (?:im)?migrant", "migrant in an irregular situation"),
        (r"suspected victim", "potential victim"),
        (r"human smuggling", "migrant smuggling"),
        (r"\bminors?\b", "child (under 18)"),
        (r"\bprostitutes?\b", "person exploited in prostitution"),
    ),
}
"""What the words may not say, and what to say instead (the project's terminology)."""


@dataclass(frozen=True)
class Words:
    """The messages of one language; call it with a message and the values of its placeholders."""

    lang: str
    translate: Callable[[str], str]

    def __call__(self, message: str, **values: Any) -> str:
        text = self.translate(message)
        return text.format(**values) if values else text


def N_(message: str) -> str:
    """Mark a message of a constant, to be translated where it is used."""
    return message


@lru_cache
def words_of(lang: str) -> Words:
    """The words of a report in `lang` (en or es).

    Raises
    ------
    InputError
        If there is no catalogue for the language.
    """
    if lang == "en":
        return Words("en", str)
    if lang not in CATALOGUES:
        raise InputError(f"language {lang!r} has no catalogue; use one of {', '.join(LANGUAGES)}")
    from babel.messages.mofile import write_mo

    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue(lang))
    compiled.seek(0)
    return Words(lang, gettext.GNUTranslations(compiled).gettext)


def read_catalogue(lang: str) -> Catalog:
    """The catalogue of a language, as its file has it."""
    from babel.messages.pofile import read_po

    with CATALOGUES[lang].open("rb") as file:
        return read_po(file, locale=lang)


def messages_in_code() -> dict[str, list[tuple[str, int]]]:
    """Every message that the code says, with the modules and lines that say it."""
    from babel.messages.extract import extract_from_file

    found: dict[str, list[tuple[str, int]]] = {}
    for name in MODULES:
        if not (HERE / name).is_file():
            continue
        for line, message, _, _ in extract_from_file("python", str(HERE / name)):
            if not isinstance(message, str):
                raise InputError(f"{name}: line {line}: plural forms are not used in reports")
            found.setdefault(message, []).append((name, line))
    return found


def forbidden_in(text: str, lang: str) -> Iterator[str]:
    """The words in `text` that may not stand there, each with what to say instead."""
    for pattern, instead in FORBIDDEN[lang]:
        for match in re.finditer(pattern, text, flags=re.IGNORECASE):
            around = " ".join(text[max(0, match.start() - 25) : match.end() + 25].split())
            yield f"…{around}…: say {instead}"


def update_catalogues() -> list[str]:
    """Bring the template and the catalogues up to date with the code; return what is missing.

    Messages that the code no longer says are dropped; new ones come without a translation.
    """
    from babel.messages.catalog import Catalog

    messages = messages_in_code()
    template = _catalogue(Catalog(charset="utf-8"), messages, {})
    _write(TEMPLATE, template)
    missing = []
    for lang, file in CATALOGUES.items():
        old = read_catalogue(lang) if file.is_file() else Catalog(locale=lang)
        known = {str(entry.id): str(entry.string) for entry in old if entry.id and entry.string}
        new = _catalogue(Catalog(locale=lang, charset="utf-8"), messages, known)
        _write(file, new)
        missing += [message for message in messages if not known.get(message)]
    return missing


def _catalogue(
    catalogue: Catalog, messages: dict[str, list[tuple[str, int]]], known: dict[str, str]
) -> Catalog:
    for message, places in messages.items():
        modules = sorted({name for name, _ in places})
        catalogue.add(message, known.get(message, ""), locations=[(name, 0) for name in modules])
    return catalogue


def _write(file: Path, catalogue: Catalog) -> None:
    from babel.messages.pofile import write_po

    out = io.BytesIO()
    write_po(out, catalogue, width=100, omit_header=True, include_lineno=False)
    head = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
    )
    if catalogue.locale is not None:
        head += f'"Language: {catalogue.locale}\\n"\n'
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(
        head + "\n" + out.getvalue().decode("utf-8").strip() + "\n", encoding="utf-8", newline="\n"
    )
    os.replace(beside, file)


if __name__ == "__main__":
    for message in update_catalogues():
        print(f"not translated: {message}")
