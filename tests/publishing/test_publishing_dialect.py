"""What people write cannot run, load or show anything but words: payloads, one kind after another."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from atips_analysis.errors import InputError
from atips_analysis.project import find_project, pandoc_program
from atips_analysis.quality.reminders import write_letter
from atips_analysis.render import Publication, Report, pandoc, render
from atips_analysis.render.dialect import check_passage
from atips_analysis.render.pandoc import parse, write
from atips_analysis.render.policy import sealed

ANYWHERE = {
    "raw HTML": "```{=html}\n<script>alert(1)</script>\n```",
    "raw HTML in capitals": "```{=HTML}\n<script>alert(1)</script>\n```",
    "raw HTML with a version": "```{=html5}\n<b>x</b>\n```",
    "raw XHTML within a line": "So `<img src=x onerror=alert(1)>`{=XHTML} it is.",
    "raw Typst": '```{=typst}\n#image("/secret.svg")\n```',
    "raw Typst in capitals": "`#read(\"x\")`{=Typst}",
    "raw TeX": "\\input{/any/file}",
    "raw TeX with an environment": "\\begin{filecontents}x\\end{filecontents}",
    "raw OpenXML": "```{=openxml}\n<w:p/>\n```",
    "raw markup between waves": "~~~ {=HtMl5}\n<script>alert(1)</script>\n~~~",
    "a tag": "A <script>alert(1)</script> tag.",
    "a tag of another kind": "A <iframe src='https://example.org'></iframe> tag.",
    "a picture as a tag": "<img src='/any/file' onerror='alert(1)'>",
    "a style": "<style>body { display: none }</style>",
    "a comment that ends early": "<!-- --><svg onload=alert(1)> -->",
    "a span that loads a file": "[x]{src=/any/file}",
    "a span with an event": "[x]{onclick=alert(1)}",
    "a span with a style": "[x]{style='position: fixed'}",
    "a block with an event": "::: {onmouseover=alert(1)}\nx\n:::",
    "a block that loads": "::: {data-src=/any/file}\nx\n:::",
    "a heading with an event": "## Heading {onclick=alert(1)}",
    "a link with an event": "[x](https://example.org){onclick=alert(1)}",
    "code with an event": "`x`{onclick=alert(1)}",
    "a block of code that loads": "``` {.x src=/any/file}\nx\n```",
    "a link that runs": "[x](javascript:alert(1))",
    "a link that runs, in capitals": "[x](JaVaScRiPt:alert(1))",
    "a link that runs, with a line in it": "[x](java&#10;script:alert(1))",
    "a link that runs, with a blank before it": "[x](&#32;javascript:alert(1))",
    "a link by reference that runs": "[x][y]\n\n[y]: javascript:alert(1)",
    "a link in pointed brackets": "<javascript:alert(1)>",
    "a link that holds a page": "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "a link to a file": "[x](file:///any/file)",
    "a link to a place of the machine": "[x](/any/file)",
    "a link whose scheme is written in codes": "[x](&#x6A;&#97;vascript&colon;alert(1))",
    "a link in pointed brackets of another kind": "<vbscript:x>",
    "a link that opens a program": "<ms-word:ofe|u|http://example.org>",
    "a link to a share": "[x](\\\\\\\\host\\\\share)",
    "a link to another host without saying how": "[x](//example.org)",
    "a picture from elsewhere": "![x](https://example.org/x.png)",
    "a picture of the machine": "![x](/any/file.png)",
    "a picture from above": "![x](../../work/secret.svg)",
    "a picture as data": "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "a picture by reference": "![x][y]\n\n[y]: /any/file.svg",
    "a picture in a link": "[![x](/any/file.svg)](https://example.org)",
    "a confidential table as a picture": "![x](data/databank/victims.csv)",
    "a link whose scheme holds what nobody sees": "[x](java&#8203;script:alert(1))",
    "a turn of direction in codes": "18&#x202E;24 cases",
    "a mark of no width in codes": "trafficking&ZeroWidthSpace;victims",
    "a blank that joins, in codes": "trafficking&zwj;victims",
    "a hyphen that nobody sees, in codes": "traf&shy;ficking",
    "a mark of direction in codes": "18&rlm;24",
    "a tag of a language in codes": "victims&#xE0041;",
    "a letter that is blank, in codes": "victims&#x3164;",
    "a link that names one host and leads to another": "[x](https://example.org@example.net)",
    "the same in codes": "[x](https://example.org%2f@example.net)",
    "a link in letters that look alike": "[x](https://ех\u0430mple.org)",
    "a link to this machine": "[x](http://localhost:8888/)",
    "a link to an address of numbers": "[x](http://127.0.0.1/)",
    "a link to an address of numbers in brackets": "[x](http://[::1]/)",
    "a link without slashes": "[x](https:example.org)",
    "a link with a scheme in codes": "[x](https%3A//example.org)",
    "a letter that encloses a file": "[x](mailto:a@example.org?attach=/any/file)",
    "a letter to somebody else too": "[x](mailto:a@example.org%0d%0abcc:b@example.org)",
    "a code that a telephone obeys": "[x](tel:*2767*3855%23)",
    "a picture of no end": "![x](x.svg){width=99999999%}",
    "something in a table": "| a | b |\n|---|---|\n| [x]{onclick=y} | <b>c</b> |",
    "something in a footnote": "x[^1]\n\n[^1]: <script>alert(1)</script>",
    "something in a list": "- a\n\n    ```{=HTML}\n    <script>alert(1)</script>\n    ```",
    "something in a definition": "Term\n\n:   <script>alert(1)</script>",
    "something in a caption": "![<script>alert(1)</script>](x.svg){fig-alt=x}",
}  # fmt: skip
IN_PASSAGES = {
    "a script in a table, which Pandoc drops": "| a |\n|---|\n| <script>x</script> |",
    "a section of data": "<![CDATA[x]]>",
    "a kind of document": "<!DOCTYPE html>",
    "an entity": "<!ENTITY x SYSTEM 'file:///any/file'>",
    "a turn of direction in a title": '[x](https://example.org "a&#x202E;b")',
    "a turn of direction in a description": '![x](office.png){fig-alt="a&#x202E;b"}',
    "a class that hides": "## Heading {.hidden}",
    "a class of the theme": "![x](office.png){.lightbox}",
    "a class of a link": "[x](https://example.org){.external}",
    "a class of a call": "`{python} year`{.x}",
    "an event in a caption": "| a |\n|---|\n| b |\n\n: c {onclick=alert(1)}",
    "widths in a caption": '| a |\n|---|\n| b |\n\n: c {tbl-colwidths="[75,25]"}',
    "a link to the folder of the user": "[x](~/x)",
    "a link to a variable": "[x]($HOME)",
    "a link that asks": "[x](?a=b)",
    "a scheme in wide letters": "[x](\uff4aavascript:alert(1))",
    "a scheme in codes of codes": "[x](%256aavascript:alert(1))",
    "a picture, which stands in photographs.csv": "![The office](my office.png){fig-alt='A house'}",
    "a picture within a line": "See ![](office.png) here.",
    "code": "Some `code`.",
    "a block of code": "```\ncode\n```",
    "an indented block of code": "Words.\n\n    code",
    "a formula": "$x^2$",
    "a block": "::: {.callout-note}\nx\n:::",
    "a footnote": "x^[y]",
    "a reference": "See @tbl-services.",
    "a quotation": "> x",
    "a comment": "<!-- x -->",
    "settings of the page": "---\nheader-includes: '<script>alert(1)</script>'\n---\n\nx",
    "settings that end in dots": "---\nlang: x\n...\n\nx",
    "a link that leads up": "[x](../../data/databank/victims.csv)",
    "a link that leads up in codes": "[x](..%2f..%2fdata/victims.csv)",
    "quotations in quotations": ">" * 3000 + " x",
    "lists in lists": "\n".join("  " * deep + "- x" for deep in range(400)),
}  # fmt: skip
ALLOWED = """## What was done {#sec-done}

