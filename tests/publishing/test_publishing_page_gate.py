"""The gate of pages: what either renderer made is put in place only when it is whole and readable."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from atips_analysis.errors import FindingsError
from atips_analysis.files import write_whole
from atips_analysis.render import Publication, Report, embedded, render
from atips_analysis.render.markdown import flatten
from atips_analysis.render.page_content import numbers_in, page_content
from atips_analysis.render.page_gate import check_page
from atips_analysis.render.page_html import read_page
from atips_analysis.render.page_pdf import overprinted, read_pages
from atips_analysis.render.pandoc import parse
from atips_analysis.render.publication import theme_words
from atips_analysis.render.reports_gate import check_public

FORMATS = ("html", "pdf")
ONE = Publication(title="One", lang="en")
TABLE = "| Service | Persons |\n|:--|--:|\n| Shelter | 16 |\n| Medical care | 1,204 |\n"
CAPTIONED = TABLE + "\n: Services by type {#tbl-services}\n"
FIGURE = "![Cases by year](figures/cases.svg){#fig-cases fig-alt='Bars.'}\n"
CLEAN = f"# Results\n\nIn 2024 there were 18 cases.\n\n{CAPTIONED}\n{FIGURE}"


def report_of(sample: Any, folder: Path, text: str, **particulars: Any) -> Report:
    notebook = sample.write_notebook(folder / "page.ipynb", sample.text_cell(text))
    particulars = {"country": "Costa Serena"} | particulars
    return Report("page", notebook, Publication(title="One", lang="en", **particulars))


def publish(
    sample: Any, folder: Path, extension: Path, text: str, kind: str, **particulars: Any
) -> Path:
    report = report_of(sample, folder, text, **particulars)
    (file,) = render(report, folder, renderer="embedded", formats=[kind], extension=extension)
    return file


def refusals_of(
    sample: Any, folder: Path, extension: Path, shown: str, written: str
) -> Iterator[str]:
    """A page and a PDF made of one text, held against another."""
    report = report_of(sample, folder, shown)
    work = folder / "work"
    work.mkdir()
    words = theme_words(report.publication)
    for file in embedded.render(report, flatten(report.notebook), extension, work, FORMATS):
        with pytest.raises(FindingsError) as refusal:
            check_page(file, parse(written, "page"), report.publication, words)
        assert str(refusal.value).startswith(file.name) and "\n" not in str(refusal.value)
        yield str(refusal.value)


def judged(sample: Any, folder: Path, extension: Path, text: str, **particulars: Any) -> Path:
    """A PDF of a text with Typst's own markup, which no page may hold, held against its text."""
    report = report_of(sample, folder, text, **particulars)
    flattened = flatten(report.notebook)
    with tempfile.TemporaryDirectory() as work:
        (file,) = embedded.render(report, flattened, extension, Path(work), ["pdf"])
        tree = parse(flattened.text, "page")
        check_page(file, tree, report.publication, theme_words(report.publication))
        return write_whole(folder / "page.pdf", file.read_bytes())


