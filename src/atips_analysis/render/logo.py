"""The Council's logo: an optional picture in the officer's room, checked and made small.

It stands where the issuing body does: on nothing that is made from simulated records.
"""

from __future__ import annotations

import io
from pathlib import Path

from atips_analysis.errors import InputError
from atips_analysis.pages.drawing import only_pixels
from atips_analysis.project import LOGOS, Project
from atips_analysis.words.said import Message

LEAST_PIXELS, MOST_PIXELS = 64, 480
MOST_BYTES = 2**21
REMEDY = Message("save the logo as logo.png or logo.jpg")


def read_logo(project: Project) -> bytes:
    """The logo of `data/council/` as PNG without anything that its file says besides; else nothing.

    Raises InputError if there are two, or it is no PNG or JPEG picture, too large or too small to
    be printed.
    """
    files = sorted(file for file in project.council.iterdir() if file.stem.lower() == "logo")
    if not files:
        return b""
    file = files[0]
    if len(files) > 1:
        raise _wrong(files[1], Message("there is {name} too; keep one").format(name=file.name))
    if file.suffix.lower() not in LOGOS:
        raise _wrong(
            file, Message("a logo is a PNG or JPEG picture; {remedy}").format(remedy=REMEDY)
        )
    return _as_png(file)


def _as_png(file: Path) -> bytes:
    if not file.is_file() or file.stat().st_size > MOST_BYTES:
        raise _wrong(
            file,
            Message("is no file of at most {most} MB; {remedy}, smaller").format(
                most=MOST_BYTES // 2**20, remedy=REMEDY
            ),
        )
    try:
        picture = only_pixels(file, "RGBA")
    except ValueError:
        raise _wrong(
            file, Message("is no picture that can be read; {remedy}").format(remedy=REMEDY)
        ) from None
    if min(picture.size) < LEAST_PIXELS:
        wide, high = picture.size
        raise _wrong(
            file,
            Message("has {wide} by {high} pixels; {remedy}, {least} or more each way").format(
                wide=wide, high=high, remedy=REMEDY, least=LEAST_PIXELS
            ),
        )
    picture.thumbnail((MOST_PIXELS, MOST_PIXELS))
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True)
    return content.getvalue()


def _wrong(file: Path, what: str) -> InputError:
    return InputError(what, file=f"data/council/{file.name}")
