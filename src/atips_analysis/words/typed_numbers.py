"""Numbers that are typed in words: they would not change with the data, and could give it away.

Years, days, times, laws, telephone numbers and numbered lists count nothing and may be typed; so
may whatever stands in an inline expression, in code, or in an address.
"""

from __future__ import annotations

import re

from atips_analysis.words.paragraphs import CODE, EXPRESSION

NOT_WORDS = (
    CODE,
    EXPRESSION,
    re.compile(r"`[^`\n]+`"),  # code
    re.compile(r"\{[#.][^}\n]*\}"),  # identifiers and classes
    re.compile(r"^:{3,}.*$", re.MULTILINE),  # the lines of boxes
    re.compile(r"@(?:sec|tbl|fig)-[\w-]+"),  # references
)
"""What a reader does not read as words."""

TYPED = re.compile(r"(?<![\w.,/-])[$£€]?\d[\d,.]*(?!\w)(?<![.,])", re.ASCII)
NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty hundred thousand"
)
COUNTED_NOUNS = (
    "cases? victims? survivors? persons? people men|man wom[ae]n child(?:ren)? girls? boys? "
    "arrests? convictions? officers? sessions? participants? inspections? migrants? services? reports? "
    "minors? suspects? witness(?:es)? adults? charges? traffickers? foreigners? nationals?"
)
GAP = r"(?:[^\S\n]*\n[^\S\n]*(?!\n)|[^\S\n]+)"
"""Blanks between two words of a paragraph, over the end of a line but not over a blank one."""

IN_WORDS = re.compile(
    rf"\b(?:{'|'.join(NUMBER_WORDS.split())}){GAP}(?:\w+{GAP})?(?:{'|'.join(COUNTED_NOUNS.split())})\b",
    re.IGNORECASE,
)
MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DAY = r"\d{1,2}(?:\s*(?:[-–]|to|and)\s*\d{1,2})?"
NAMED_BY_NUMBER = (
    "Chapter|Chapters|Cap\\.?|Section|Sections|section|sections|Article|Articles|Part|Schedule|Clause|Rule|Regulation|"
    "Protocol|Paragraph|Goal|Target|Indicator|Objective|Priority|Phase|Stage|Step|Level|Module|Channel|"
    "Figure|Table|Page|Annex|Form|Resolution|No\\.?|Nr\\.?|Number|S\\.I\\.|Room|P\\.?O\\.? Box|Trafficking"
)
NO_QUANTITIES = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"https?://\S+|\]\([^)]*\)",  # addresses
        r"^\s*\d+[.)]\s",  # a numbered list
        r"\+?(?:\d{1,3}[ -])?\b\d{3}[ -]\d{4}\b|\b0[ -]800[ -]\w+|\b9(?:11|22)\b",  # telephones
        rf"\b{DAY}\s+{MONTH}\b|\b{MONTH}\s+{DAY}(?!\d)",  # days
        r"(?i:\b(?:in|during|since|until|from|by|of|year)\s+)(?:19|20)\d\d\b(?![\d,.]*\d)",  # "in 2024"
        r"(?<![\d,.$£€])(?:19|20)\d\d(?:\s*[-–/]\s*(?:(?:19|20)\d\d|\d\d))*(?![\d,.]*\d)"
        rf"(?!{GAP}(?:\w+{GAP})?(?:{'|'.join(COUNTED_NOUNS.split())})\b)",  # years
        r"\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b|\b\d{1,2}:\d\d\b(?!:)|\b24/7\b|\b24 hours\b",  # times
        rf"\b(?:{NAMED_BY_NUMBER})\s*\d[\d.:/()-]*(?:\s+(?:of|and|to)\s+\d[\d.:/()-]*)*",  # laws
        r"(?i:\b(?:under|over|below|above|aged|age of)\s+18\b|\b18 years\b)",  # who is a child
    )
)
"""Numbers that count nothing: what an officer may type."""


def typed_numbers(text: str) -> list[tuple[int, str]]:
    """Numbers that count something and are typed, each with its line, from the top."""

    def blank(found: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", found[0])

    bare = text
    for pattern in NOT_WORDS:
        bare = pattern.sub(lambda found: re.sub(r"[^\n]", "x", found[0]), bare)
    for pattern in NO_QUANTITIES:
        bare = pattern.sub(blank, bare)
    found = [*TYPED.finditer(bare), *IN_WORDS.finditer(bare)]
    return sorted((line_of(text, one.start()), " ".join(one[0].split())) for one in found)


def line_of(text: str, at: int) -> int:
    """The line, from 1, in which the character at a place stands."""
    return text.count("\n", 0, at) + 1