def typst(code: str) -> str:
    return f"# A chapter\n\nWords.\n\n```{{=typst}}\n{code}\n```\n\nAfterwards.\n"


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("layout", ["report", "brief"])
def test_a_clean_page_passes(
    tmp_path: Path, sample: Any, extension: Path, kind: str, layout: str
) -> None:
    text = (
        CLEAN
        + "\n\nAs code `**a** | b | c, {.x}`, at 5 * 3 * 2 and a_b_c; 2021[^n]–2023.\n\n[^n]: 7."
    )
    file = publish(sample, tmp_path, extension, text, kind, layout=layout, simulated=True)
    assert file.is_file()


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"A \*\*bold\*\* word", r"\*\*"),
        (r"An \*italic\* word", r"\*italic\*"),
        (r"See ?\@fig-x.", "@fig-x"),
        (r"See \@tbl-x.", "@tbl-x"),
        (TABLE + "\n: Services \\{#tbl-services} {#tbl-a}", "{#tbl-services}"),
        (r"\::: {.callout-note}", ":::"),
        (r"Text \:\:\: text", ":::"),
        (r"\| Shelter \| 16 \| 3 \|", r"\| Shelter \| 16 \|"),
        (r"\|:--\|--:\|", r"\|:–\|"),
        (r"a \| \| b", r"\| \|"),
        ("There were `{python} cases` cases", "{python} cases"),
        (r"There were \`cases\`", "`"),
        (r"\[words\](page.html)", r"\[words\]"),
        (r"Words\[^note]", r"\[\^note\]"),
        (r"\# A heading", "# A"),
        (r"\~\~struck\~\~", "~~"),
        (r"{{< pagebreak >}}", "{{"),
        (r"AT\\&T \\_x", r"\\_"),
        (r"R\&amp;D", "&amp;"),
        (r"a\<br>b", "<br>"),
        (r"as ??? says", r"\?\?\?"),
        (r"All totals are invented.. The rest", r"\.\."),
        (r"Type atips doctor --repair once", "–repair"),
    ],
)
def test_marks_of_markdown_are_not_published(
    tmp_path: Path, sample: Any, extension: Path, text: str, shown: str, kind: str
) -> None:
    with pytest.raises(FindingsError) as refusal:
        publish(sample, tmp_path, extension, f"# A chapter\n\nWords.\n\n{text}\n", kind)
    said = str(refusal.value)
    assert said.startswith("page.pdf, page 3: " if kind == "pdf" else "page.html: ")
    assert re.search(re.escape(shown) if "\\" not in shown else shown, said), said
    assert not (tmp_path / f"page.{kind}").exists()


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (
            CLEAN.replace(CAPTIONED, "Shelter 16, medical care 1,204. Table 1 Services by type.\n"),
            "tables",
        ),
        (CLEAN.replace(FIGURE, "Figure 1 Cases by year"), "figures"),
        (CLEAN.replace("Services by type", "Services"), "“Services by type”, is lost"),
        (CLEAN.replace("Cases by year", "Years"), "“Cases by year”, is lost"),
        (CLEAN.replace("18 cases", "many cases"), "the number 18 "),
        (CLEAN.replace("1,204", "204"), "the number 1,204 "),
        (CLEAN.replace("# Results", "# Findings"), "heading “Results” is lost"),
    ],
)
def test_nothing_of_the_markdown_is_lost(
    tmp_path: Path, sample: Any, extension: Path, shown: str, said: str
) -> None:
    refusals = list(refusals_of(sample, tmp_path, extension, shown, CLEAN))
    assert len(refusals) == 2 and all(said in refusal for refusal in refusals), refusals


def test_what_is_for_one_format_is_not_missed_in_the_other(
    tmp_path: Path, sample: Any, extension: Path
) -> None:
    text = CLEAN + (
        "\n\n::: {.content-visible when-format='html'}\n## On screen\n\n99 things\n:::\n"
        "\n\n::: {.content-visible when-format='typst'}\n77 things\n:::\n"
    )
    for kind in FORMATS:
        publish(sample, tmp_path, extension, text, kind)


def test_the_numbers_behind_a_figure_are_looked_for_where_they_stand(
    tmp_path: Path, sample: Any, extension: Path
) -> None:
    text = f"# A\n\n{FIGURE}\n::: {{.figure-data for=fig-cases}}\n{TABLE}:::\n\n"
    annex = text + "# Numbers\n\n::: {.figure-tables}\n:::\n"
    for kind in FORMATS:
        publish(sample, tmp_path, extension, annex, kind)
    without = f"# A\n\n{FIGURE}\n\n# Numbers\n"
    refusals = list(refusals_of(sample, tmp_path, extension, without, annex))
    assert "the number 16 " in refusals[0]
    assert "the caption of figure 1" in refusals[1], "printed once, and wanted twice"


def test_an_expression_in_a_block_of_code_is_an_example(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<html><body><main><p>Write:</p><pre><code>In `{python} year`, so.</code></pre></main></body>"
        "</html>",
        encoding="utf-8",
    )
    tree = parse("Write:\n\n```\nIn `{python} year`, so.\n```", "page")
    check_page(page, tree, ONE, theme_words(ONE))


@pytest.mark.parametrize(
    "load",
    [
        "<img src=//example.org/a.png>",
        "<img srcset='a.png 1x, https://example.org/b.png 2x'>",
        '<script src="http://example.org/a.js"></script>',
        "<style>@import 'other.css';</style>",
        "<style>p { background: url( 'https://example.org/a.png') }</style>",
        "<p style='background:url(//example.org/a)'>x</p>",
        "<link rel=stylesheet href=https://example.org/a.css>",
        "<svg><image href='https://example.org/a.png'/></svg>",
        "<video poster='https://example.org/a.png'></video>",
        "<object data='https://example.org/a.svg'></object>",
        "<meta http-equiv=refresh content='0; url=https://example.org'>",
        "<iframe src='\\\\example.org/a'></iframe>",
    ],
)
def test_a_page_loads_nothing_from_elsewhere(tmp_path: Path, extension: Path, load: str) -> None:
    page = tmp_path / "index.html"
    page.write_text(f"<html><body><p>Words.</p>{load}</body></html>", encoding="utf-8")
    words = theme_words(ONE)
    with pytest.raises(FindingsError, match="from elsewhere"):
        check_page(page, parse("Words.", "page"), ONE, words)
    with pytest.raises(FindingsError, match=r"index.html loads .* from elsewhere"):
        check_public(tmp_path)


