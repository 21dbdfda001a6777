"""The country's particulars: `data/council/profile.toml`, read and checked before anything else.

What the file may say stands in `SCHEMA`, key by key. A key that ends in a language
(`name_en`, `name_es`) is a text in that language; English has to be there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from atips_analysis.errors import InputError, worded

PLACE = Path("data") / "council" / "profile.toml"
PLACE_BEFORE = Path("data") / "profile.toml"

Check = Callable[[Any], str]
"""What is wrong with a value, in words; nothing when it is right."""


UNSEEN = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for tabs and line ends
    r"\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f"  # line ends and turns of direction
    r"\u00ad\u034f\u180b-\u180f\u200b-\u200d\u2060-\u2065\ufeff"  # of no width
    r"\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters that are blank
    r"\ufff0-\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # marks and tags between letters
    r"\ud800-\udfff"  # halves of a character
)
"""What no text says and a page, a terminal or a reader may be deceived by; inside a character set."""
MARKUP = re.compile(
    rf"\]\s*[(\[{{:]|[`<>{{}}|*\\~^$]|[\t\n{UNSEEN}]|^\s*[=+@\-\uff1d\uff0b\uff20\uff0d]"
)
"""Marks of Markdown and HTML, `UNSEEN`, and what a spreadsheet takes for a formula."""
ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]{0,20}://[^\s)]*|(?:javascript|vbscript|data|file):\S+", re.IGNORECASE
)
PLAIN_ADDRESS = re.compile(
    r"https?://(?:[a-z0-9-]+\.)+[a-z]{2,}(?::[0-9]+)?(?:[/?#][^\s\"]*|[^\w\s@\\/]*)", re.IGNORECASE
)
"""One that shows where it leads: a host by its name, and nobody's name before it."""


def _like(pattern: str, what: str) -> Check:
    return lambda value: (
        ""
        if isinstance(value, str) and re.fullmatch(pattern, value)
        else worded("must be {what}", what=what)
    )


def _number(low: float, high: float, what: str) -> Check:
    def check(value: Any) -> str:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return "" if number and low <= value <= high else worded("must be {what}", what=what)

    return check


def _whole(low: int, high: int) -> Check:
    words = worded("a whole number from {low} to {high}", low=low, high=high)
    number = _number(low, high, words)
    return lambda value: number(value if isinstance(value, int) else None)


def _texts(value: Any) -> str:
    right = isinstance(value, list) and all(isinstance(item, str) and item for item in value)
    return "" if right else worded("must be {what}", what=worded("a list of texts"))


def _zone(value: Any) -> str:
    try:
        ZoneInfo(value)
    except (TypeError, ValueError, OSError, LookupError):
        return worded("is no time zone (such as America/Panama)")
    return ""


_text = _like(r"(?s).*\S.*", worded("a text that is not blank"))

SAID = "_en"
"""The end of a key of `SCHEMA` that stands for a text a language."""

SCHEMA: dict[str, dict[str, Check]] = {
    "country": {
        "name_en": _text,
        "demonym_en": _text,
        "iso2": _like("[A-Z]{2}", worded("two capital letters (ISO 3166-1)")),
        "iso3": _like("[A-Z]{3}", worded("three capital letters (ISO 3166-1)")),
        "m49": _like(r"\d{3}", worded("three digits in quotes (UN M49)")),
        "currency": _like("[A-Z]{3}", worded("three capital letters (ISO 4217)")),
        "time_zone": _zone,
        "case_prefix": _like(
            "[A-Z0-9]+(-[A-Z0-9]+)*", worded("capital letters and digits, with hyphens between")
        ),
        "population_source": _text,
        "share_source": _text,
    },
    "council": {
        "name_en": _text,
        "short": _text,
        "motto": _text,
        "website": _like(r"https?://\S+", worded("an address that begins with https://")),
        "sdmx_agency": _like("[A-Z][A-Z0-9_]*", worded("capital letters, digits and low lines")),
        "issuing_body_en": _text,
        "ministry_en": _text,
        "chair_role_en": _text,
        "chair_source": _text,
        "author_body_en": _text,
        "partners_note_en": _text,
    },
    "strategy": {
        "name_en": _text,
        "first_year": _whole(1990, 2100),
        "last_year": _whole(1990, 2100),
        "priority_areas": _texts,
        "objectives": _whole(0, 999),
    },
    "languages": {"reports": _texts, "regional": _texts, "locale_en": _text},
    "coalition": {"name_en": _text, "short": _text, "members": _texts},
    "quality": {"quarantined_share": _number(0, 1, worded("a share from 0 to 1"))},
    "disclosure": {"threshold": _whole(3, 100), "withstood_agencies": _texts},
    "publication": {"contact_en": _text, "licence_en": _text},
}
OTHER = frozenset({"sources", "source_headings", "committees", "reporting"})
"""Tables that are lists of their own, printed as they stand."""
OPTIONAL = frozenset(
    set(
        """motto ministry chair_role chair_source website objectives issuing_body partners_note
        contact licence withstood_agencies""".split()
    )
)


