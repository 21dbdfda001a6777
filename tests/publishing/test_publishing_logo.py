"""The Council's logo: optional, checked before anything is computed, on nothing that is simulated."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from atips_analysis.cli import run
from atips_analysis.commands.init import write_project
from atips_analysis.errors import InputError
from atips_analysis.pages.drawing import only_pixels
from atips_analysis.project import Project
from atips_analysis.render import Report, publication_from, render
from atips_analysis.render.logo import read_logo


@pytest.fixture
def project(tmp_path: Path) -> Project:
    write_project(tmp_path / "p")
    return Project(tmp_path / "p")


def picture(kind: str = "PNG", size: tuple[int, int] = (200, 100)) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, "navy").save(
        content, kind, **({"exif": _place()} if kind == "JPEG" else {})
    )
    return content.getvalue()


def _place() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "a camera that nobody need know"
    return exif


def test_pixels_are_all_that_is_taken_of_a_picture(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    said, image = PngInfo(), Image.new("RGB", (80, 80), "navy")
    said.add_text("comment", "somebody")
    image.save(tmp_path / "a.png", pnginfo=said, icc_profile=profile + b"somebody", exif=_place())
    image.save(tmp_path / "a.jpg", comment=b"somebody", icc_profile=profile, exif=_place())
    for name in ("a.png", "a.jpg"):
        picture = only_pixels(tmp_path / name, "RGB")
        for kind in ("PNG", "JPEG"):
            picture.save(tmp_path / "again", kind)
            content = (tmp_path / "again").read_bytes()
            assert b"somebody" not in content and b"iCCP" not in content, (name, kind)


@pytest.mark.parametrize("kind", ["eps", "gif", "tiff", "bmp"])
def test_a_picture_of_another_format_is_not_opened_whatever_its_name(tmp_path, kind):
    Image.new("RGB", (80, 80), "navy").save(tmp_path / f"a.{kind}")
    (tmp_path / f"a.{kind}").rename(tmp_path / "a.png")
    with pytest.raises(ValueError, match="no picture"):
        only_pixels(tmp_path / "a.png", "RGB")


def test_a_project_needs_no_logo(project):
    assert read_logo(project) == b""


@pytest.mark.parametrize(("name", "kind"), [("logo.png", "PNG"), ("LOGO.JPG", "JPEG")])
def test_a_logo_is_taken_without_what_its_file_says_besides(project, name, kind):
    (project.council / name).write_bytes(picture(kind))
    taken = read_logo(project)
    assert taken == read_logo(project) and b"camera" not in taken
    assert Image.open(io.BytesIO(taken)).size == (200, 100)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (
            {"logo.png": b"<html>no picture</html>"},
            "logo.png: is no picture that can be read; save",
        ),
        ({"logo.png": b""}, "logo.png: is no picture that can be read"),
        ({"logo.png": picture()[:90]}, "logo.png: is no picture that can be read"),
        ({"logo.png": picture("GIF")}, "logo.png: is no picture that can be read"),
        ({"logo.svg": b"<svg/>"}, "logo.svg: a logo is a PNG or JPEG picture; save the logo as"),
        ({"logo.docx": picture()}, "logo.docx: a logo is a PNG or JPEG picture"),
        ({"logo.png": picture(size=(20, 20))}, "logo.png: has 20 by 20 pixels"),
        ({"logo.png": picture() + b"0" * 2**21}, "logo.png: is no file of at most 2 MB"),
        ({"logo.jpg": picture("JPEG"), "logo.png": picture()}, "there is logo.jpg too; keep one"),
    ],
)
def test_a_logo_that_is_none_is_one_line(project, files, says):
    for name, content in files.items():
        (project.council / name).write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_logo(project)
    assert says in str(refused.value) and "\n" not in str(refused.value)


def test_doctor_and_a_build_name_it_before_anything_is_computed(project, monkeypatch, capfd):
    monkeypatch.chdir(project.root)
    (project.council / "logo.png").write_bytes(b"no picture")
    assert run(["doctor"]) == 1
    assert "data/council/logo.png: is no picture" in capfd.readouterr().out
    (project.data / "submissions").mkdir(exist_ok=True)
    assert run(["build", "--submissions", "data/submissions"]) == 2
    assert "data/council/logo.png: is no picture" in capfd.readouterr().err
    assert not project.work.exists()


@pytest.mark.parametrize("layout", ["report", "brief"])
def test_it_stands_with_the_issuing_body_and_on_nothing_that_is_simulated(
    project, layout, tmp_path
):
    (project.council / "logo.png").write_bytes(picture())
    notebook = tmp_path / "page.ipynb"
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "# A heading\n\nSome words."}]
    notebook.write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    )
    shown = {}
    for simulated in (False, True):
        publication = publication_from(
            project.profile,
            simulated=simulated,
            title="A page",
            layout=layout,
            logo=read_logo(project),
        )
        out = tmp_path / str(simulated)
        render(
            Report("page", notebook, publication),
            out,
            renderer="embedded",
            extension=project.extension,
        )
        html, pdf = (out / "page.html").read_text("utf-8"), (out / "page.pdf").read_bytes()
        shown[simulated] = ('class="logo"' in html, b"/Subtype/Image" in pdf.replace(b" ", b""))
    assert shown == {False: (True, True), True: (False, False)}
