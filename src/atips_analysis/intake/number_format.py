"""What a number format shows of a number, where that is another number or no number at all."""

from __future__ import annotations

import re
from functools import lru_cache

PERCENT = {9: "0%", 10: "0.00%"}
"""Excel's built-in formats that show another figure than the one stored (ECMA-376, 18.8.30)."""

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
_BRACKET = re.compile(r"\[([^\]]*)\]")
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_MINUS = re.compile(r"(?<!E)[-(]", re.IGNORECASE)
# Beside a figure, signs of currencies and of negative figures tell nothing more.
_TELLS = re.compile(r"[^\s$€£¥()-]")
_YEAR = re.compile(r"y|e", re.IGNORECASE)
_DATE = re.compile(r"[ymdhs]", re.IGNORECASE)


def shown(value: float, code: str) -> str | None:
    """What `code` shows of `value`, when it is not that value; None when it is, but for decimals.

    Read are conditions (`[<5]"<5";0`), sections without a figure (`"n/a"`, `;;;`), thousands cut
    off by trailing commas (`0,`), percentages, signs of its own (`-0`, `(0)`), and text beside the
    figure (`0" planned"`, `"<"0`, `0"00"`). Dates show a date, and are left alone.
    """
    if is_date(code) or code.strip().lower() in ("", "general", "@"):
        return None
    section = _section(value, code)
    literal = "".join(match[1] or match[2] or "" for match in _QUOTED.finditer(section))
    bare = _BRACKET.sub("", _QUOTED.sub("", section)).strip()
    if "general" in bare.lower():
        return None
    if not re.search(r"[0#?]", bare):
        return literal.strip() or "nothing"
    scaled = value
    if "%" in bare:
        scaled *= 100 ** bare.count("%")
    cut = re.search(r"[0#?](,+)(?:[^0#?,]|$)", bare)
    if cut:
        scaled /= 1000 ** len(cut[1])
    figure = f"{scaled:.10g}" + ("%" if "%" in bare else "")
    before, after = _beside_figure(section)
    turned = value >= 0 and bool(_MINUS.search(bare) or _MINUS.search(before))
    before, after = (text if _TELLS.search(text) else "" for text in (before, after))
    if scaled == value and not (before or after or turned):
        return None
    return f"{before}{'-' * turned}{figure}{after}"


def _beside_figure(section: str) -> tuple[str, str]:
    """The text that a section shows before its figure and behind it."""
    plain = _BRACKET.sub("", section)
    literal = _QUOTED.sub(lambda match: "\0" * len(match[0]), plain)
    digits = [at for at, letter in enumerate(literal) if letter in "0#?"]
    said = ["", ""]
    for match in _QUOTED.finditer(plain):
        said[match.start() > digits[0]] += match[1] or match[2] or ""
    return said[0], said[1]


@lru_cache(maxsize=256)
def is_date(code: str) -> bool:
    """Whether a format shows a date or a time."""
    bare = _BRACKET.sub("", _QUOTED.sub("", code))
    return "general" not in bare.lower() and bool(_DATE.search(bare))


@lru_cache(maxsize=256)
def hides_the_year(code: str) -> bool:
    """Whether a format shows a day or a month and no year."""
    return is_date(code) and not _YEAR.search(_BRACKET.sub("", _QUOTED.sub("", code)))


def _section(value: float, code: str) -> str:
    """The section that applies: by its condition, else by the sign."""
    sections = _split(code)
    conditions = [_condition(section) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _holds(value, *condition):
                return section
        return sections[-1]
    if len(sections) == 1 or value > 0:
        return sections[0]
    if value < 0:
        return sections[1]
    return sections[2] if len(sections) > 2 else sections[0]


def _split(code: str) -> list[str]:
    parts, start, quoted = [], 0, False
    for at, letter in enumerate(code):
        if letter == '"':
            quoted = not quoted
        elif letter == ";" and not quoted:
            parts.append(code[start:at])
            start = at + 1
    return [*parts, code[start:]]


def _condition(section: str) -> tuple[str, float] | None:
    for bracket in _BRACKET.findall(section):
        if match := _CONDITION.fullmatch(bracket.strip()):
            return match[1], float(match[2])
    return None


def _holds(value: float, sign: str, limit: float) -> bool:
    return {
        "<": value < limit,
        ">": value > limit,
        "<=": value <= limit,
        ">=": value >= limit,
        "=": value == limit,
        "<>": value != limit,
    }[sign]
