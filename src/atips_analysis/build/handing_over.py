"""What Quarto gets for a notebook: the executed, protected one of the last build.

Quarto's `ipynb-filters` hand a notebook to a program and take what it answers in its place. The
answer holds what the page says and nothing else: no code, no outputs, no metadata; pictures go
with it as attachments, since Quarto looks for files beside the notebook that it was asked for.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from atips_analysis.build.asked_for import Build
from atips_analysis.build.page_publication import particulars, publication_of
from atips_analysis.build.page_register import Page, executed, load_pages
from atips_analysis.errors import InputError
from atips_analysis.files import read_json
from atips_analysis.notebooks.confidential import refuse_beyond_published, refuse_confidential
from atips_analysis.project import Project, find_project
from atips_analysis.render.drafts import line_of_draft
from atips_analysis.render.embedded import PICTURE_TYPES
from atips_analysis.render.markdown import PICTURE, Flattened, flatten
from atips_analysis.render.page import part_html
from atips_analysis.render.publication import Publication, theme_words
from atips_analysis.render.quarto import as_notebook, front_matter
from atips_analysis.render.staging import made_from, mark

FILTER = "last_build.py"


def handed_over(source: bytes, folder: Path) -> str:
    """The notebook that Quarto renders in place of `source`, which lies in `folder`, as JSON.

    Raises InputError if there is no build yet, or the notebook is no page of it. Raises
    FindingsError if the executed notebook holds what no page may show.
    """
    from atips_analysis.pages.last_build import last_build

    project = find_project(folder)
    notebook = _notebook_asked_for(source, folder)
    page = _page_of(notebook, project)
    public = last_build(project)
    about = read_json(public / "build.json")
    build = _build(project, about, public.parent)
    made = executed(build, page)
    if not made.is_file():
        raise InputError(
            "the last build made no such page; run atips build again", file=notebook.name
        )
    refuse_confidential(made)
    refuse_beyond_published(made)
    flattened = flatten(made)
    given = particulars(build, page, bool(about["simulated"]))
    publication = publication_of(project, about, **given).completed(flattened.front_matter)
    flattened = replace(flattened, text=line_of_draft(made, publication.lang) + flattened.text)
    return json.dumps(_notebook(publication, flattened, project), ensure_ascii=False)


def touch_filter(project: Project) -> None:
    """Let Quarto ask again after a build: it keeps answers until the filter's file is newer."""
    try:
        (project.extension / FILTER).touch()
    except OSError:  # a read-only project: Quarto then shows an earlier build until it changes
        pass


def _notebook_asked_for(source: bytes, folder: Path) -> Path:
    """The file that Quarto read: it hands over its text and stands in its folder, no more."""
    for file in sorted(folder.glob("*.ipynb")):
        if file.read_bytes() == source:
            return file
    raise InputError("the notebook that Quarto hands over is not in its folder; save it first")


def _page_of(notebook: Path, project: Project) -> Page:
    """The first page that a build makes of a notebook: one of two languages is in English."""
    name = notebook.resolve().relative_to(project.notebooks.resolve()).with_suffix("").as_posix()
    for page in load_pages(project):
        if page.notebook == name:
            return page
    raise InputError(
        "it is no page of a build, so that there is nothing protected to show; add it to "
        "notebooks/pages.csv, or make a working page with atips run",
        file=notebook.name,
    )


def _build(project: Project, about: dict[str, Any], work: Path) -> Build:
    class Made(Build):
        """A build whose work folder is known."""

        @property
        def work(self) -> Path:
            return work

    return Made(
        project, about["year"], about["baseline"], project.example, project.reports, "embedded"
    )


def _notebook(publication: Publication, flattened: Flattened, project: Project) -> Any:
    words = theme_words(publication)
    lines = made_from(publication, words, "Quarto")
    opening, closing = (
        part_html(f"part-{name}.html", publication, words, lines, project.extension)
        for name in ("opening", "closing")
    )
    about = mark(publication, words, lines, opening=opening, closing=closing)
    pictures: dict[str, Any] = {}

    def attached(found: Any) -> str:
        picture = found[1]
        name = picture.replace("/", "-")
        drawn = flattened.drawn.get(picture)
        content = drawn.encode() if drawn else (flattened.folder / picture).read_bytes()
        data = base64.b64encode(content).decode()
        pictures[name] = {PICTURE_TYPES[Path(picture).suffix.lower()]: data}
        return str(found[0]).replace(picture, f"attachment:{name}", 1)

    text = PICTURE.sub(attached, flattened.text)
    marks = [words["simulated"]] if publication.simulated else []
    title = " – ".join(part for part in (publication.title, publication.period, *marks) if part)
    return as_notebook(front_matter(publication, about, pagetitle=title), text, pictures)


def main() -> int:
    """Answer Quarto: the source on standard input, the notebook on standard output."""
    import sys

    from atips_analysis.errors import AtipsError

    try:
        answer = handed_over(sys.stdin.buffer.read(), Path.cwd())
    except AtipsError as error:
        print(f"atips: {error}", file=sys.stderr)
        return 2
    sys.stdout.buffer.write(answer.encode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
