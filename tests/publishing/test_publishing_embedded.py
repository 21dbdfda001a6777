from __future__ import annotations

import io
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pypdf import PdfReader

from atips_analysis.errors import InputError
from atips_analysis.render import Publication, Report, publication_from, render
from atips_analysis.render.page import template


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, sample: Any, profile: Any, extension: Path
) -> Any:
    """The example report in English (simulated, draft) and Spanish (real, released)."""
    folder = tmp_path_factory.mktemp("embedded")
    files = {}
    for lang in ("en", "es"):
        publication = publication_from(
            profile,
            lang=lang,
            simulated=lang == "en",
            draft=lang == "en",
            title="Annual report" if lang == "en" else "Informe anual",
            period="2024",
            made_from=(("Edition", "0f3a9c"),),
        )
        report = Report(
            lang, sample.example_notebook(folder / f"nb-{lang}.ipynb", lang), publication
        )
        html, pdf = render(report, folder, renderer="embedded", extension=extension)
        files[lang] = (html.read_text(encoding="utf-8"), pdf.read_bytes(), report)
    return files


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def one_cell(sample: Any, folder: Path, text: str) -> Report:
    notebook = sample.write_notebook(folder / "one.ipynb", sample.text_cell(text))
    return Report("one", notebook, Publication(title="One"))


def render_text(sample: Any, folder: Path, extension: Path, text: str, kind: str = "html") -> str:
    report = one_cell(sample, folder, text)
    (file,) = render(report, folder, renderer="embedded", formats=[kind], extension=extension)
    return file.read_text("utf-8") if kind == "html" else "\n".join(pages(file.read_bytes()))


def test_the_page_is_one_file_that_loads_nothing(made: Any) -> None:
    html = made["en"][0]
    loads = re.findall(r"""(?:src|href|action|data)=["']([^"']+)|url\(([^)]+)""", html)
    for source, url in loads:
        assert (source or url).startswith(("#", "data:", "tel:")), source or url
    assert "Content-Security-Policy" in html and "@import" not in html


def test_the_page_can_be_used_by_keyboard_and_screen_reader(made: Any) -> None:
    html = made["en"][0]
    assert '<html lang="en">' in html and 'class="skip" href="#content"' in html
    assert html.count("<h1") == 1
    assert len(re.findall(r"<img[^>]* alt=\"[^\"]+\"", html)) == html.count("<img") == 2
    assert html.count("<th ") == html.count('scope="col"') + html.count('scope="row"')
    boxes = re.findall(r'<div class="table-scroll"[^>]*>', html)
    assert len(boxes) == html.count("<table") == 3
    assert all('tabindex="0"' in box and 'role="region"' in box for box in boxes)


def test_figures_tables_and_sections_are_numbered_and_referred_to_alike(made: Any) -> None:
    html, pdf, _ = made["en"]
    text = re.sub(r"\s+", " ", " ".join(pages(pdf)))
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))
    for words in ("Figure 1. Cases opened by year", "Table 2. All indicators"):
        assert words in plain and words in text
    assert "Figure 1 shows them by year and Table 1" in plain.replace("\u00a0", " ")
    assert "Figure 1 shows them by year and Table 1" in text.replace("\u00a0", " ")
    assert "told in Section 2." in text.replace("\u00a0", " ")


def test_spanish_speaks_spanish_throughout(made: Any) -> None:
    html, pdf, _ = made["es"]
    text = " ".join(pages(pdf)).replace("\u00a0", " ")
    for words in ("Figura 1", "Cuadro 1", "Sección 1", "Contenido", "Para denunciar la trata"):
        assert words in text and words in re.sub(r"<[^>]+>", "", html).replace("\u00a0", " ")
    assert PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Lang"] == "es"


def test_simulated_records_and_drafts_are_marked_on_every_page_and_bear_no_body(made: Any) -> None:
    html, pdf, report = made["en"]
    assert report.publication.issuing_body is None
    for number, text in enumerate(pages(pdf), start=1):
        assert "SIMULATED RECORDS" in text, number
        assert "DRAFT" in text, number
    assert 'class="band"' in html and "SIMULATED RECORDS" in html
    assert '@top-center { content: "SIMULATED RECORDS' in html, "printed pages too"
    assert "Government of Belize" not in html + " ".join(pages(pdf))


