"""Whatever is written in a file or on the command line: done, or one line for a person.

Fuzzed by Hypothesis, derandomised. Damaged submissions are tried in `tests/intake`.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from atips_analysis.cleaning import months, values
from atips_analysis.cli import run
from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.indicators import parse_period
from atips_analysis.notebooks.parameter_cell import checked_values, parse_assignments
from atips_analysis.project import CHECKOUT
from atips_analysis.release import verify_pack

pytestmark = pytest.mark.slow
FUZZ = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
MANY = settings(FUZZ, max_examples=120)

DIGITS = "0123456789٠٢٤२４"
TEXT = st.one_of(
    st.text(max_size=20),
    st.text(alphabet=f"{DIGITS}-/.:, TZ+abcJjanuyMaré%()", max_size=24),
    st.from_regex(r"[0-9]{1,40}([-/. ][0-9]{1,5}){0,3}", fullmatch=True),
)
"""What may stand in a cell: anything, what looks like a date or a number, and long numbers."""
CELL = st.one_of(
    st.sampled_from(
        ["", "0", "2", "3", "17", "Total", "C", "Z", "-1", "1e9", "nan", "inf", "1.5", "<5", "٣"]
    ),
    st.integers(-3, 10**25).map(str),
    st.text(alphabet='ab",;\t\x00\ufeff\u202e=+-@<>\r', max_size=6),
)


def answered(words: list[str], files: Mapping[str, bytes]) -> tuple[int, str]:
    """A command in a folder that holds some files: its exit code and what it said on errors."""
    errors, here = io.StringIO(), Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        os.chdir(folder)
        try:
            with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
                code = run(words)
        finally:
            os.chdir(here)
    return code, errors.getvalue()


def refuse_faults(words: list[str], files: Mapping[str, bytes]) -> int:
    code, said = answered(words, files)
    lines = said.splitlines()
    assert code in (0, 1, 2) and len(lines) <= 1, (code, said)
    assert "unexpected fault" not in said and "Traceback" not in said, said
    assert all(one.startswith("atips: ") for one in lines) and (code != 2 or lines), said
    return code


@MANY
@given(TEXT)
@example("9" * 5000)
@example("2024-02-30T25:61:61+99:99")
def test_whatever_stands_where_a_date_belongs_is_a_month_or_none(text):
    found = months.month_of(text)
    assert found is None or (
        len(found) == 7 and int(found[:4]) >= 1900 and 1 <= int(found[5:]) <= 12
    )
    for cleaned in (values.month(text), values.year(text)):
        assert cleaned is None or isinstance(cleaned.value, (str, int)) or cleaned.value is None


@MANY
@given(TEXT)
@example("²")
@example("9" * 5000)
def test_whatever_stands_where_a_code_or_a_number_belongs_is_one_or_none(text):
    book = load_codebook()
    for found in (values.whole_number(text), values.age(text), values.yes_or_no(text, book)):
        assert found is None or len(found) >= 2
    for name in book.codelists:
        values.code(text, name, book)
    values.codes(text, "sex", book)
    values.case_code(text, "BZ-CASE")
    values.pseudonym(text)


@MANY
@given(st.one_of(TEXT, st.from_regex(r"[0-9]{4}(-(Q|H)[0-9])?(\.\.|-)[0-9]{4}", fullmatch=True)))
def test_whatever_is_given_as_a_period_is_one_or_is_refused_in_one_line(text):
    try:
        found = parse_period(text)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert found.years == tuple(sorted(found.years))


NOTEBOOKS = sorted((CHECKOUT / "notebooks" / "research").glob("*.ipynb"))


@MANY
@given(st.sampled_from(NOTEBOOKS), st.lists(st.text(max_size=20), max_size=3), TEXT, st.data())
def test_whatever_is_given_as_a_parameter_is_of_its_type_or_is_refused(book, pairs, text, data):
    from atips_analysis.notebooks.running import declared_parameters

    names = [one.name for one in declared_parameters(book)] or ["year"]
    name = data.draw(st.sampled_from(names))
    for given_pairs in (pairs, [f"{name}={text}"]):
        try:
            checked_values(book, parse_assignments(given_pairs))
        except InputError as error:
            assert "\n" not in str(error)


TABLES = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=7)


def as_csv(head: str, rows: list[list[str]]) -> bytes:
    return "\n".join([head, *(",".join(row) for row in rows)]).encode("utf-8", "surrogatepass")


@FUZZ
@given(rows=TABLES, threshold=st.sampled_from(["5", "1", "0", "-3", "10", "x", "99999999999999"]))
def test_any_table_is_protected_or_refused_in_one_line(rows, threshold):
    words = ["protect", "t.csv", "--count", "n", "--by", "a,b", "--out", "o.csv"]
    refuse_faults([*words, "--threshold", threshold], {"t.csv": as_csv("a,b,n", rows)})


@FUZZ
@given(rows=TABLES)
def test_any_table_is_attacked_or_refused_in_one_line(rows):
    refuse_faults(["audit", "t.csv", "--count", "n"], {"t.csv": as_csv("a,b,n", rows)})


@FUZZ
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=80).map(lambda t: t.encode())))
@example(content=b"\xff\xfea\x00")
@example(content=b"n\n" + b"1," * 100_000)
def test_any_bytes_in_place_of_a_table_are_refused_in_one_line(content):
    for words in (
        ["audit", "t.csv", "--count", "n"],
        ["protect", "t.csv", "--count", "n", "--by", "a", "--out", "o.csv"],
        ["estimate", "t.csv"],
    ):
        assert refuse_faults(words, {"t.csv": content}) in (1, 2)


@FUZZ
@given(rows=st.lists(st.lists(CELL, min_size=4, max_size=4), min_size=1, max_size=8), asked=TEXT)
def test_any_lists_are_estimated_or_refused_in_one_line(rows, asked):
    right = [["1", "0", "0", "31"], ["0", "1", "0", "25"], ["0", "0", "1", "18"]]
    files = {"t.csv": as_csv("A,B,C,n", [*right, *rows])}
    refuse_faults(["estimate", "t.csv", "--ungated"], files)
    files = {"t.csv": as_csv("A,B,C,n", rows)}
    refuse_faults(["estimate", "t.csv", f"--model={asked or 'x'}"], files)
    refuse_faults(["estimate", "t.csv", f"--referral={asked or 'x'}"], files)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 10**20), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["files", "release", "version", "cells", "sums", "year", "signed_by"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        *(verify_pack.SUMS, verify_pack.MANIFEST, "ledger/releases-2024.json", "datapackage.json"),
        *("tables/indicators.csv", "ro-crate-metadata.json", f"{verify_pack.KEYS}checked.pem"),
        *("reports/indicators.csv", f"{verify_pack.SIGNATURES}checked.sig", "a/../../b", "/x"),
    ]
)


DEEP = b"[" * 100_000 + b"]" * 100_000
"""What Python's reader of JSON gives up on, with another error than for what is no JSON."""
MANIFEST = {
    "year": 2024,
    "simulated": False,
    "release": {"version": 1},
    "edition": "e",
    "files": {},
}
HUGE = {"cells": [["m", "p", {}, 10**4000, []], ["m", "p", {}, "unpublished", []]], "tables": ["t"]}
VERSION = {"version": 1, "edition": "e", "files": {}, "table": "", "seal": "", "follows": None}


