"""What intake asks and tells, in words for an agency: the messages of `receipt_words.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from atips_analysis.words.documents import messages_of
from atips_analysis.words.said import Message

_LISTED = messages_of(Path(__file__).with_suffix(".toml"))
RECEIPT_HEADINGS: tuple[Message, ...] = _LISTED.RECEIPT_HEADINGS
RECEIPT_WAITING: tuple[Message, ...] = _LISTED.RECEIPT_WAITING
UNITS: Mapping[str, Message] = _LISTED.UNITS
LEFT_OUT_KINDS: Mapping[str, Message] = _LISTED.LEFT_OUT_KINDS
COLOURS: Mapping[str, Message] = _LISTED.COLOURS


def __getattr__(name: str) -> Message:
    """A message by its name there."""
    message: Message = getattr(_LISTED, name)
    return message
