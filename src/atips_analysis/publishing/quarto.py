"""Quarto, where it is installed: staging, command line, files."""

from __future__ import annotations

from pathlib import Path


def find_quarto() -> Path | None:
    return None
