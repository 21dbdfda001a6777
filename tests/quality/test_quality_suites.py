"""The suites of `expectations/`: read by people, by Great Expectations and by the judge alike."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.project import find_project
from atips_analysis.quality import judge, validation
from atips_analysis.quality.expectation_kinds import KINDS, Returns, broad_age
from atips_analysis.quality.expectations import great_expectations, looking_up_in, parameters
from atips_analysis.quality.scores import ALWAYS_NEEDED
from atips_analysis.quality.suites import PROVENANCE, load_suite
from atips_analysis.quality.validation import run_suite, unexpected_rows
from atips_analysis.words import languages

CODEBOOK = load_codebook()
FOLDER = find_project().expectations
FILES = {stream: FOLDER / f"{stream}.json" for stream in CODEBOOK.streams}
SUITES = {stream: load_suite(FOLDER, stream, CODEBOOK) for stream in CODEBOOK.streams}
JUDGED = {
    *("unique", "foreign key", "child means", "CSEC", "leaf", "primary", "stage order"),
    *("arrest", "conviction", "age", "status", "text"),
}
"""The standard's rules about rows. Two are about indicators (which offences count as trafficking,
no ratio between units); geography is the form's own: it has no column finer than district."""


def every_rule():
    return [(stream, rule) for stream, rules in SUITES.items() for rule in rules]


def kwargs(rule):
    return rule.expectation["kwargs"]


def test_there_is_a_suite_for_every_stream_and_no_other():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(CODEBOOK.streams)


def test_no_suite_carries_an_identifier_or_names_the_country():
    labels = CODEBOOK.codelist("district").labels()
    districts = [label for code, label in labels.items() if code != "UNK"]
    for path in FILES.values():
        text = path.read_text(encoding="utf-8")
        assert '"id"' not in text
        assert not [word for word in ("Beliz", "Belic", "BZ-", *districts) if word in text]


def test_every_rule_says_what_is_wrong_and_what_to_do_in_every_language():
    for _, rule in every_rule():
        assert set(rule.words) == set(languages())
        assert all(said[-1] in ".?" for words in rule.words.values() for said in words), rule


def test_the_rules_of_the_standard_are_judged():
    assert {rule.name for _, rule in every_rule()} >= JUDGED


def test_every_kind_of_the_house_is_used_by_a_suite():
    assert {rule.expectation["type"] for _, rule in every_rule()} >= set(KINDS)


def test_the_form_has_no_column_for_names_contacts_or_places_finer_than_district():
    refused = {"name", "dob", "passport", "phone", "email", "address", "village", "gps", "note"}
    for stream in CODEBOOK.streams.values():
        for column in stream.columns:
            assert not refused & set(column.name.split("_"))


@pytest.mark.parametrize("stream", CODEBOOK.streams)
def test_a_suite_allows_the_columns_of_the_codebook_and_judges_each_by_its_type(stream):
    columns = CODEBOOK.streams[stream].columns
    (allowed,) = [kwargs(rule)["column_set"] for rule in SUITES[stream] if not rule.reads]
    assert allowed == [*(column.name for column in columns), *PROVENANCE]
    alone = [kwargs(rule) for rule in SUITES[stream] if "column" in kwargs(rule)]
    for column in columns:
        own = [item for item in alone if item["column"] == column.name]
        if column.type == "code":
            assert any(
                i.get("value_set") == {"$PARAMETER": f"codes_{column.codelist}"} for i in own
            )
        elif column.type == "codes":
            assert any(i.get("regex") == {"$PARAMETER": f"several_{column.codelist}"} for i in own)
        elif column.type == "bool":
            assert any(item.get("value_set") == ["yes", "no"] for item in own)
        else:
            assert any("regex" in item for item in own), column


@pytest.mark.parametrize("stream", CODEBOOK.streams)
def test_what_the_codebook_requires_a_suite_requires(stream):
    needed = {
        rule.column: "row_condition" in kwargs(rule)
        for rule in SUITES[stream]
        if rule.name == "required"
    }
    columns = CODEBOOK.streams[stream].columns
    assert list(needed) == [column.name for column in columns if column.required]
    if stream == "victims":
        assert {name for name, on_consent in needed.items() if not on_consent} == set(ALWAYS_NEEDED)
    else:
        assert not any(needed.values())


