"""What of a line on reporting is a link: telephone numbers, and addresses that it names.

The lines stand in `data/council/profile.toml` as people read them. A phone dials what is a number;
an address is one that is written out, or that stands behind words: ``[Facebook](https://…)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
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


def codes(addresses: Iterable[str]) -> Iterator[tuple[str, str]]:
    """For paper, which nobody can click: each web address once, and its QR code (ISO/IEC 18004) as SVG."""
    import segno

    for address in dict.fromkeys(addresses):
        if address.startswith("http"):
            drawn = BytesIO()
            segno.make(address, micro=False).save(
                drawn, kind="svg", xmldecl=False, omitsize=True, border=0
            )
            yield address, drawn.getvalue().decode("utf-8").strip()


def _piece(link: re.Match[str]) -> Piece:
    if link["phone"]:
        return Piece(link["phone"], dialled(link["phone"]))
    if link["address"]:
        return Piece(link["address"], link["address"])
    return Piece(link["words"], link["behind"])