def a_pack(**entry: object) -> dict[str, object]:
    """The parts of a pack that come as far as its ledger."""
    version = {**VERSION, "release": {"cells": [], "sums": []}, **entry}
    return {
        verify_pack.MANIFEST: MANIFEST,
        "tables/indicators.csv": b"indicator_id,value,status\n",
        "ledger/releases-2024.json": {"year": 2024, "versions": []},
        "ledger/2024.json": {"year": 2024, "versions": [version]},
    }


@FUZZ
@example({"ledger/2024.json": DEEP, verify_pack.MANIFEST: b"{}"}, True)
@example({**a_pack(), verify_pack.MANIFEST: DEEP}, True)
@example({**a_pack(), "datapackage.json": DEEP}, True)
@example({**a_pack(), f"{verify_pack.BASELINES}x.json": DEEP}, True)
@example({**a_pack(), "tables/indicators.csv": b"value,status\n" + b"1" * 200_000}, True)
@example(a_pack(release={**HUGE, "sums": [[0, 0, [1]]]}), True)
@example(a_pack(signed_by=["checked"]), True)
@example({**a_pack(), verify_pack.SUMS: b"\xff"}, False)
@given(st.dictionaries(NAMES, st.one_of(st.binary(max_size=40), JSON), max_size=8), st.booleans())
def test_any_pack_is_verified_or_refused_in_one_line(parts, listed):
    import hashlib
    import json

    files = {
        name: one if isinstance(one, bytes) else json.dumps(one).encode()
        for name, one in parts.items()
    }
    if listed:
        sums = (f"{hashlib.sha256(one).hexdigest()}  {name}" for name, one in files.items())
        files[verify_pack.SUMS] = "\n".join(sums).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    content = packed.getvalue()
    for whole in (content, content[: len(content) // 2]):
        assert refuse_faults(["verify", "p.zip"], {"p.zip": whole}) in (1, 2)


@pytest.mark.parametrize(
    "file, words",
    [
        ("expectations/victims.json", ["check", "data/submissions"]),
        ("data/databank/editions/*/manifest.json", ["databank", "verify"]),
        ("data/databank/answers/00001-x.json", ["databank", "answers"]),
        ("data/ledger/2024.json", ["indicators", "--year", "2024", "--out", "data/work/x.csv"]),
        ("notebooks/brief.ipynb", ["run", "brief"]),
        ("notebooks/research/_template.ipynb", ["new-analysis", "ages"]),
        ("data/council/profile.toml", ["consolidate"]),
    ],
)
def test_a_file_of_the_project_that_is_nested_too_deeply_is_named_in_one_line(
    kept_project, tmp_path, monkeypatch, capfd, file, words
):
    root = tmp_path / "project"
    shutil.copytree(kept_project, root)
    monkeypatch.chdir(root)
    places = sorted(root.glob(file)) or [root / file]
    places[0].parent.mkdir(exist_ok=True)
    places[0].write_text(("a = " if file.endswith("toml") else "") + DEEP.decode())
    bank = [] if words[0] not in ("databank", "indicators") else ["--databank", "data/databank"]
    code, said = run([*words, *bank]), capfd.readouterr().err
    assert "unexpected fault" not in said and len(said.splitlines()) == (code == 2), (code, said)