def sets_of(stream):
    """Column and codes of every list of codes that stands in full in a suite."""
    for rule in SUITES[stream]:
        told = kwargs(rule)
        if isinstance(told.get("value_set"), list):
            yield told["column"], told["value_set"]
        for name in ("forms_of_children", "forms_of_adults"):
            if name in told:
                yield "form", told[name]
        condition = told.get("row_condition", {})
        for part in condition.get("conditions", [condition]):
            if part.get("operator") in ("IN", "NOT_IN"):
                yield part["column"]["name"], part["parameter"]
            elif part.get("operator"):
                yield part["column"]["name"], [part["parameter"]]


@pytest.mark.parametrize("stream", CODEBOOK.streams)
def test_codes_that_stand_in_full_in_a_suite_are_codes_of_their_list(stream):
    for name, codes in sets_of(stream):
        codelist = CODEBOOK.streams[stream].column(name).codelist
        known = CODEBOOK.codelist(codelist).table["code"] if codelist else ("yes", "no")
        assert set(codes) <= set(known), (name, codes)


def codes_where(codelist, attribute, value):
    found = CODEBOOK.codelist(codelist).attribute(attribute)
    return {code for code, own in found.items() if own == value}


def test_groups_of_codes_in_a_suite_are_those_of_the_code_lists():
    ages = broad_age(CODEBOOK)
    children = {code for code, age in ages.items() if age == "CHILD"}
    adults = set(ages) - children
    convictions = codes_where("court_outcome", "counts_as_conviction", "yes")
    order = CODEBOOK.codelist("case_stage").attribute("order")
    charged, died = int(order["CHARGED"]), int(order["CLOSED_DEATH"])
    meant = {
        "age_group": [children],
        "age_at_exploit_group": [children, adults, set(ages)],
        "outcome": [
            {"PENDING"},
            convictions,
            convictions | {"GUILTY_LESSER"},
            convictions | {"PENDING", "UNKNOWN"},
        ],
        "stage": [
            codes_where("case_stage", "unit", "person"),
            {code for code, at in order.items() if charged <= int(at) < died},
        ],
        "sexual": [codes_where("form_of_exploitation", "parent", "SEX")],
    }
    forms = [
        codes_where("form_of_exploitation", "parent", "SEX"),
        codes_where("form_of_exploitation", "parent", "LAB"),
        {"LAB_SECTOR"},
        {"SEX_CSEC", "SEX_CSAM", "LAB_CHILD"},
        {"SEX_ADULT"},
        {"SEX_CSEC", "SEX_CSAM", "LAB_CHILD", "SEX_ADULT"},
    ]
    services = [
        codes_where("service_type", "adults_only", "yes"),
        {"SHELTER"},
        {"SHELTER", "INDEP_LIVING"},
        {"REPATRIATION"},
    ]
    meant |= {"form": forms, "service_type": services}
    for stream in CODEBOOK.streams:
        for name, codes in sets_of(stream):
            if name in meant:
                assert set(codes) in meant[name], (stream, name, codes)


# --- With plain Great Expectations


def plain_batch(frame):
    source = great_expectations.get_context(mode="ephemeral").data_sources.add_pandas("rows")
    whole = source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")
    return whole.get_batch({"dataframe": frame})


def read_by_a_researcher(rows, folder):
    """A table of services read as the page for researchers says."""
    file = folder / "services.csv"
    pd.DataFrame(rows).to_csv(file, index=False)
    columns = json.loads(FILES["services"].read_text("utf-8"))["expectations"][0]["kwargs"]
    read = pd.read_csv(file, dtype="str").assign(submitted_for="2024")
    return read.reindex(columns=columns["column_set"]).astype("str")


def sent(rows, stream, **provenance):
    columns = [column.name for column in CODEBOOK.streams[stream].columns]
    told = {"file": "a.xlsx", "sheet": stream, "row": range(2, len(rows) + 2)}
    told |= {"submitted_by": "DHS", "submitted_for": 2024, "source": "simulated"}
    return pd.DataFrame(rows, columns=columns, dtype="str").assign(**told | provenance)


SERVICE = {
    "victim_id": "00000000000000a1",
    "service_type": "COUNSELLING",
    "provider": "DHS",
    "start_month": "2024-06",
}


