"""Pseudonyms: a person's code, made at the agency from name and date of birth with a secret key.

A code is the first 16 hex digits of HMAC-SHA256 (Krawczyk, Bellare and Canetti, RFC 2104) over
the normalised name and date of birth. Who lacks the key can neither read a name from a code
nor try names against it. The same person has the same code at every agency that uses the same
key. Partial keys, made in the same way from less, let two records be compared that differ by a
spelling or a swapped day and month (after Schnell, Bachteler and Reiher, 2009, whose Bloom
filters are left out: at a few dozen records they give names away).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from atips_analysis.cleaning.months import EXCEL_EPOCH, NAMES
from atips_analysis.errors import InputError
from atips_analysis.files import owner_only, write_text

CODE_LENGTH = 16
SHORTEST_KEY = 32  # bytes
MOST_SAID_BEFORE = 0.05  # share of a key's runs of three bytes that stood in it before
FEWEST_VALUES = 16  # different bytes
FEWEST_STEPS = 8  # different steps from one byte to the next
PARTIAL_KEYS = ("partial_key_1", "partial_key_2", "partial_key_3")
HOW_TO_MAKE_A_KEY = (
    "make one, once for all agencies, and keep it away from the data, with: "
    "atips pseudonymise --new-key FILE"
)
PARTICLES = frozenset(["da", "das", "de", "del", "dos", "e", "el", "la", "las", "los", "y"])


@dataclass(frozen=True)
class Person:
    """Who a row is about, as it was written; `born` is None when it is not known in full."""

    first_names: str
    surnames: str
    born: date | None
    birth_year: int | None = None


def person_code(person: Person, key: bytes) -> str:
    """The person's code: 16 hex digits.

    Accents, case, punctuation, particles (de, la, y) and the order of the names do not
    matter, so that first names and surnames may change places.
    """
    names = name_parts(person.first_names) + name_parts(person.surnames)
    return _keyed(key, "person", *sorted(names), _iso(person.born))


def partial_keys(person: Person, key: bytes) -> dict[str, str | None]:
    """Codes of less than the whole, for near matches; None when a part is not known.

    - `partial_key_1`: sound of the first name and of the first surname, year of birth;
    - `partial_key_2`: first surname, date of birth;
    - `partial_key_3`: first name, date of birth with day and month in either order.
    """
    first, surname = name_parts(person.first_names)[:1], name_parts(person.surnames)[:1]
    born = person.born
    year = born.year if born else person.birth_year
    keys: dict[str, str | None] = dict.fromkeys(PARTIAL_KEYS)
    if first and surname and year:
        keys["partial_key_1"] = _keyed(
            key, "name-year", sound(first[0]), sound(surname[0]), str(year)
        )
    if surname and born:
        keys["partial_key_2"] = _keyed(key, "surname-dob", surname[0], _iso(born))
    if first and born:
        either_order = sorted((born.day, born.month))
        keys["partial_key_3"] = _keyed(
            key, "first-dob", first[0], str(born.year), *map(str, either_order)
        )
    return keys


def write_new_key(path: Path) -> None:
    """Write a new secret key: 32 random bytes in hex digits, in a file for its owner alone.

    Raises InputError if there is a file already. Raises MachineError if it cannot be written.
    """
    if path.exists():
        raise InputError("is there already, and a key is never written over", file=path)
    with owner_only():
        write_text(path, f"{secrets.token_hex(SHORTEST_KEY)}\n")


def mark_of(key: bytes) -> str:
    """Four hex digits by which agencies see that they have the same key; they give nothing away."""
    return _keyed(key, "mark")[:4]


def read_key(path: Path) -> bytes:
    """The secret key in a file: hex digits (64 or more) or at least 32 random bytes.

    Raises InputError if there is no key, or one that can be guessed; the line says how to make one.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"there is no key file here; {HOW_TO_MAKE_A_KEY}", file=path) from error
    key = _decoded(content)
    weakness = weakness_of(key)
    if weakness:
        raise InputError(f"the key {weakness}; {HOW_TO_MAKE_A_KEY}", file=path)
    return key


def weakness_of(key: bytes) -> str | None:
    """Why a key can be guessed, or None. No test proves randomness; these catch what people do."""
    if len(key) % 2 and re.fullmatch(rb"[0-9a-fA-F]+", key):
        return f"lacks a digit, or has one too many ({len(key)}; 64 are usual)"
    if len(key) < SHORTEST_KEY:
        return f"is too short ({len(key)} bytes of {SHORTEST_KEY})"
    if _share_said_before(key) > MOST_SAID_BEFORE or len(set(key)) < FEWEST_VALUES:
        return "repeats itself"
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    if len(steps) < FEWEST_STEPS:
        return "is a sequence"
    if re.fullmatch(rb"[\x20-\x7e]+", key) and not _looks_random(key.decode("ascii")):
        return "is made of words"
    return None


def _share_said_before(key: bytes) -> float:
    """Which share of a key's runs of three bytes occurred earlier in it: about 0 when random."""
    runs = [key[start : start + 3] for start in range(len(key) - 2)]
    return 1 - len(set(runs)) / len(runs)


def name_parts(name: str) -> list[str]:
    """A name as plain lower-case words, particles left out: "De la Cruz-Pérez" → cruz, perez."""
    words = plain(name).split()
    return [word for word in words if word not in PARTICLES] or words


