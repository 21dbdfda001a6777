"""A language is a catalogue: what it holds, what it lacks, and what in it nobody has read."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator

import nbformat
import pytest

from atips_analysis.errors import InputError
from atips_analysis.project import find_project
from atips_analysis.words import catalogues, recording_drafts, terminology, translator, upkeep
from atips_analysis.words.catalogues import catalogue_file, languages, read_catalogue
from atips_analysis.words.extraction import KEYWORDS, extract_notebook, messages_said
from atips_analysis.words.paragraphs import expressions

PROJECT = find_project()
PACKAGE = catalogues.LOCALE.parent
PLACE = re.compile(r"@(?:tbl|fig|sec)-[a-z-]+")
TRANSLATIONS = {
    lang: [entry for entry in read_catalogue(catalogue_file(lang)) if entry.id]
    for lang in languages()[1:]
}

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: {}\\n"\n'
MESSAGES = """
msgid "Good morning, {name}"
msgstr "Bonjour, {name}"

#, fuzzy
msgid "Good night"
msgstr "Bonne nuit"

msgctxt "number"
msgid "no"
msgstr "aucun"

msgid "{n} case"
msgid_plural "{n} cases"
msgstr[0] "{n} affaire"
msgstr[1] "{n} affaires"
"""


@pytest.fixture
def locale(tmp_path, monkeypatch):
    """A folder of catalogues of its own, with one language that nobody has in mind."""
    file = tmp_path / "xx" / "LC_MESSAGES" / "atips.po"
    file.parent.mkdir(parents=True)
    head = HEAD.format("fr") + '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n'
    file.write_text(head + MESSAGES, encoding="utf-8")
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    monkeypatch.setattr(upkeep, "LOCALE", tmp_path)
    return tmp_path


def test_english_is_the_source_and_needs_no_catalogue():
    assert translator("en")("{year} in figures", year=2024) == "2024 in figures"


def test_a_catalogue_is_all_that_a_language_takes(locale):
    assert languages() == ("en", "xx")
    assert translator("xx")("Good morning, {name}", name="Ana") == "Bonjour, Ana"
    assert catalogues.locale_of("xx") == "fr"


def test_a_word_of_two_meanings_has_a_context_and_a_count_its_plural(locale):
    _ = translator("xx")
    assert _.pgettext("number", "no") == "aucun"
    assert _.ngettext("{n} case", "{n} cases", 0, n=0) == "0 affaire"
    assert _.ngettext("{n} case", "{n} cases", 3, n=3) == "3 affaires"


def test_a_language_without_a_catalogue_is_refused():
    with pytest.raises(InputError, match=r"'fr' has no catalogue; use one of en, es"):
        translator("fr")


def test_a_message_that_the_catalogue_lacks_is_an_error_that_names_both(locale):
    with pytest.raises(
        InputError, match=r"locale/xx/LC_MESSAGES/atips.po: no translation of \"Good evening\""
    ):
        translator("xx")("Good evening")


def test_a_catalogue_that_names_no_known_locale_is_refused_in_one_line(locale):
    file = catalogue_file("xx")
    file.write_text(HEAD.format("xx") + MESSAGES, encoding="utf-8")
    with pytest.raises(InputError, match="the header names no language that is known"):
        translator("xx")


def test_saying_a_draft_is_remembered_and_saying_what_was_read_is_not(locale):
    _ = translator("xx")
    with recording_drafts() as said:
        _("Good morning, {name}", name="Ana")
        assert not said
        _("Good night")
    assert said == {("", "Good night")}


def test_whoever_reads_a_draft_is_named_by_role_and_it_is_a_draft_no_more(locale):
    assert upkeep.mark_as_read("xx", "Press officer") == 1
    assert "# Read by Press officer" in catalogue_file("xx").read_text(encoding="utf-8")
    assert upkeep.state_of("xx").drafts == ()
    with recording_drafts() as said:
        translator("xx")("Good night")
    assert not said


def test_nobody_cannot_have_read_a_draft(locale):
    with pytest.raises(InputError, match="is blank"):
        upkeep.mark_as_read("xx", " ")


def test_a_changed_sentence_is_a_draft_again_and_its_reader_is_forgotten(locale, tmp_path):
    code = tmp_path / "code"
    code.mkdir()
    old = "Every person identified is offered shelter, food and care"
    catalogue_file("xx").write_text(
        f'{HEAD.format("fr")}\n# Read by Press officer\nmsgid "{old}"\nmsgstr "Toute personne"\n',
        encoding="utf-8",
    )
    (code / "page.py").write_text(f"_('{old} at once')\n_('Something new')\n", encoding="utf-8")
    (state,) = upkeep.update_catalogues(tmp_path, code, tmp_path / "none")
    assert state.drafts == (("", f"{old} at once"),)
    assert state.empty == (("", "Something new"),)
    assert "Read by" not in catalogue_file("xx").read_text(encoding="utf-8")


def test_a_changed_sentence_with_other_placeholders_keeps_no_translation(locale, tmp_path):
    code = tmp_path / "code"
    code.mkdir()
    catalogue_file("xx").write_text(
        f'{HEAD.format("fr")}\nmsgid "In {{year}} this was the number of cases"\n'
        'msgstr "En {year} il y avait"\n',
        encoding="utf-8",
    )
    (code / "page.py").write_text("_('In {month} this was the number of cases')", encoding="utf-8")
    (state,) = upkeep.update_catalogues(tmp_path, code, tmp_path / "none")
    assert not state.drafts
    assert len(state.empty) == 1


def test_the_catalogues_hold_what_code_and_notebooks_say(tmp_path, monkeypatch):
    shutil.copytree(catalogues.LOCALE, tmp_path / "locale")
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path / "locale")
    monkeypatch.setattr(upkeep, "LOCALE", tmp_path / "locale")
    upkeep.update_catalogues(PROJECT.root, PACKAGE, PROJECT.notebooks)
    for file in sorted((tmp_path / "locale").rglob("*.po*")):
        kept = PACKAGE / "locale" / file.relative_to(tmp_path / "locale")
        assert file.read_bytes() == kept.read_bytes(), f"run make words ({file.name})"


def test_no_message_is_without_a_translation():
    for lang in TRANSLATIONS:
        state = upkeep.state_of(lang)
        assert state.messages > 200
        assert not state.empty


def test_a_notebook_is_to_be_translated_when_it_declares_its_language(tmp_path):
    words = nbformat.v4.new_markdown_cell("Said in English")
    for name, declared in (("english", "year: int = 2024"), ("both", 'lang: str = "en"')):
        parameters = nbformat.v4.new_code_cell(declared, metadata={"tags": ["parameters"]})
        document = nbformat.v4.new_notebook(cells=[parameters, words])
        nbformat.write(document, tmp_path / f"{name}.ipynb")
    template = messages_said(tmp_path, tmp_path, tmp_path)
    assert [message.locations for message in template if message.id] == [[("both.ipynb", 0)]]


def literals_said(tree: ast.AST) -> Iterator[str]:
    """The texts that code hands to a translator, found without Babel."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        called = getattr(getattr(node.func, "func", None), "id", "")
        if name in ("_", "N_", "ngettext") or called == "translator":
            said = node.args[0]
        elif name in ("pgettext", "NC_"):
            said = node.args[1]
        else:
            continue
        if isinstance(said, ast.Constant):
            yield str(said.value)


