"""Sentences of whole documents stand in files beside their code: none is missing, none is idle."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import atips_analysis
from atips_analysis.words.documents import messages_of, sentences_of, words_of

PACKAGE = Path(atips_analysis.__file__).parent
CODE = "\n".join(path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py")))
OF_INTAKE = PACKAGE / "intake" / "receipt_words.toml"
DOCUMENTS = sorted(PACKAGE.rglob("*words.toml"))


def test_every_message_of_intake_is_there_and_is_said():
    assert set(re.findall(r"\bsay\.([A-Z][A-Z_0-9]*)", CODE)) == set(vars(messages_of(OF_INTAKE)))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.parent.name)
def test_a_document_is_said_in_every_language_under_the_same_names(path):
    english, spanish = words_of(path, "en"), words_of(path, "es")
    assert vars(english).keys() == vars(spanish).keys()
    assert list(sentences_of(path)) and english != spanish


def test_every_sentence_of_form_and_feedback_is_said():
    for name in ("form_words.toml", "feedback_words.toml"):
        (path,) = PACKAGE.rglob(name)
        for key in tomllib.loads(path.read_text("utf-8")):
            assert re.search(rf"\b(?:words|told|\))\.{key}\b", CODE), f"{name}: {key}"


def test_a_sentence_takes_the_context_of_its_table(tmp_path):
    path = tmp_path / "words.toml"
    path.write_text('a = "one"\n[b]\ncontext = "of b"\nitems = ["two"]\n[c]\nd = "three"\n')
    assert list(sentences_of(path)) == [("", "one"), ("of b", "two"), ("", "three")]
    assert vars(messages_of(path)) == {"a": "one", "b": ("two",), "c": {"d": "three"}}
