"""Words in reports: escaping what comes from data, joining lists, numbers with their unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from atips_analysis.codebook import load_codebook
from atips_analysis.pages.numbers import NO_BREAK, format_number
from atips_analysis.words import NC_, translator

PROPER = frozenset("Caribbean Asia Africa Europe Department Ministry Poisson".split())
"""First words of labels that keep their capital inside a sentence, besides the country's names."""
ARTICLE = "A"  # the one capital that is no abbreviation

NUMERALS = (
    NC_("number", "no"),
    NC_("number", "one"),
    NC_("number", "two"),
    NC_("number", "three"),
    NC_("number", "four"),
    NC_("number", "five"),
    NC_("number", "six"),
    NC_("number", "seven"),
    NC_("number", "eight"),
    NC_("number", "nine"),
    NC_("number", "ten"),
)
SPECIAL = re.compile(r"([\\@$~*<>|#_`^\[\]]|-(?=-)|(?<=-)-|&(?=#\w+;|\w\w+;))")
"""What Markdown would read as a mark or a code (&lt;); two hyphens would become a dash."""


def escape_markdown(text: object) -> str:
    """A text from data so that Markdown shows it as it is; line breaks become spaces."""
    return SPECIAL.sub(r"\\\1", one_line(text))


def one_line(text: object) -> str:
    """A text on one line; a space that may not break (100 000, 19 p) stays one."""
    return re.sub(r"[ \t\r\n\f\v]+", " ", str(text)).strip(" ")


def in_attribute(text: object) -> str:
    """A text from data between the double quotes of an attribute, where Pandoc knows \\ and &."""
    said = one_line(text).replace('"', "'")
    return said.replace("\\", "\\\\").replace("&", "\\&")


def escape_legend(text: str) -> str:
    """A legend of marks, escaped; its colon mark must not open a line, where it means a caption."""
    return escape_markdown(text).replace(": =", "\\: =")


def join_words(words: Sequence[str], lang: str = "en") -> str:
    """ "a", "a and b", "a, b and c".

    Where the sound of the last word changes the conjunction (Spanish: y, but e before i), the
    catalogue says before which words, as a pattern, and how.
    """
    if not words:
        return ""
    if len(words) == 1:
        return words[0]
    _ = translator(lang)
    before, last = ", ".join(words[:-1]), words[-1]
    if re.match(_.pgettext("pattern: words with another “and” before them", "(?!)"), last, re.I):
        return _.pgettext("before such words", "{before} and {last}", before=before, last=last)
    return _("{before} and {last}", before=before, last=last)


def counted(count: object, one: str, many: str, lang: str = "en") -> str:
    """A count with its unit: "1 case", "18 cases"; the number never parts from its unit."""
    number = format_number(count, lang)
    return f"{number}{NO_BREAK}{one if count == 1 else many}"


def in_words(count: int, lang: str = "en") -> str:
    """Whole numbers up to ten in words, for prose; above that in figures."""
    if not 0 <= count < len(NUMERALS):
        return format_number(count, lang)
    return translator(lang).pgettext("number", NUMERALS[count])


def sentence_case(text: str) -> str:
    """The same text with its first letter large."""
    return text[:1].upper() + text[1:]


def lower(label: str) -> str:
    """A label inside a sentence: small, but for names and abbreviations."""
    first, *others = label.split(" ")
    name = (
        first in PROPER
        or first in load_codebook().proper_names
        or bool(others and others[0][:1].isupper())
    )
    keep = (
        name
        or (first.isupper() and first != ARTICLE)
        or any(letter.isupper() for letter in first[1:])
    )
    return label if keep else label[:1].lower() + label[1:]
