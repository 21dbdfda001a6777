"""The messages of a notebook are its paragraphs, and a translation of it is the same notebook."""

from __future__ import annotations

import io
import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atips_analysis.errors import InputError
from atips_analysis.words import catalogues, translate_cells, translator
from atips_analysis.words.extraction import KEYWORDS, extract_notebook
from atips_analysis.words.paragraphs import pieces

CELL = """## Protection {#sec-protection}

In `{python} year`, `{python} said("PROT-01")`.
Most were known before.

::: {.callout-note title="A note"}
A paragraph inside a div.
:::

- one item
- another

```{=html}
<b>no message</b>
```

`{python} table`

<!-- no message
either -->
\\newpage
"""
WORDS = [
    "Protection",
    'In `{python} year`, `{python} said("PROT-01")`.\nMost were known before.',
    "A note",
    "A paragraph inside a div.",
    "- one item\n- another",
]
CODE = '%matplotlib inline\nshow(frame, caption=_("Victims, by year"))\n_.pgettext("number", "no")'
FRONT = "---\ntitle: Methods\nlang: en\n---"

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: fr\\n"\n'


def notebook(*cells: tuple[str, str]):
    make = {
        "raw": nbformat.v4.new_raw_cell,
        "markdown": nbformat.v4.new_markdown_cell,
        "code": nbformat.v4.new_code_cell,
    }
    return nbformat.v4.new_notebook(cells=[make[kind](source) for kind, source in cells])


@pytest.fixture
def french(tmp_path, monkeypatch):
    """Makes French out of pairs of messages; all others are lacking."""

    def of(messages):
        file = tmp_path / "xx" / "LC_MESSAGES" / "atips.po"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = HEAD
        for message, there in messages.items():
            text += (
                f"\nmsgid {json.dumps(message)}\nmsgstr {json.dumps(there, ensure_ascii=False)}\n"
            )
        file.write_text(text, encoding="utf-8")
        monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
        catalogues._loaded.cache_clear()
        return translator("xx")

    return of


def test_messages_are_headings_paragraphs_lists_and_titles_of_boxes():
    assert [piece.text for piece in pieces(CELL) if piece.message] == WORDS


def test_the_pieces_of_a_cell_are_the_cell():
    assert "".join(piece.text for piece in pieces(CELL)) == CELL


@given(
    st.lists(
        st.sampled_from(
            ["", "# A", "## B {#x}", "text", "  more", "- item", "```", "~~~", ":::", "<!-- c",
             "--> d", '::: {.x title="T"}', "| a | b |", "`{python} x`", "    code", "$$ x $$"]
        )
    ),
    st.booleans(),
)  # fmt: skip
def test_no_cell_loses_or_gains_a_letter_by_being_taken_apart(lines, ends):
    source = "\n".join(lines) + ("\n" if ends else "")
    assert "".join(piece.text for piece in pieces(source)) == source


def test_babel_finds_front_matter_paragraphs_and_calls_with_the_number_of_their_cell():
    text = json.dumps(notebook(("raw", FRONT), ("markdown", CELL), ("code", CODE))).encode()
    found = list(extract_notebook(io.BytesIO(text), list(KEYWORDS), [], {}))
    assert [message for _, function, message, _ in found if function is None] == ["Methods", *WORDS]
    assert (3, "_", "Victims, by year", []) in found
    assert (3, "pgettext", ("number", "no"), []) in found
    assert {line for line, _, message, _ in found if message in WORDS} == {2}


def test_a_notebook_in_another_language_differs_in_its_words_alone(french):
    pairs = {
        word: word.replace("Most were", "La plupart").upper() for word in WORDS if "`" not in word
    }
    pairs |= {"Methods": "Méthodes", WORDS[1]: '`{python} said("PROT-01")` en `{python} year`.'}
    here = notebook(("raw", FRONT), ("markdown", CELL), ("code", CODE))
    there = translate_cells(here, french(pairs))
    expected = CELL
    for word in WORDS:
        expected = expected.replace(word, pairs[word])
    assert there.cells[1].source == expected
    assert there.cells[2] == here.cells[2]
    assert there.cells[0].source == "---\ntitle: Méthodes\nlang: xx\n---"
    assert here.cells[1].source == CELL


def test_english_needs_no_translation():
    here = notebook(("markdown", CELL))
    assert translate_cells(here, translator("en")) == here


def test_a_paragraph_without_a_translation_is_named_with_its_notebook_and_cell(french):
    with pytest.raises(
        InputError, match=r"^trends: cell 1: .*atips.po: no translation of \"Word\""
    ):
        translate_cells(notebook(("markdown", "Word")), french({"Other": "Autre"}), "trends")


@pytest.mark.parametrize(
    "there", ["En année", "En `{python} month`", "`{python} year` `{python} x`"]
)
def test_a_translation_with_other_expressions_is_refused_in_one_line(french, there):
    with pytest.raises(InputError, match=r"cell 1: .*same expressions .*copy them to") as error:
        translate_cells(
            notebook(("markdown", "In `{python} year`")), french({"In `{python} year`": there})
        )
    assert "\n" not in str(error.value)