def test_a_researcher_validates_a_frame_with_plain_great_expectations(tmp_path):
    suite = great_expectations.ExpectationSuite(**json.loads(FILES["services"].read_text("utf-8")))
    values = {"expectation_parameters": parameters()}
    good = plain_batch(read_by_a_researcher([SERVICE], tmp_path))
    assert good.validate(suite, **values).success
    wrong = [{**SERVICE, "end_month": "2024-05"}, {**SERVICE, "provider": "X"}]
    outcome = plain_batch(read_by_a_researcher(wrong, tmp_path)).validate(suite, **values)
    failed = {
        (result.expectation_config.meta["rule"], result.expectation_config.type)
        for result in outcome.results
        if not result.success
    }
    assert failed == {
        ("date order", "expect_dates_in_order"),
        ("value set", "expect_column_values_to_be_in_set"),
    }


def test_with_the_other_streams_beside_it_a_frame_is_validated_against_them():
    suite = great_expectations.ExpectationSuite(**json.loads(FILES["services"].read_text("utf-8")))
    batch = plain_batch(sent([SERVICE], "services"))
    other = sent([{"victim_id": "00000000000000b2"}], "victims")
    with looking_up_in(Returns(CODEBOOK, {"victims": other})):
        outcome = batch.validate(suite, expectation_parameters=parameters())
    failed = [r.expectation_config.type for r in outcome.results if not r.success]
    assert failed == ["expect_reference_to_be_received"]


@pytest.mark.parametrize("stream", CODEBOOK.streams)
def test_great_expectations_loads_every_rule_of_a_suite(stream):
    suite = json.loads(FILES[stream].read_text(encoding="utf-8"))
    loaded = great_expectations.ExpectationSuite(**suite)
    assert len(loaded.expectations) == len(suite["expectations"]) == len(SUITES[stream])


WRITTEN = ["2024-01", "2024-13", "2023-12", "2021", "0", "12", "-1", "yes", "no", "x", None, None]


def mixed(stream, rows, random):
    """Rows of good and bad values, drawn by seed; some stand many times."""
    made = {}
    for column in CODEBOOK.streams[stream].columns:
        codes = list(CODEBOOK.codelist(column.codelist).codes[:4]) if column.codelist else []
        made[column.name] = random.choice([*WRITTEN, *codes * 3], rows)
    frame = sent(pd.DataFrame(made).to_dict("records"), stream)
    years = random.choice([2023, 2024], rows)
    return frame.assign(submitted_by=random.choice(["DHS", "IMM"], rows), submitted_for=years)


ASKED = ("victims", "charges", "services", "suspects", "screenings")


@pytest.fixture(scope="module")
def sent_together():
    random = np.random.default_rng(7)
    made = {name: mixed(name, 60, random) for name in ("cases", *ASKED)}
    return Returns(CODEBOOK, made, made)


@pytest.fixture(scope="module", params=ASKED)
def asked_of_every_row(request, sent_together):
    """A stream whose rows stand twice, and for each rule the rows that fail it, of all rows."""
    once = sent_together.of(request.param)
    frame = pd.concat([once, once], ignore_index=True)
    rules = [rule for rule in SUITES[request.param] if rule.reads]
    with looking_up_in(sent_together):
        plain = run_suite(
            frame.assign(at=range(len(frame))),
            [rule.expectation for rule in rules],
            parameters(CODEBOOK),
            {"result_format": "COMPLETE", "unexpected_index_column_names": ["at"]},
        )
    listed = [item.result.get("unexpected_index_list") or [] for item in plain]
    return frame, rules, [sorted(int(item["at"]) for item in one) for one in listed]


@pytest.mark.parametrize("few", [3, 2_000])
def test_asking_once_for_each_combination_gives_what_asking_for_every_row_gives(
    asked_of_every_row, sent_together, few, monkeypatch
):
    monkeypatch.setattr(validation, "FEW", few)
    frame, rules, failing = asked_of_every_row
    ours = unexpected_rows(frame, rules, sent_together)
    assert [list(np.flatnonzero(one)) for one in ours] == failing
    assert sum(one.any() for one in ours) > len(rules) // 2


# --- Adding a rule, and what is wrong with one