The *Council* met, **as it says**; see [its page](https://example.org), [write](mailto:a@example.org)
or [call](tel:+501), the site <https://example.org>, the office <a@example.org>, or see
[the methods](methods-en.html#sec-a) and [the table](indicators.csv). In `{python} year` there were `{python} value("PROS-01", period=2023)`.

- one
- two

1. first
2. second

| Month | Meeting |
|:------|:--------|
| June  | the 7th |

### More
"""


@pytest.mark.parametrize(
    "text", [*ANYWHERE.values(), *IN_PASSAGES.values()], ids=[*ANYWHERE, *IN_PASSAGES]
)
def test_a_passage_keeps_to_its_dialect(tmp_path: Path, text: str) -> None:
    written = f"Words before.\n\n{text}\n"
    with pytest.raises(InputError) as refusal:
        check_passage(written, "data/narrative/2024/courts.md")
    said = str(refusal.value)
    assert said.startswith("data/narrative/2024/courts.md") and "\n" not in said


@pytest.mark.parametrize("text", ANYWHERE.values(), ids=ANYWHERE)
def test_a_page_holds_what_the_theme_knows_and_nothing_else(
    tmp_path: Path, sample: Any, text: str
) -> None:
    notebook = sample.write_notebook(tmp_path / "page.ipynb", sample.text_cell(f"# A\n\n{text}\n"))
    report = Report("page", notebook, Publication(title="One", lang="en"))
    with pytest.raises(InputError, match=r"^page.ipynb"):
        render(report, tmp_path / "out", renderer="embedded", formats=["html"])
    assert not (tmp_path / "out" / "page.html").exists()


def test_what_the_dialect_holds_is_taken(tmp_path: Path) -> None:
    check_passage(ALLOWED, "courts.md")


def test_what_keeps_pandoc_busy_is_named_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pandoc, "LONGEST", 1)
    with pytest.raises(InputError, match=r"^courts\.md: takes Pandoc too long to read"):
        check_passage("[" * 20_000, "courts.md")


def test_the_row_of_what_is_refused_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"courts\.md, row 5: .*javascript"):
        check_passage("One.\n\nTwo.\n\n[x](javascript:y)\n", "courts.md")
    with pytest.raises(InputError, match=r"courts\.md, row 3: a picture .*photographs\.csv"):
        check_passage("One.\n\nSee ![](my%20office.png).\n", "courts.md")


def test_the_project_s_own_passages_keep_to_the_dialect() -> None:
    narrative = find_project().root / "data" / "narrative"
    files = sorted(narrative.glob("*/*.md"))
    assert len(files) > 5
    for file in files:
        check_passage(file.read_text(encoding="utf-8"), file.name)


def test_pandoc_reads_no_file_that_a_text_names_and_no_settings_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("victim,V-001\n", encoding="utf-8")
    home = tmp_path / "home"
    for folder in (home / ".pandoc", home / ".local" / "share" / "pandoc"):
        folder.mkdir(parents=True)
        (folder / "init.lua").write_text("error('the user settings ran')", encoding="utf-8")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / ".local" / "share"))
    filter_ = tmp_path / "nothing.lua"
    filter_.write_text("return {}", encoding="utf-8")
    tree = parse(f"[x]{{src={secret}}}", "page")
    options = [
        "--embed-resources",
        "--standalone",
        "--metadata=pagetitle:-",
        f"--lua-filter={filter_}",
    ]
    with pytest.raises(InputError):
        html = write(tree, "html5", options=options)
        assert "V-001" in html or "data:" in html, "nothing was embedded"
        raise InputError("embedded")


def test_no_pandoc_but_that_of_the_wheel_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "pandoc"
    other.write_text("#!/bin/sh\necho pandoc 99.9\n", encoding="utf-8")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    for place in (str(other), "/bin/false"):
        monkeypatch.setenv("PYPANDOC_PANDOC", place)
        pandoc_program.cache_clear()
        assert not pandoc.pandoc_version().startswith("99")
        write_letter(tmp_path / "letter.docx", "Words.", "en")
        assert (tmp_path / "letter.docx").read_bytes().startswith(b"PK")


def test_a_page_s_policy_names_its_own_script_and_style_and_nothing_else(
    tmp_path: Path, sample: Any
) -> None:
    text = "# A\n\n| a | b |\n|--:|:-:|\n| 1 | 2 |\n\n: Numbers {#tbl-a}\n"
    notebook = sample.write_notebook(tmp_path / "page.ipynb", sample.text_cell(text))
    report = Report("page", notebook, Publication(title="One", lang="en"))
    (file,) = render(report, tmp_path, renderer="embedded", formats=["html"])
    html = file.read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy and "unsafe" not in policy[1] and policy[1].count("sha256-") == 2
    assert " style=" not in html and not re.search(
        r"\son[a-z]+=", html.split("</head>")[1].split("<script>")[0]
    )
    assert 'class="to-right"' in html and ".to-right{text-align:right}" in html


def test_sealing_a_sealed_page_changes_nothing() -> None:
    page = "<head><style>a</style></head><body><p>x</p></body>"
    assert sealed(page) == page