def test_a_link_and_an_embedded_picture_load_nothing() -> None:
    page = read_page(
        "<a href='https://example.org'>x</a><img src='data:image/png;base64,//8A='>"
        "<p>@import, url(//x) as words</p><script>const a = 'https://example.org'</script>"
    )
    assert page.loads == []


@pytest.mark.parametrize(
    "code",
    [
        "#place(dx: 20pt)[Printed over]\nPrinted below it",
        "#block(height: 12pt, width: 100%)[#lorem(40)]\n#lorem(40)",
        "#set table.cell(breakable: true)\n#columns(2, for n in (1, 2) { block(breakable: false, height: auto, table(columns: 2, ..range(200).map(r => [row #r]))) })",
        "#table(columns: (20pt, 1fr), [internationalization], [of something])",
    ],
)
def test_words_over_one_another_are_not_published(
    tmp_path: Path, sample: Any, extension: Path, code: str
) -> None:
    with pytest.raises(FindingsError, match=r"page.pdf, page 3: .* are printed over one another"):
        judged(sample, tmp_path, extension, typst(code))


def test_words_over_the_edge_are_not_published(
    tmp_path: Path, sample: Any, extension: Path
) -> None:
    with pytest.raises(FindingsError, match="page 3: “outside” runs over the edge of the paper"):
        judged(sample, tmp_path, extension, typst("#place(dx: 182mm)[outside]"))


@pytest.mark.parametrize(
    "alone",
    [
        "",
        r"What this publication is made from \ Status #h(1em) Draft \ Edition #h(1em) 0f3a9c \ "
        "Renderer #h(1em) embedded: Pandoc 3.9, Typst 0.15.2",
        r"To report human trafficking \ Call \ 911",
    ],
)
@pytest.mark.parametrize("simulated", [True, False])
def test_a_page_with_nothing_of_its_own_is_not_published(
    tmp_path: Path, sample: Any, extension: Path, alone: str, simulated: bool
) -> None:
    particulars: dict[str, Any] = {
        "simulated": simulated,
        "period": "2024",
        "made_from": (("Edition", "0f3a9c"),),
        "reporting_lines": (("Call", ("911",)),),
    }
    lonely = typst(f"#pagebreak()\n{alone}\n#pagebreak()")
    with pytest.raises(FindingsError, match=r"page.pdf, page 4: nothing stands there"):
        judged(sample, tmp_path, extension, lonely, **particulars)
    company = typst(f"#pagebreak()\n{alone}\n\nA word.\n#pagebreak()")
    assert judged(sample, tmp_path, extension, company, **particulars).is_file()


@pytest.mark.parametrize(("layout", "page"), [("report", 2), ("brief", 1)])
def test_the_colophon_has_company(
    tmp_path: Path, sample: Any, extension: Path, layout: str, page: int
) -> None:
    file = publish(sample, tmp_path, extension, CLEAN, "pdf", layout=layout)
    with_colophon = [
        number
        for number, printed in enumerate(read_pages(file), start=1)
        if "What this publication is made from" in printed.text
    ]
    assert with_colophon == [page]


WHOLE = pytest.mark.whole


def annex(rows: int, paragraphs: int) -> str:
    lines = "\n".join(f"| row {row} | {row} | {row * 13:,} |" for row in range(rows))
    data = f"::: {{.figure-data for=fig-N}}\n| Case | 2023 | 2024 |\n|:--|--:|--:|\n{lines}\n:::\n"
    figures = [
        (FIGURE + "\n" + data).replace("fig-cases", f"fig-{n}").replace("fig-N", f"fig-{n}")
        for n in (1, 2, 3)
    ]
    filling = "A paragraph.\n\n" * paragraphs
    return (
        "# A\n\n" + "\n".join(figures) + f"\n{filling}\n# Numbers\n\n::: {{.figure-tables}}\n:::\n"
    )


@pytest.mark.parametrize("paragraphs", [0, 2, 4, 16])
@pytest.mark.parametrize("rows", [12, 70, *(pytest.param(n, marks=WHOLE) for n in (3, 30))])
def test_the_tables_of_an_annex_are_whole_wherever_it_begins(
    tmp_path: Path, sample: Any, extension: Path, rows: int, paragraphs: int
) -> None:
    publish(sample, tmp_path, extension, annex(rows, paragraphs), "pdf")


