"""The fonts that PDFs use, from installed packages only: no system font, so the same everywhere."""

from __future__ import annotations

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

# Weights named one by one: the packages carry each font twice (OpenType and TrueType), and which
# of two equal faces is taken would depend on the order of a folder.
SOURCE_SERIF = ("Regular", "It", "Semibold", "SemiboldIt", "Bold", "BoldIt")
SOURCE_SANS = ("Light", "Regular", "It", "Semibold", "SemiboldIt", "Bold", "BoldIt")
DEJAVU = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique")


@dataclass(frozen=True)
class Typefaces:
    """Font files, and the families to ask for in order of preference."""

    files: tuple[Path, ...]
    text: tuple[str, ...]
    display: tuple[str, ...]


def typefaces() -> Typefaces:
    """Source Serif and Source Sans where their packages are installed, DejaVu always."""
    serif = _package_files("font_source_serif_pro", "SourceSerifPro", SOURCE_SERIF)
    sans = _package_files("font_source_sans_pro", "SourceSansPro", SOURCE_SANS)
    fallback = "DejaVu Sans"
    return Typefaces(
        files=(*serif, *sans, *_dejavu_files()),
        text=(*(["Source Serif Pro"] if serif else []), fallback),
        display=(*(["Source Sans Pro"] if sans else []), fallback),
    )


def copy_fonts(files: tuple[Path, ...], folder: Path) -> Path:
    """Put just these font files into a folder, as Typst takes folders."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copyfile(file, folder / file.name)
    return folder


def _package_files(package: str, family: str, faces: tuple[str, ...]) -> tuple[Path, ...]:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        return ()
    folder = Path(found.origin).parent / "files"
    files = tuple(folder / f"{family}-{face}.ttf" for face in faces)
    return files if all(file.is_file() for file in files) else ()


def _dejavu_files() -> tuple[Path, ...]:
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:  # pragma: no cover - matplotlib is a dependency
        return ()
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    return tuple(folder / f"{face}.ttf" for face in DEJAVU)