def test_babel_finds_every_text_that_code_says():
    template = messages_said(PROJECT.root, PACKAGE, PROJECT.root / "none")
    found = {catalogues.key_of(message)[1] for message in template if message.id}
    for file in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        lost = set(literals_said(tree)) - found
        assert not lost, (
            f"{file.name}: not within another call, and with _ = translator(lang): {lost}"
        )


def test_a_translation_keeps_placeholders_expressions_and_references():
    for entries in TRANSLATIONS.values():
        for entry in entries:
            if not entry.string or not isinstance(entry.id, str):
                continue
            assert upkeep._marks(entry.id) == upkeep._marks(entry.string), entry.id
            assert set(expressions(entry.id)) == set(expressions(entry.string)), entry.id
            assert set(PLACE.findall(entry.id)) == set(PLACE.findall(entry.string)), entry.id
            assert entry.id.count("**") == entry.string.count("**"), entry.id


def notebooks_say() -> Iterator[str]:
    """The messages of all notebooks, those in English alone too."""
    for file in sorted(PROJECT.notebooks.rglob("*.ipynb")):
        with file.open("rb") as document:
            yield from (str(said) for _, _, said, _ in extract_notebook(document, KEYWORDS, [], {}))


def test_no_message_says_a_word_that_may_not_be_said():
    template = messages_said(PROJECT.root, PACKAGE, PROJECT.root / "none")
    messages = [*(str(entry.id) for entry in template), *notebooks_say()]
    found = [what for said in messages for what in terminology.forbidden_in(said, "en")]
    for lang, entries in TRANSLATIONS.items():
        for entry in entries:
            found += terminology.forbidden_in(str(entry.string), lang)
    assert not found


@pytest.mark.parametrize(
    "wrong",
    [
        "El tráfico de personas en Belice",
        "las víctimas rescatadas",
        "tres menores fueron identificados",
        "migrantes ilegales",
        "la esclavitud moderna",
        "presuntas víctimas",
        "el tráfico ilícito de drogas y de personas",
    ],
)
def test_words_to_avoid_are_found_in_spanish(wrong):
    assert list(terminology.forbidden_in(wrong, "es"))


@pytest.mark.parametrize(
    "right",
    [
        "la trata de personas y el tráfico ilícito de migrantes",
        "niñas, niños y adolescentes (menores de 18 años)",
        "víctimas identificadas, potenciales y confirmadas",
    ],
)
def test_words_to_prefer_pass(right):
    assert not list(terminology.forbidden_in(right, "es"))