def plain(text: str) -> str:
    """Lower case without accents and punctuation; apostrophes join, all else separates."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    letters = re.sub(r"['’`´.]", "", letters)
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


SOUNDS = (
    (r"^s(?=[bcdfgklmnpqrtvz])", "es"),  # Stefany, Estefani
    (r"ph", "f"),
    (r"ch|sh", "1"),  # kept apart from c and s
    (r"th", "t"),
    (r"ll", "y"),
    (r"h", ""),
    (r"ck|qu|q|k", "k"),
    (r"c(?=[eiy])", "s"),
    (r"c", "k"),
    (r"gu(?=[ei])", "6"),
    (r"g(?=[eiy])|x(?=[aeio])", "j"),  # Jiménez, Giménez; Ximena, Jimena
    (r"6", "g"),
    (r"[zx]", "s"),
    (r"[vw]", "b"),
    (r"y", "i"),
    (r"(.)\1+", r"\1"),
)


def sound(word: str) -> str:
    """How a plain name sounds in Spanish and English: Gonzalez, Gonzales and Gonsalez are one.

    A folding of letters of our own, in the order of `SOUNDS`; vowels stay, so that it is
    stricter than Soundex, which takes too many short surnames for one another.
    """
    for pattern, letters in SOUNDS:
        word = re.sub(pattern, letters, word)
    return word


def birth_date(value: object) -> tuple[date | None, int | None]:
    """A date of birth as written, and its year: both, the year alone, or neither.

    Read are Excel's dates and serial numbers, yyyy-mm-dd, dd/mm/yyyy (day first, as in
    the region; month first only where the day cannot be one) and dates with the month's name in
    English or Spanish. A year of two digits is not read.
    """
    if isinstance(value, datetime):
        found: date | None = value.date()
    elif isinstance(value, date):
        found = value
    elif isinstance(value, bool) or value is None:
        return None, None
    else:
        text = re.sub(r"\.0$", "", plain_date(unicodedata.normalize("NFKC", str(value))))
        if re.fullmatch(r"(19|20)[0-9]{2}", text):
            return None, int(text)
        found = _date_of(text)
    if found is None or not 1900 <= found.year <= 2100:
        return None, None
    return found, found.year


def order_of_day(value: object) -> str:
    """What a date in digits with the year last tells: "day" first, "month" first, or "either".

    Empty for what is written otherwise, and for a day and month that are the same number.
    """
    parts = re.split(r"[/.-]", plain_date(str(value)))
    if len(parts) != 3 or len(parts[2]) != 4 or not all(map(_digits, parts)):
        return ""
    first, second = int(parts[0]), int(parts[1])
    if first > 12 or second > 12:
        return "day" if first > 12 else "month"
    return "either" if first != second else ""


def plain_date(text: str) -> str:
    """A date's text without its time of day and without small words."""
    text = re.sub(r"[T ][0-9]{1,2}:[0-9]{2}.*$", "", text.strip())
    return re.sub(r"\b(de|del|of|the)\b", " ", text.lower()).strip()


def _date_of(text: str) -> date | None:
    if re.fullmatch(r"[0-9]{4,5}", text):
        return EXCEL_EPOCH + timedelta(days=int(text))
    parts = [part for part in re.split(r"[\s/.,-]+", text) if part]
    if len(parts) != 3:
        return None
    parts = [re.sub(r"^([0-9]{1,2})(st|nd|rd|th)$", r"\1", part) for part in parts]
    named = [part for part in parts if plain(part) in NAMES]
    if named:
        rest = [part for part in parts if part not in named]
        if len(rest) != 2 or not all(_digits(part) for part in rest):
            return None
        day, year = sorted(map(int, rest))
        return _real_date(year, NAMES[plain(named[0])], day)
    if not all(_digits(part) for part in parts):
        return None
    if len(parts[0]) == 4:
        return _real_date(*map(int, parts))
    if len(parts[2]) != 4:
        return None
    day, month, year = map(int, parts)
    return _real_date(year, month, day) or _real_date(year, day, month)


def _digits(text: str) -> bool:
    """Whether a text is a day, a month or a year in digits."""
    return len(text) <= 4 and text.isascii() and text.isdigit()


def _real_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _keyed(key: bytes, purpose: str, *parts: str) -> str:
    """HMAC over a purpose and parts; the purpose keeps codes of one kind from matching another.

    A code of digits and `e` alone, which a spreadsheet would turn into a number, is made
    again with one part more.
    """
    message = "\x1f".join((purpose, *parts)).encode("utf-8")
    code = hmac.new(key, message, hashlib.sha256).hexdigest()[:CODE_LENGTH]
    return code if set(code) & set("abcdf") else _keyed(key, purpose, *parts, "again")


def _iso(born: date | None) -> str:
    return born.isoformat() if born else "unknown"


def _decoded(content: bytes) -> bytes:
    """Hex digits as the bytes they stand for, text without its line end, or bytes as they are.

    Windows shells write text as UTF-16, and editors add a byte-order mark: neither changes
    the key.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content = content.decode("utf-16").encode("utf-8")
        except UnicodeDecodeError:
            return content
    text = content.removeprefix(b"\xef\xbb\xbf").strip()
    if re.fullmatch(rb"([0-9a-fA-F]{2})+", text):
        return bytes.fromhex(text.decode("ascii"))
    return text if re.fullmatch(rb"[\x20-\x7e\s]*", text) else content


def _looks_random(text: str) -> bool:
    """Letters of both cases, digits and no blanks, as Base64 of 32 bytes has them."""
    kinds: Sequence[str] = ("[a-z]", "[A-Z]", "[0-9]")
    return " " not in text and len(text) >= 40 and all(re.search(kind, text) for kind in kinds)
