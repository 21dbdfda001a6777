"""The suites follow from the codebook, and Great Expectations itself would judge the same."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from atips_analysis.quality.crossing import CROSS_CHECKS
from atips_analysis.quality.derived import COLUMN_CHECKS, ROW_CHECKS

from atips_analysis.codebook import load_codebook
from atips_analysis.project import find_project
from atips_analysis.quality.expectations import run_suite, unexpected_rows
from atips_analysis.quality.suites import build_suites, suite_parameters, suite_text

CODEBOOK = load_codebook()
SUITES = build_suites(CODEBOOK)
FOLDER = find_project().expectations
VALIDATION_RULES = {
    "unique": {"unique"},
    "foreign key": {"foreign key"},
    "child means": {"child means"},
    "CSEC": {"CSEC"},
    "leaf": {"leaf"},
    "primary": {"primary"},
    "stage order": {"stage order"},
    "arrest": {"arrest"},
    "conviction": {"conviction"},
    "age": {"age"},
    "status": {"status"},
    "text": {"text"},
}
"""The standard's rules about rows. Two are about indicators (which offences count as trafficking,
no ratio between units); geography is the form's own: it has no column finer than district."""


@pytest.mark.parametrize("stream", CODEBOOK.streams)
def test_the_committed_suite_is_what_the_codebook_says(stream):
    committed = (FOLDER / f"{stream}.json").read_text(encoding="utf-8")
    remedy = "run: python -m atips_analysis.quality"
    assert committed == suite_text(SUITES[stream]), f"{stream}.json has drifted; {remedy}"


def test_there_is_a_suite_for_every_stream_and_no_other():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(CODEBOOK.streams)


def test_no_suite_carries_an_identifier():
    assert all('"id"' not in json.dumps(suite) for suite in SUITES.values())


def test_every_expectation_says_what_is_wrong_and_what_to_do_in_both_languages():
    for suite in SUITES.values():
        for item in suite["expectations"]:
            assert item["severity"] in ("critical", "warning", "info")
            words = [item["meta"][w] for w in ("reason_en", "remedy_en", "reason_es", "remedy_es")]
            assert all(text and text[-1] in ".?" for text in words), item


def test_every_check_that_a_suite_asks_for_exists_and_every_check_is_asked_for():
    asked = set()
    for stream, suite in SUITES.items():
        known = {column.name for column in CODEBOOK.streams[stream].columns}
        for item in suite["expectations"]:
            name = item["kwargs"].get("column", "")
            if name.startswith("check_"):
                asked.add(name.removeprefix("check_"))
            elif name and name not in known:
                assert name.split("_")[0] in {kind.split("_")[0] for kind in COLUMN_CHECKS}
    assert asked == set(ROW_CHECKS) | set(CROSS_CHECKS)


@pytest.mark.parametrize("rule", VALIDATION_RULES)
def test_the_rules_of_the_standard_are_judged(rule):
    judged = {item["meta"]["rule"] for suite in SUITES.values() for item in suite["expectations"]}
    assert judged >= VALIDATION_RULES[rule]


def test_the_form_has_no_column_for_names_contacts_or_places_finer_than_district():
    refused = {"name", "dob", "passport", "phone", "email", "address", "village", "gps", "note"}
    for stream in CODEBOOK.streams.values():
        for column in stream.columns:
            assert not refused & set(column.name.split("_"))


@pytest.mark.parametrize("stream", CODEBOOK.streams)
def test_great_expectations_loads_the_committed_suite(stream):
    import great_expectations as gx

    suite = json.loads((FOLDER / f"{stream}.json").read_text(encoding="utf-8"))
    loaded = gx.ExpectationSuite(**suite)
    assert len(loaded.expectations) == len(suite["expectations"])


def test_asking_once_for_each_distinct_value_gives_what_asking_for_every_row_gives():
    columns = CODEBOOK.streams["screenings"].columns
    random = np.random.default_rng(7)
    values = {
        "month": ["2024-01", "2024-13", "May 2024", None],
        "n": ["0", "12", "-1", "1.5", None],
        "outcome": ["NO_IND", "no_ind", "", None],
        "citizenship_group": ["NCA", "BLZ", "Mars", None],
    }
    rows = {
        column.name: random.choice(values.get(column.name, ["F", None]), 500) for column in columns
    }
    frame = pd.DataFrame(rows).astype("str")
    items = [
        item
        for item in SUITES["screenings"]["expectations"]
        if item["kwargs"].get("column") in frame
    ]
    parameters = suite_parameters(CODEBOOK)
    ours = unexpected_rows(frame, items, parameters)
    plain = run_suite(
        frame.assign(at=range(len(frame))),
        items,
        parameters,
        {"result_format": "COMPLETE", "unexpected_index_column_names": ["at"]},
    )
    for mine, theirs in zip(ours, plain, strict=True):
        listed = theirs.result.get("unexpected_index_list") or []
        assert list(np.flatnonzero(mine)) == sorted(int(item["at"]) for item in listed)
    assert any(mine.any() for mine in ours)
