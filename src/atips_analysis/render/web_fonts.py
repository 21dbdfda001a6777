"""The PDFs' fonts inside a web page, so that both look alike wherever they are read."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from pathlib import Path

from atips_analysis.render.fonts import typefaces

FACES = {"Regular": ("400", "normal"), "It": ("400", "italic"), "Semibold": ("600 700", "normal")}
"""Weights and style that each face stands for; what is rarer, a browser slants or thickens."""
FAMILIES = {"SourceSerifPro": "Source Serif Pro", "SourceSansPro": "Source Sans Pro"}
CHARACTERS = frozenset(
    [*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, "‑–—‘’“”•…‰−≈≤≥≠→↑↓∞\u2009\u202f")]
)
"""Latin as English and Spanish write it, and the signs of our tables; others come from elsewhere."""
FEATURES = ("ccmp", "kern", "liga", "lnum", "locl", "mark", "tnum")


@lru_cache
def font_faces() -> str:
    """CSS rules that hold the fonts, cut down to what pages use; empty where they are not installed.

    They are not compressed: what a compressor makes differs between machines, and a page is the
    same to the byte everywhere.
    """
    rules = []
    for file in typefaces().files:
        family, _, face = file.stem.partition("-")
        if family in FAMILIES and face in FACES:
            weight, style = FACES[face]
            inside = base64.b64encode(_cut_down(file)).decode("ascii")
            rules.append(
                f'@font-face {{ font-family: "{FAMILIES[family]}"; font-weight: {weight}; '
                f"font-style: {style}; src: url(data:font/ttf;base64,{inside}); }}"
            )
    return "\n".join(rules)


def _cut_down(file: Path) -> bytes:
    from fontTools import subset

    options = subset.Options(
        hinting=False,
        layout_features=list(FEATURES),
        name_IDs=[1, 2],
        notdef_outline=True,
        drop_tables=[*subset.Options().drop_tables, "FFTM"],
    )
    font = subset.load_font(str(file), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(CHARACTERS))
    cutter.subset(font)
    content = io.BytesIO()
    font.save(content)
    return content.getvalue()
