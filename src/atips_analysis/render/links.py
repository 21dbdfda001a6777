"""What of a line on reporting is a link: telephone numbers, and addresses that it names.

The lines stand in `data/council/profile.toml` as people read them. A phone dials what is a number;
an address is one that is written out, or that stands behind words: ``[Facebook](https://…)``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

KEYS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999", strict=True))
"""What the letters of a number such as 0-800-PROTECT are on a telephone's keys."""
LINK = re.compile(
    r"\[(?P<words>[^\]]+)\]\((?P<behind>https?://[^)\s]+)\)"
    r"|(?P<address>https?://[^\s)]*[^\s).,;:])"
    r"|(?P<phone>(?<![\w.,/-])\+?\d(?:[ -]?\d){2,}(?:-[A-Z]{3,})?(?![\w/]|[.,]\d))"
)


class Piece(NamedTuple):
    """A stretch of a line, and what it leads to; blank where it leads nowhere."""

    text: str
    target: str = ""


def pieces(line: str) -> tuple[Piece, ...]:
    """A line in pieces; one after the other they are what people read."""
    found, at = [], 0
    for link in LINK.finditer(line):
        found += [Piece(line[at : link.start()]), _piece(link)]
        at = link.end()
    return tuple(piece for piece in [*found, Piece(line[at:])] if piece.text)


def dialled(number: str) -> str:
    """The address of a telephone number: 0-800-PROTECT is tel:08007768328."""
    return "tel:" + "".join(KEYS.get(sign, sign) for sign in number if sign not in " -")


def _piece(link: re.Match[str]) -> Piece:
    if link["phone"]:
        return Piece(link["phone"], dialled(link["phone"]))
    if link["address"]:
        return Piece(link["address"], link["address"])
    return Piece(link["words"], link["behind"])