def test_the_annex_as_it_once_was_is_refused(tmp_path: Path, sample: Any, extension: Path) -> None:
    once = tmp_path / "extension"
    shutil.copytree(extension, once)
    template = once / "publication.typ"
    text = template.read_text(encoding="utf-8")
    reserve = re.compile(r"  block\([^\n]*height: room[^\n]*\n  v\(-room\)\n")
    assert reserve.search(text)
    template.write_text(reserve.sub("", text), encoding="utf-8")
    with pytest.raises(FindingsError, match=r"printed over one another|over the edge of the paper"):
        publish(sample, tmp_path, once, annex(12, 2), "pdf")


@pytest.mark.parametrize(
    "text",
    [
        # Rows so tall that a table of few rows is taller than a page.
        "| A | B |\n|:--|:--|\n"
        + ("| row | " + "many words " * 60 + "|\n") * 9
        + "\n: T {#tbl-t}\n",
        # Words longer than a column.
        "| A | B | C |\n|:--|:--|:--|\n" + ("| " + "column_of_a_long_name_" * 4) * 3 + "|\n",
        "| A | B | C |\n|:--|:--|:--|\n" + ("| " + "0f3a9c" * 11) * 3 + "|\n",
        # Key figures of many digits.
        "::: {.key-figures}\n" + "- **1,234,567,890,123** persons\n" * 4 + ":::\n",
        "::: {.key-figures}\n" + "- **12** persons\n" * 80 + ":::\n",
    ],
)
def test_what_is_tall_or_wide_breaks(
    tmp_path: Path, sample: Any, extension: Path, text: str
) -> None:
    publish(sample, tmp_path, extension, f"# A\n\n{text}", "pdf")


def test_a_refused_page_leaves_the_one_before(tmp_path: Path, sample: Any, extension: Path) -> None:
    good = publish(sample, tmp_path, extension, CLEAN, "pdf").read_bytes()
    with pytest.raises(FindingsError):
        judged(sample, tmp_path, extension, typst("#pagebreak()\n#pagebreak()"))
    assert (tmp_path / "page.pdf").read_bytes() == good


def test_pages_of_another_renderer_are_read_alike(tmp_path: Path, extension: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<body><nav><h2>Results</h2></nav><main><h1><span>1</span> Results</h1>"
        "<p>In 2024 there were 18 cases.</p><figure><figcaption>Table&nbsp;1: Services by type"
        "</figcaption><table><tr><td>Shelter</td><td>16</td><td>1,204</td></tr></table></figure>"
        "<figure><svg></svg><figcaption>Figure&nbsp;1: Cases by year</figcaption></figure></main>",
        encoding="utf-8",
    )
    words = theme_words(ONE)
    check_page(page, parse(CLEAN, "page"), ONE, words)
    page.write_text(page.read_text().replace("<h1><span>1</span> Results</h1>", ""))
    with pytest.raises(FindingsError, match="“Results” is lost"):
        check_page(page, parse(CLEAN, "page"), ONE, words)


def test_a_number_is_found_beside_the_mark_of_a_note_and_across_a_parted_word(
    tmp_path: Path, sample: Any, extension: Path
) -> None:
    text = (
        "# A\n\n"
        + "In 2021[^n] came anti-trafficking-2022 of 2021\u20132023. " * 9
        + "\n\n[^n]: 7."
    )
    file = publish(sample, tmp_path, extension, text.replace("[^n]", "", 0), "pdf")
    pages = read_pages(file)
    assert numbers_in("\n".join(page.text for page in pages))["2021"] == 18
    assert not any(list(overprinted(page.words)) for page in pages)


def test_the_text_of_a_page_is_read_without_what_the_renderer_makes(sample: Any) -> None:
    content = page_content(parse("# A $x_2$ @sec-b\n\n1 <!-- 2 --> $3$ `4`^5^\n", "page"), "html")
    assert content.headings == [("A", "", "")]
    left = page_content(parse(TABLE + "\n: Services \\{#tbl-7}\n", "page"), "html")
    assert [caption.parts for caption in left.captions] == [("Services",)]
    assert "7" not in numbers_in(left.text)
    assert dict(numbers_in(content.text)) == {"1": 1, "4": 1, "5": 1}


def test_half_a_pdf_is_refused_in_one_line(tmp_path: Path, extension: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(b"%PDF-1.7\n")
    words = theme_words(ONE)
    with pytest.raises(FindingsError, match=r"page.pdf is not a whole PDF"):
        check_page(tmp_path / "page.pdf", parse("A", "page"), ONE, words)