def test_released_publications_bear_their_body_and_no_mark(made: Any) -> None:
    html, pdf, _ = made["es"]
    text = " ".join(pages(pdf))
    assert "SIMULADOS" not in text and "BORRADOR" not in text
    assert "Gobierno de Belice" in text and "Gobierno de Belice" in html


def test_nobody_can_put_an_issuing_body_on_simulated_records() -> None:
    with pytest.raises(InputError, match="bears no issuing body"):
        Publication(title="T", simulated=True, issuing_body="Council")


def test_a_notebook_that_says_simulated_is_simulated(
    tmp_path: Path, sample: Any, extension: Path
) -> None:
    computed = sample.code_cell("x", sample.markdown_output("---\nsimulated: true\n---"))
    path = sample.write_notebook(tmp_path / "n.ipynb", computed, sample.text_cell("# A\n\nB"))
    report = Report("n", path, Publication(title="T", issuing_body="Council"))
    (html,) = render(report, tmp_path, renderer="embedded", formats=["html"], extension=extension)
    assert "SIMULATED RECORDS" in html.read_text("utf-8")
    assert "Council" not in html.read_text("utf-8")


def test_reporting_lines_stand_on_every_public_page(made: Any) -> None:
    for html, pdf, _ in made.values():
        assert "0-800-PROTECT" in html
        assert "0-800-PROTECT" in pages(pdf)[1], "the page after the cover"


def test_the_pdf_is_tagged_titled_and_bookmarked(made: Any) -> None:
    reader = PdfReader(io.BytesIO(made["en"][1]))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Annual report – SIMULATED RECORDS – not Belize’s data"
    titles = [entry["/Title"] for entry in reader.outline if not isinstance(entry, list)]
    assert titles == [
        "What this publication is made from",
        "Contents",
        "1 Introduction",
        "2 Methods",
    ]
    width, height = reader.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842), "A4"


def test_a_long_table_breaks_and_repeats_its_header(made: Any) -> None:
    with_header = [text for text in pages(made["en"][1]) if re.search(r"Code\s+Indicator", text)]
    assert len(with_header) == 3
    assert all(f"T{n:02d}" in " ".join(with_header) for n in range(1, 81))


@pytest.mark.parametrize("source", ["", "\n\n::: {.source}\nSource: invented.\n:::"])
def test_a_row_of_a_table_stands_on_one_page(
    sample: Any, tmp_path: Path, extension: Path, source: str
) -> None:
    filling = "that was copied from a page which nobody keeps any longer " * 7
    rows = "".join(f"| begins{n} {filling} ends{n} | {n} |\n" for n in range(40))
    report = one_cell(
        sample, tmp_path, f"| Title | Year |\n|:-----|--:|\n{rows}\n: Sources {{#tbl-t}}{source}"
    )
    (file,) = render(report, tmp_path, renderer="embedded", formats=["pdf"], extension=extension)
    for text in pages(file.read_bytes()):
        assert re.findall(r"begins(\d+)", text) == re.findall(r"ends(\d+)", text)


@pytest.mark.parametrize("lines", [0, 2, 4, 6])
def test_a_source_line_stands_with_rows_and_a_table_opens_with_some(
    tmp_path: Path, sample: Any, extension: Path, lines: int
) -> None:
    text = "\n\n".join(["A paragraph."] * lines)
    rows = "\n".join(f"| row {row} | {row} |" for row in range(36))
    text += f"\n\n# A chapter\n\n| Case | Number |\n|:--|--:|\n{rows}\n\n: Cases {{#tbl-long}}"
    text += "\n\n::: {.source}\nSource: invented, and told in a line.\n:::\n\nAfterwards."
    report = one_cell(sample, tmp_path, text)
    (file,) = render(report, tmp_path, renderer="embedded", formats=["pdf"], extension=extension)
    shown = pages(file.read_bytes())
    (last,) = [page for page in shown if "Source: invented" in page]
    (first,) = [page for page in shown if "row 0" in page]
    assert "row 35" in last and "row 3" in first and "A chapter" in first