def read_profile(root: Path) -> dict[str, Any]:
    """The profile of the project in `root`.

    Raises InputError if the file cannot be read, or anything in it is missing, misspelt or of the
    wrong kind; one line that names the file, its line, and what to do.
    """
    path = root / PLACE
    refuse_place_before(root)
    try:
        text = path.read_text(encoding="utf-8-sig")  # as Notepad saves it
        profile = tomllib.loads(text)
    except FileNotFoundError as error:
        raise _wrong(worded("the file is missing; restore it")) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _wrong(
            worded("cannot be read as TOML in UTF-8 ({error}); correct it", error=str(error))
        ) from error
    for name, keys in SCHEMA.items():
        _check_section(text, name, profile.get(name), keys)
    for name in profile:
        if name not in SCHEMA and name not in OTHER:
            known = ", ".join([*SCHEMA, *sorted(OTHER)])
            raise _wrong(
                worded(
                    "[{name}] is not known; take it out, or write one of {known}",
                    name=name,
                    known=known,
                ),
                _line(text, name),
            )
    _check_languages(text, profile)
    _check_codes(text, profile["country"])
    _check_lists(text, profile)
    _check_words(text, profile)
    return profile


def refuse_place_before(root: Path) -> None:
    """A project of an older version has its profile elsewhere."""
    if (root / PLACE_BEFORE).is_file() and not (root / PLACE).is_file():
        raise InputError(
            worded(
                "this project is of an older version, with its profile here; make a new one (atips "
                "init FOLDER), and bring what the Council set into its {folder}/",
                folder=PLACE.parent.as_posix(),
            ),
            file=PLACE_BEFORE.as_posix(),
        )


def _check_section(text: str, name: str, section: Any, keys: Mapping[str, Check]) -> None:
    if not isinstance(section, dict):
        raise _wrong(
            worded("[{name}] is missing; add it, with {keys}", name=name, keys=", ".join(keys))
        )
    for key, check in keys.items():
        stem = key.removesuffix(SAID)
        if key not in section and stem not in OPTIONAL:
            raise _wrong(
                worded("{key} is missing in [{name}]; add it", key=key, name=name),
                _line(text, name),
            )
        said = [key] if stem == key else [found for found in section if _language_of(found, stem)]
        for found in said:
            wrong = check(section[found]) if found in section else ""
            if wrong:
                raise _wrong(
                    worded(
                        "{found} in [{name}] {wrong}; correct it",
                        found=found,
                        name=name,
                        wrong=wrong,
                    ),
                    _line(text, name, found),
                )
    for key in section:
        if not any(key == known or _language_of(key, known.removesuffix(SAID)) for known in keys):
            raise _wrong(
                worded(
                    "{key} in [{name}] is not known; take it out, or write one of {known}",
                    key=key,
                    name=name,
                    known=", ".join(keys),
                ),
                _line(text, name, key),
            )


def _language_of(key: str, stem: str) -> bool:
    """Whether a key is a text in a language: name_es of name."""
    return bool(re.fullmatch(rf"{stem}_[a-z]{{2,3}}", key))


