"""The suites of `expectations/`, one file a stream: the rules, as Great Expectations writes them.

Beside what Great Expectations knows (`type`, `kwargs`, `severity`) each rule says in `meta`:

- `rule`: the rule's short name, under which findings are counted;
- `column`: the column that is wrong, where it is not the one of `kwargs`;
- `reason_LANG`, `remedy_LANG`: what is wrong and what to do, in each language.

Words may hold, in braces: `value` (what was written), the name of a column (the row's own value, a
code by its label), `detail` (what a kind of the house contradicts), `column` (the label of the
column), `codes` (the labels of its code list), `not_known` (the label of its code for not known)
and `case_prefix` (how codes of cases begin).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from atips_analysis.codebook import Codebook, Stream
from atips_analysis.errors import InputError
from atips_analysis.files import read_json
from atips_analysis.words import languages
from atips_analysis.words.said import Message, Said

PROVENANCE = ("file", "sheet", "row", "submitted_by", "submitted_for", "source")
SEVERITIES = ("critical", "warning", "info")
NOT_KNOWN = ("UNK", "UNKNOWN", "U", "NOT_SPECIFIED")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
OF_A_ROW = ("value", "detail")
OF_THE_COLUMN = ("column", "codes", "not_known", "case_prefix")
COLUMNS_NAMED = ("column", "column_A", "column_B", "column_list", "by")

Words = dict[str, tuple[str, str]]
"""What is wrong and what to do, by language."""


@dataclass(frozen=True)
class Rule:
    """A rule of a suite: the expectation as it stands in the file, and what it says.

    `reads` names the columns that it reads; `column` is the one that its findings are about.
    """

    expectation: Mapping[str, Any]
    name: str
    column: str
    severity: str
    reads: tuple[str, ...]
    words: Words = field(repr=False)


def load_suite(folder: Path, stream: str, codebook: Codebook) -> list[Rule]:
    """The rules of `stream`, in the order of `folder`/STREAM.json.

    Raises InputError if the file is missing or cannot be read, or a rule cannot be judged: a kind
    of expectation, column, code list or severity that there is not, an argument that the kind does
    not take, or words that are missing in a language; one line with file, rule and what to do.
    """
    path = folder / f"{stream}.json"
    if not path.is_file():
        raise InputError(
            Message("the suite is missing; restore expectations/ from the repository").format(),
            file=path,
        )
    try:
        suite = read_json(path)
        listed = list(suite["expectations"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            Message(
                "cannot be read as a suite of Great Expectations ({error}); correct the file"
            ).format(error=str(error)),
            file=path,
        ) from None
    from atips_analysis.quality.expectations import parameters

    known = _Known(path.name, codebook.streams[stream], codebook, frozenset(parameters(codebook)))
    return [_Entry(known, number, item).rule() for number, item in enumerate(listed, start=1)]


@dataclass(frozen=True)
class _Known:
    """What the entries of a suite are checked against."""

    file: str
    stream: Stream
    codebook: Codebook
    parameters: frozenset[str]


@dataclass(frozen=True)
class _Entry:
    """An entry of a suite as it is read."""

    known: _Known
    number: int
    item: Any

    def rule(self) -> Rule:
        if not isinstance(self.item, dict):
            raise self.wrong(
                Message("is not an expectation"), Message("write type, severity, kwargs and meta")
            )
        self._check_kind()
        meta, arguments = self.item.get("meta") or {}, self.item["kwargs"]
        if not meta.get("rule"):
            raise self.wrong(
                Message("meta has no rule"), Message("name it, as under rule in the other entries")
            )
        column = str(meta.get("column", arguments.get("column", "")))
        named = set(_columns_of(arguments))
        self._check_columns({column} - {""} | named)
        if self.item.get("severity") not in SEVERITIES:
            known = ", ".join(SEVERITIES)
            raise self.wrong(
                Message("severity {severity!r}").format(severity=self.item.get("severity")),
                Message("write one of {known}").format(known=known),
            )
        words = {lang: self._said_to_agency(meta, column, lang) for lang in languages()}
        reads = tuple(sorted(named))
        return Rule(self.item, str(meta["rule"]), column, self.item["severity"], reads, words)

    def wrong(self, what: str, remedy: str) -> InputError:
        kind = self.item.get("type") if isinstance(self.item, dict) else None
        name = f" ({kind})" if kind else ""
        said = Message("rule {number}{name}: {what}; {remedy}").format(
            number=self.number, name=name, what=what, remedy=remedy
        )
        return InputError(said, file=self.known.file)

    def _check_kind(self) -> None:
        """The kind of expectation is one that there is, and takes these arguments."""
        from great_expectations.compatibility.pydantic import ValidationError
        from great_expectations.expectations.registry import (
            get_expectation_impl,
            list_registered_expectation_implementations,
        )

        kind, arguments = self.item.get("type"), self.item.get("kwargs")
        known = list_registered_expectation_implementations()
        if kind not in known:
            near = get_close_matches(str(kind), known, n=1)
            hint = _meant(near) if near else Message("see the kinds in the other entries")
            raise self.wrong(Message("there is no such kind of expectation"), hint)
        if not isinstance(arguments, dict):
            raise self.wrong(
                Message("has no kwargs"), Message("write the arguments, such as the column")
            )
        for name in _parameters_of(arguments):
            if name not in self.known.parameters:
                raise self.wrong(
                    Message("there is no parameter {name}").format(name=name),
                    Message("write codes_LIST or several_LIST with the name of a code list"),
                )
        try:
            get_expectation_impl(str(kind))(**arguments)
        except (ValidationError, ValueError, TypeError) as error:
            remedy = Message("correct the arguments in kwargs")
            raise self.wrong(f"{_first(error)}", remedy) from None

    def _check_columns(self, named: set[str]) -> None:
        known = {column.name for column in self.known.stream.columns} | set(PROVENANCE)
        for name in sorted(named - known):
            near = get_close_matches(name, known, n=1)
            hint = _meant(near) if near else Message("see columns.csv of the codebook")
            what = Message("stream {stream} has no column {name}")
            raise self.wrong(what.format(stream=self.known.stream.name, name=name), hint)

    def _said_to_agency(self, meta: Mapping[str, str], column: str, lang: str) -> tuple[str, str]:
        said = []
        for word in (f"reason_{lang}", f"remedy_{lang}"):
            if not meta.get(word):
                what = Message("no {word}").format(word=word)
                raise self.wrong(what, Message("say in meta what the agency reads"))
            said.append(self._filled(str(meta[word]), column, lang))
        return said[0], said[1]

    def _filled(self, words: str, column: str, lang: str) -> str:
        """The words with what is known of the column; what a row says stays to be filled."""
        named = set(PLACEHOLDER.findall(words)) - {*OF_A_ROW, *OF_THE_COLUMN}
        self._check_columns(named)
        for place in set(PLACEHOLDER.findall(words)) & set(OF_THE_COLUMN):
            words = words.replace(f"{{{place}}}", self._told(place, column, lang))
        return words

    def _told(self, place: str, column: str, lang: str) -> str:
        if place == "case_prefix":
            return self.known.codebook.case_prefix
        about = self.known.stream.column(column)
        if place == "column":
            return about.label(lang)
        if not about.codelist:
            what = Message("{place}: column {column} has no code list")
            raise self.wrong(
                what.format(place=f"{{{place}}}", column=column), Message("say it in words")
            )
        codelist = self.known.codebook.codelist(about.codelist)
        if place == "codes":
            labels = codelist.labels(lang)
            return "; ".join(labels[code] for code in codelist.codes)
        for code in NOT_KNOWN:
            if code in codelist.codes:
                return codelist.label(code, lang)
        what = Message("{place}: list {name} has no such code")
        raise self.wrong(
            what.format(place="{not_known}", name=codelist.name), Message("say it in words")
        )


def _meant(near: list[str]) -> Said:
    return Message("did you mean {name}?").format(name=near[0])


def _columns_of(arguments: Any) -> Iterator[str]:
    """The columns that an expectation reads, in its arguments and in its condition."""
    for key in COLUMNS_NAMED:
        named = arguments.get(key)
        yield from [named] if isinstance(named, str) else named or []
    yield from _columns_of_condition(arguments.get("row_condition"))


def _columns_of_condition(condition: Any) -> Iterator[str]:
    if isinstance(condition, dict):
        if "column" in condition:
            yield str(condition["column"]["name"])
        for part in condition.get("conditions", ()):
            yield from _columns_of_condition(part)


def _parameters_of(arguments: Mapping[str, Any]) -> Iterator[str]:
    for value in arguments.values():
        if isinstance(value, dict) and "$PARAMETER" in value:
            yield str(value["$PARAMETER"])


def _first(error: Exception) -> str:
    """The first of what a validation complains of, in one line."""
    errors = getattr(error, "errors", None)
    if callable(errors) and errors():
        one = errors()[0]
        return f"{', '.join(str(part) for part in one['loc'])}: {one['msg']}"
    return str(error).split("\n")[0]