@pytest.mark.parametrize("lines", range(20, 30, 3))
def test_the_sentence_that_a_figure_illustrates_stands_on_its_page(
    tmp_path: Path, sample: Any, extension: Path, lines: int
) -> None:
    text = "\n\n".join(["A paragraph."] * lines)
    text += "\n\nWhat it shows.\n\n![Cases](figures/two.svg){#fig-a fig-alt='Bars.'}\n\nAfterwards."
    report = one_cell(sample, tmp_path, text)
    (file,) = render(report, tmp_path, renderer="embedded", formats=["pdf"], extension=extension)
    (shown,) = [page for page in pages(file.read_bytes()) if "What it shows." in page]
    assert "Figure 1" in shown


def test_a_bold_line_stays_with_the_list_that_it_heads(
    tmp_path: Path, sample: Any, extension: Path
) -> None:
    sheets = "\n\n".join(
        f"**Sheet {n}** (of many)\n\n- First of {n}.\n" + "- Another.\n" * (n % 5)
        for n in range(90)
    )
    report = one_cell(sample, tmp_path, sheets)
    (file,) = render(report, tmp_path, renderer="embedded", formats=["pdf"], extension=extension)
    for page in pages(file.read_bytes()):
        for number in re.findall(r"Sheet (\d+)", page):
            assert f"First of {number}." in page


def test_no_glyph_is_missing(made: Any, tmp_path: Path, sample: Any, extension: Path) -> None:
    text = "# Signs\n\n1\u20134, \u221212, \u2265, \u2264, \u00d7, \u2192, \u2021, \u2264, \u00f1, \u00e9, \u25a0"
    assert "\u221212" in render_text(sample, tmp_path, extension, text, "pdf")


def test_the_same_input_gives_the_same_bytes(made: Any, tmp_path: Path, extension: Path) -> None:
    html, pdf, report = made["en"]
    again = render(report, tmp_path, renderer="embedded", extension=extension)
    assert again[0].read_text("utf-8") == html
    assert again[1].read_bytes() == pdf


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("See @fig-nothing.", "@fig-nothing refers to nothing"),
        ("![A](figures/two.svg){#fig-a}", "no alternative text"),
        ("![A](figures/two.svg){fig-alt='B'}", "no identifier"),
        ("|a|\n|-|\n|1|\n\n: Caption", "no identifier"),
        ("# A\n\n### B", "skips a level"),
        ("A <b>bold</b> word", "html markup"),
        (
            "![A](figures/two.svg){#fig-a fig-alt='B'}\n\n![A](figures/two.svg){#fig-a fig-alt='B'}",
            "two things",
        ),
    ],
)
def test_what_one_output_would_lose_fails_in_both(
    tmp_path: Path, sample: Any, extension: Path, text: str, words: str
) -> None:
    for kind in ("html", "pdf"):
        with pytest.raises(InputError, match=words) as failure:
            render_text(sample, tmp_path, extension, text, kind)
        assert "\n" not in str(failure.value) and "stack" not in str(failure.value)


def test_a_failure_leaves_the_last_good_files(tmp_path: Path, sample: Any, extension: Path) -> None:
    render_text(sample, tmp_path, extension, "# Good")
    before = (tmp_path / "one.html").read_bytes()
    with pytest.raises(InputError):
        render_text(sample, tmp_path, extension, "# Bad @fig-x")
    assert (tmp_path / "one.html").read_bytes() == before


def test_blocks_for_one_format_stand_in_that_format_only(
    tmp_path: Path, sample: Any, extension: Path
) -> None:
    text = (
        "# A\n\n::: {.content-visible when-format='html'}\nscreen only\n:::\n\n"
        "::: {.content-visible when-format='typst'}\npaper only\n:::\n"
    )
    html = render_text(sample, tmp_path, extension, text)
    paper = render_text(sample, tmp_path, extension, text, "pdf")
    assert "screen only" in html and "paper only" not in html
    assert "paper only" in paper and "screen only" not in paper