def _check_languages(text: str, profile: Mapping[str, Any]) -> None:
    """What every page says in English is said in every language that pages are made in."""
    made = profile["languages"]
    for lang in sorted({*made["reports"], *made["regional"]} - {SAID.removeprefix("_")}):
        for name in SCHEMA:
            for key in profile[name]:
                stem = key.removesuffix(SAID)
                said = f"{stem}_{lang}"
                if stem not in OPTIONAL | {key} and said not in profile[name]:
                    raise _wrong(
                        worded(
                            "{said} is missing in [{name}], and pages are made in that language "
                            "([languages]); add it",
                            said=said,
                            name=name,
                        ),
                        _line(text, name, key),
                    )


def _check_codes(text: str, country: Mapping[str, str]) -> None:
    """The three codes are of one country, where Unicode's tables know the first."""
    from babel import Locale
    from babel.core import get_global

    aliases = get_global("territory_aliases")
    if country["iso2"] not in Locale("en").territories:
        return
    for key in ("iso3", "m49"):
        if country["iso2"] not in aliases.get(country[key], ()):
            raise _wrong(
                worded(
                    "{key} in [country] is {code}, which is no code of {country} (iso2); correct "
                    "one of them",
                    key=key,
                    code=country[key],
                    country=country["iso2"],
                ),
                _line(text, "country", key),
            )


def _check_lists(text: str, profile: Mapping[str, Any]) -> None:
    """Committees and reporting lines have what a page prints of them."""
    for number, committee in enumerate(profile.get("committees", []), start=1):
        for key in ("id", "name_en", "mandate_en", "members"):
            if not committee.get(key):
                raise _wrong(
                    worded("committee {number} has no {key}; add it", number=number, key=key),
                    _line(text, "committees", nth=number),
                )
        named = [members.get("source") for members in committee["members"]]
        for source in [*named, committee.get("goal_source", named[0])]:
            if source not in profile.get("sources", {}):
                raise _wrong(
                    worded(
                        "the source {source!r} of committee {number} is not in [sources]; add it "
                        "there",
                        source=source,
                        number=number,
                    ),
                    _line(text, "committees", nth=number),
                )
    if not profile.get("reporting", {}).get("groups"):
        raise _wrong(worded("[reporting] has no groups of lines that say how to report; add them"))


def markup_in(text: str) -> str:
    """What of a name a page, a spreadsheet or a terminal would not take for words; else nothing."""
    found = MARKUP.search(text)
    return "" if found is None else found[0]


def _check_words(text: str, profile: Mapping[str, Any]) -> None:
    """Names and lines are words: they stand on pages, in PDFs and in CSV files as they are."""
    for said in _texts_in(profile):
        mark = markup_in(said)
        if mark:
            lines = text.splitlines()
            row = next((at for at, line in enumerate(lines, start=1) if mark in line), None)
            raise _wrong(
                worded(
                    "“{said}” holds {mark!r}, which is no word; take it out",
                    said=said[:60],
                    mark=mark,
                ),
                row,
            )
        for address in ADDRESS.findall(said):
            if not PLAIN_ADDRESS.fullmatch(address):
                raise _wrong(
                    worded(
                        "{address} does not say plainly where it leads; write https:// and the name "
                        "of a site",
                        address=address[:60],
                    ),
                    next(
                        (at for at, one in enumerate(text.splitlines(), 1) if address in one), None
                    ),
                )


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts_in(one)


def _line(text: str, section: str, key: str = "", nth: int = 1) -> int | None:
    """The line in which a section, or a key of it, stands."""
    lines = text.splitlines()
    heads = [at for at, line in enumerate(lines) if re.match(rf"\[+{section}\]", line)]
    if len(heads) < nth:
        return None
    start = heads[nth - 1]
    if not key:
        return start + 1
    return next(
        (at + 1 for at in range(start, len(lines)) if re.match(rf"{key}\s*=", lines[at])), None
    )


def _wrong(what: str, row: int | None = None) -> InputError:
    return InputError(what, file=PLACE.as_posix(), row=row)