RULE = {
    "type": "expect_dates_in_order",
    "severity": "critical",
    "kwargs": {"column_list": ["made_month", "submitted_for"]},
    "meta": {
        "rule": "made in time",
        "column": "made_month",
        "reason_en": "{column} ({value}) is later than the return of {submitted_for}.",
        "remedy_en": "Correct the month.",
        "reason_es": "{column} ({value}) es posterior al informe de {submitted_for}.",
        "remedy_es": "Corrija el mes.",
    },
}
REFERRAL = {
    "referral_id": "R-1",
    "from_agency": "DHS",
    "to_agency": "IMM",
    "made_month": "2025-02",
}


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "expectations")
    return tmp_path / "expectations"


def write(folder, stream, *entries):
    path = folder / f"{stream}.json"
    suite = json.loads(path.read_text(encoding="utf-8"))
    suite["expectations"] = [*suite["expectations"][:1], *entries]
    path.write_text(json.dumps(suite), encoding="utf-8")


def test_a_rule_is_added_by_one_entry_in_the_suite(folder):
    write(folder, "referrals", RULE)
    judged = judge({"referrals": sent([REFERRAL], "referrals")}, CODEBOOK, folder)
    assert list(judged.verdicts["referrals"]["verdict"]) == ["quarantined"]
    finding = judged.findings.iloc[0]
    assert finding["rule"] == "made in time"
    assert finding["reason"] == "Month made (2025-02) is later than the return of 2024."
    assert finding["reason_es"] == "Mes (2025-02) es posterior al informe de 2024."


def changed(**parts):
    told = json.loads(json.dumps(RULE))
    for name, value in parts.items():
        if name in told:
            told[name] = value
        else:
            told["meta"][name] = value
    return told


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (
            changed(kwargs={"column_list": ["made_mnth", "submitted_for"]}),
            "stream referrals has no column made_mnth; did you mean made_month?",
        ),
        (changed(column="month"), "stream referrals has no column month"),
        (changed(reason_en="{made} is late."), "stream referrals has no column made"),
        (changed(severity="fatal"), "severity 'fatal'; write one of critical, warning, info"),
        (changed(reason_es=""), "no reason_es; say in meta what the agency reads"),
        (changed(remedy_en=""), "no remedy_en"),
        (changed(rule=""), "meta has no rule"),
        (
            changed(type="expect_date_in_order"),
            "no such kind of expectation; did you mean expect_da",
        ),
        (changed(kwargs={"column_list": ["made_month", "outcome"], "limit": 3}), "limit: extra"),
        (changed(kwargs=None), "has no kwargs"),
        (changed(reason_en="{column} of {codes}."), "column made_month has no code list"),
        (changed(column="to_agency", reason_en="{not_known}."), "has no such code"),
        (
            changed(
                type="expect_column_values_to_be_in_set",
                kwargs={"column": "outcome", "value_set": {"$PARAMETER": "codes_colours"}},
            ),
            "there is no parameter codes_colours; write codes_LIST or several_LIST",
        ),
        (
            changed(
                kwargs={
                    "column_list": ["made_month", "submitted_for"],
                    "row_condition": {
                        "type": "and",
                        "conditions": [
                            {"type": "nullity", "column": {"name": "fro"}, "is_null": True}
                        ],
                    },
                }
            ),
            "stream referrals has no column fro",
        ),
        ("expect", "is not an expectation"),
    ],
)
def test_a_rule_that_cannot_be_judged_is_named_with_what_to_do(folder, entry, says):
    write(folder, "referrals", entry)
    with pytest.raises(InputError) as said:
        load_suite(folder, "referrals", CODEBOOK)
    assert str(said.value).startswith("referrals.json: rule 2")
    assert says in str(said.value)
    assert "\n" not in str(said.value)


@pytest.mark.parametrize("text", ["{", "[]", '{"name": "referrals"}'])
def test_a_file_that_is_no_suite_is_named(folder, text):
    (folder / "referrals.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"referrals.json: cannot be read as a suite"):
        load_suite(folder, "referrals", CODEBOOK)


def test_a_suite_that_is_missing_is_named(tmp_path):
    with pytest.raises(InputError, match=r"victims.json: the suite is missing"):
        load_suite(tmp_path, "victims", CODEBOOK)