def test_a_brief_has_no_cover_and_shows_the_reporting_lines(
    tmp_path: Path, sample: Any, extension: Path, profile: Any
) -> None:
    notebook = sample.write_notebook(tmp_path / "b.ipynb", sample.text_cell("# News\n\nText."))
    publication = publication_from(
        profile, simulated=True, title="Bulletin", period="2024-Q3", layout="brief"
    )
    (file,) = render(
        Report("b", notebook, publication),
        tmp_path,
        renderer="embedded",
        formats=["pdf"],
        extension=extension,
    )
    (only,) = pages(file.read_bytes())
    assert "Bulletin" in only and "0-800-PROTECT" in only and "SIMULATED" in only


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("es a lo sumo del 5 % en total", "del 5\u00a0% en"),
        ("583 p, 12 p.", "583\u00a0p, 12\u00a0p."),
        ("por cada 100 000 habitantes", "100\u00a0000 habitantes"),
        ("a 5\n% share", "5\u00a0% share"),
        ("used k = 11, ε = 0.05", "used k\u00a0=\u00a011, ε\u00a0=\u00a00.05"),
        ("in 2024 150 persons; 5 pages", "in 2024 150 persons; 5 pages"),
    ],
)
def test_a_number_and_its_mark_stand_on_one_line(
    sample: Any, tmp_path: Path, extension: Path, written: str, shown: str
) -> None:
    assert shown in render_text(sample, tmp_path, extension, written)


@pytest.mark.parametrize(
    "name", ["A-TIPs", "PREV-01", "(1–11),", "2021–2024", "e-course", "Aalen-Johansen"]
)
def test_a_name_a_code_or_a_range_stands_on_one_line_on_a_page(
    sample: Any, tmp_path: Path, extension: Path, name: str
) -> None:
    html = render_text(sample, tmp_path, extension, f"Seen by {name} alone, law-enforcement too")
    assert f'<span class="as-one">{name}</span> alone, law-enforcement too' in " ".join(
        html.split()
    )


def test_a_name_in_the_reporting_lines_stands_on_one_line_on_a_page(extension: Path) -> None:
    said = SimpleNamespace(
        reporting_lines=["Tell the A-TIPs Council"],
        reporting_groups=[("Tell the A-TIPs Council", [])],
    )
    lines = template("part-reporting-lines.html", extension)
    html = lines.render(publication=said, words={"report_title": "To report"})
    assert 'Tell the <span class="as-one">A-TIPs</span> Council' in html


def test_no_name_parts_on_paper(sample: Any, tmp_path: Path, extension: Path) -> None:
    # Each line is filled a letter further, so that without the rule some line ends at each hyphen.
    words = " ".join(f"{'i' * n} A-TIPs 2021–2024 PREV-01 (Aalen-Johansen)." for n in range(1, 24))
    lines = render_text(sample, tmp_path, extension, words, "pdf").splitlines()
    ends = ("A-", "2021–", "PREV-", "Aalen-")
    assert not [line for line in lines if line.rstrip().endswith(ends)]


def test_what_is_typed_can_be_copied_from_paper_and_stands_on_one_page(
    sample: Any, tmp_path: Path, extension: Path
) -> None:
    command = "atips verify reports/2024-simulated/pack/atips-2024.zip"
    lines = "\n".join([*(f"line {n} of what is typed" for n in range(30)), command])
    fill = "\n\n".join("A paragraph." for _ in range(20))
    text = f"{fill}\n\nThen write:\n\n``` text\n{lines}\n```"
    report = one_cell(sample, tmp_path, text)
    (file,) = render(report, tmp_path, renderer="embedded", formats=["pdf"], extension=extension)
    (typed,) = [page for page in pages(file.read_bytes()) if "of what is typed" in page]
    assert command in typed and "Then write:" in typed


def test_the_name_of_another_page_is_a_link_on_a_page_and_a_name_on_paper(
    sample: Any, tmp_path: Path, extension: Path
) -> None:
    text = (
        "More in the [methods note](methods-en.html) and at [the Council](https://council.example)."
    )
    html = render_text(sample, tmp_path, extension, text)
    assert '<a href="methods-en.html">methods note</a>' in html
    report = one_cell(sample, tmp_path, text)
    (file,) = render(report, tmp_path, renderer="embedded", formats=["pdf"], extension=extension)
    marks = [mark.get_object() for page in PdfReader(file).pages for mark in page.annotations or []]
    assert [mark["/A"]["/URI"] for mark in marks if "/URI" in mark.get("/A", {})] == [
        "https://council.example"
    ]


def test_the_contact_that_is_an_address_is_a_link(extension: Path) -> None:
    part = template("part-made-from.html", extension)
    made_from = [("Contact", "https://council.example"), ("Baseline", "2021–2023")]
    html = part.render(words={"made_from_title": "Made from"}, made_from=made_from)
    assert '<dd><a href="https://council.example">https://council.example</a></dd>' in html
    assert "<dd>2021–2023</dd>" in html
