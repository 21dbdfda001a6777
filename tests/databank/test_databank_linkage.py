"""Linkage, measured on invented people whose truth is known, and rule by rule."""

import hashlib
import random
from datetime import date, timedelta
from itertools import combinations

import pandas as pd
import pytest

from atips_analysis.databank import open_databank, write_edition
from atips_analysis.databank.decisions import read_decisions, write_review
from atips_analysis.databank.edition import CHANGE
from atips_analysis.databank.linkage import LINKING, RULES, Linkage, link
from atips_analysis.databank.persons import (
    link_persons,
    link_victims,
    overlap_table,
    unduplicated_counts,
    unduplicated_victims,
    victim_records,
)
from atips_analysis.errors import InputError
from atips_analysis.intake.agency.pseudonyms import PARTIAL_KEYS, Person, partial_keys, person_code

KEY = hashlib.sha256(b"a key for tests alone").digest()
PERSON = {"sex": "F", "age_group": "ADULT", "citizenship": "GTM", "case_id": "C1", "year": 2024}


def record(agency, code, **known):
    return PERSON | {"agency": agency, "id": code} | known


def linked(*records, decisions=None):
    columns = list(dict.fromkeys([*records[0], *PARTIAL_KEYS]))
    return link(pd.DataFrame(records).reindex(columns=columns), decisions)


def together(linkage: Linkage, one: str, other: str) -> bool:
    cluster = linkage.clusters
    names = dict(zip(cluster["agency"] + ":" + cluster["id"], cluster["cluster"], strict=True))
    return names[one] == names[other]


def rules(linkage: Linkage) -> list[str]:
    return linkage.doubtful["rule"].tolist()


def keys(year=None, surname=None, first=None):
    return dict(zip(PARTIAL_KEYS, (year, surname, first), strict=True))


def test_the_same_code_at_two_agencies_is_one_person():
    found = linked(record("DHS", "a"), record("BPD", "a", citizenship="HND", case_id="C2"))
    assert together(found, "DHS:a", "BPD:a")
    assert found.links.to_dict("list") == {
        "one": ["BPD:a"],
        "other": ["DHS:a"],
        "rule": ["same_id"],
    }
    name = hashlib.sha256(b"BPD:a").hexdigest()[:12]
    lines = {"agency": ["BPD", "DHS"], "id": ["a", "a"], "cluster": [name, name]}
    assert found.clusters.to_dict("list") == lines


def test_the_same_code_with_another_sex_is_for_a_person_to_decide():
    found = linked(record("DHS", "a"), record("BPD", "a", sex="M"))
    assert not together(found, "DHS:a", "BPD:a")
    assert found.doubtful["reason"].tolist() == ["the sexes differ"]
    not_known = linked(record("DHS", "a"), record("BPD", "a", sex="U"))
    assert together(not_known, "DHS:a", "BPD:a")


@pytest.mark.parametrize("code", ["", "U", "UNK", "NR", "REF", "RED", "NAP", "XXX", None])
@pytest.mark.parametrize("name", ["sex", "citizenship", "age_group"])
def test_what_is_not_known_contradicts_nothing_and_agrees_with_nothing(name, code):
    one = record("DHS", "a", **keys("1", "2", "3"))
    asked = linked(one, record("BPD", "b", **{name: code}, **keys("8", "2", "9")))
    assert rules(asked) == ["one_partial_key"]
    not_linked = linked(one, record("BPD", "b", **{name: code}, **keys("1", "8", "9")))
    assert rules(not_linked) == ["one_partial_key"]
    two_keys = linked(one, record("BPD", "b", **{name: code}, **keys("1", "2", "9")))
    assert together(two_keys, "DHS:a", "BPD:b")
    assert linked(record("DHS", "a"), record("BPD", "b", **{name: code})).doubtful.empty


def test_a_child_in_two_ways_to_say_so_is_no_contradiction():
    one = record("DHS", "a", age_group="A15_17", **keys("1", "2", "3"))
    other = record("BPD", "b", age_group="CHILD", **keys("1", "2", "3"))
    assert together(linked(one, other), "DHS:a", "BPD:b")


def test_two_partial_keys_link_and_one_asks():
    one = record("DHS", "a", **keys("1", "2", "3"))
    assert together(linked(one, record("BPD", "b", **keys("1", "2", "9"))), "DHS:a", "BPD:b")
    asked = linked(one, record("BPD", "b", case_id="C2", **keys("1", "8", "9")))
    assert not together(asked, "DHS:a", "BPD:b")
    assert rules(asked) == ["one_partial_key"]


def test_a_first_name_s_key_links_within_a_case_and_a_surname_s_asks_for_there_are_sisters():
    one = record("DHS", "a", **keys("1", "2", "3"))
    for key in (keys("1", "8", "9"), keys("8", "9", "3")):
        assert together(linked(one, record("BPD", "b", **key)), "DHS:a", "BPD:b")
    sisters = linked(one, record("BPD", "b", **keys("8", "2", "9")))
    assert not together(sisters, "DHS:a", "BPD:b")
    assert rules(sisters) == ["one_partial_key"]


def test_an_age_group_that_contradicts_within_a_year_asks_and_between_years_does_not():
    one = record("DHS", "a", age_group="A15_17", **keys("1", "2", "3"))
    other = record("BPD", "b", age_group="A18_20", **keys("1", "2", "3"))
    assert linked(one, other).doubtful["reason"].tolist() == ["the age groups differ"]
    later = other | {"year": 2025}
    assert together(linked(one, later), "DHS:a", "BPD:b")


def test_one_partial_key_with_another_sex_or_citizenship_is_nobody_s_doubt():
    one = record("DHS", "a", **keys("1", "2", "3"))
    for known in ({"sex": "M"}, {"citizenship": "HND"}):
        assert linked(one, record("BPD", "b", **keys("8", "2", "9"), **known)).doubtful.empty


def test_twins_of_one_agency_are_not_put_together_through_a_third_record():
    found = linked(
        record("DHS", "a", **keys("1", "2", "3")),
        record("DHS", "b", **keys("1", "2", "4")),
        record("BPD", "c", **keys("1", "2", "3")),
    )
    assert not together(found, "DHS:a", "DHS:b")
    assert together(found, "DHS:a", "BPD:c")
    assert not together(found, "DHS:b", "BPD:c")
    assert "DHS holds" in found.doubtful["reason"].iloc[0]


def test_without_keys_the_only_two_that_fit_in_a_case_are_asked_about_and_never_linked():
    found = linked(record("DHS", "a"), record("BPD", "b"))
    assert rules(found) == ["same_case"]
    assert not together(found, "DHS:a", "BPD:b")
    assert linked(record("DHS", "a", year=2023), record("BPD", "b", year=2024)).doubtful.empty
    two_fit = linked(record("DHS", "a"), record("BPD", "b"), record("BPD", "c"))
    assert two_fit.doubtful.empty


def test_keys_that_differ_answer_what_a_case_would_ask():
    found = linked(
        record("DHS", "a", **keys("1", "2", "3")), record("BPD", "b", **keys("7", "8", "9"))
    )
    assert found.doubtful.empty


def test_a_decision_links_keeps_apart_and_is_not_asked_again():
    records = [record("DHS", "a"), record("BPD", "b")]
    same = linked(*records, decisions={("BPD:b", "DHS:a"): True})
    assert together(same, "DHS:a", "BPD:b")
    assert same.doubtful.empty
    apart = linked(*records, decisions={("BPD:b", "DHS:a"): False})
    assert not together(apart, "DHS:a", "BPD:b")
    assert apart.doubtful.empty
    records = [record("DHS", "a"), record("BPD", "a", sex="M"), record("IMM", "c")]
    assert rules(linked(*records[:2])) == ["same_id"]
    assert rules(linked(*records[:2], decisions={("BPD:a", "DHS:a"): False})) == []
    through = {("BPD:a", "IMM:c"): True, ("DHS:a", "IMM:c"): True}
    assert rules(linked(*records, decisions=through)) == []


def test_a_decision_may_join_two_records_of_one_agency_and_year():
    found = linked(record("DHS", "a"), record("DHS", "b"), decisions={("DHS:a", "DHS:b"): True})
    assert together(found, "DHS:a", "DHS:b")


def test_a_pair_decided_to_differ_stays_apart_through_others_too():
    found = linked(
        record("DHS", "a", **keys("1", "2", "3")),
        record("BPD", "b", **keys("1", "2", "3")),
        record("IMM", "c", **keys("1", "2", "3")),
        decisions={("BPD:b", "DHS:a"): False},
    )
    assert not together(found, "DHS:a", "BPD:b")
    assert len(found.links) == 1


def test_decisions_that_contradict_one_another_are_refused():
    records = [record("DHS", "a"), record("BPD", "b"), record("IMM", "c")]
    decisions = {
        ("BPD:b", "DHS:a"): True,
        ("BPD:b", "IMM:c"): True,
        ("DHS:a", "IMM:c"): False,
    }
    with pytest.raises(InputError, match="contradict one another"):
        linked(*records, decisions=decisions)


def test_the_order_of_the_rows_does_not_matter():
    records = invented_records(seed=3, people=60)
    shuffled = records.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(link(records).clusters, link(shuffled).clusters)
    pd.testing.assert_frame_equal(link(records).doubtful, link(shuffled).doubtful)


def test_every_rule_is_explained():
    assert set(LINKING) | {"decided", "one_partial_key", "same_case"} == set(RULES)
    assert all(text.endswith(".") for text in RULES.values())


# measured on known truth

FIRST = [
    "María",
    "José",
    "Juan",
    "Ana",
    "Luis",
    "Rosa",
    "Carlos",
    "Elena",
    "Pedro",
    "Sofía",
    "Mario",
    "Marta",
    "Óscar",
    "Yesenia",
    "Jhon",
]
LAST = [
    "López",
    "González",
    "Pérez",
    "Choc",
    "Coc",
    "Pech",
    "Hernández",
    "Ramírez",
    "Jiménez",
    "Vásquez",
    "Cal",
    "Tush",
    "Smith",
]
MISSPELLED = {"González": "Gonzales", "Jiménez": "Giménez", "Vásquez": "Vazquez", "Jhon": "John"}


def invented_records(seed: int, people: int) -> pd.DataFrame:
    """Records of invented people at three agencies, with the errors that intake forms show.

    Each agency by itself leaves out the second surname (7 in 100), spells a name otherwise
    (7), drops a letter (5), changes the order of first names (5), swaps day and month (5) or
    is a few days off (4): more than the rules were made for. One person in thirty has a
    twin. `truth` tells who is who.
    """
    chance = random.Random(seed)
    lines = []
    for number in range(people):
        person = {
            "first": " ".join(chance.sample(FIRST, 2)),
            "last": chance.sample(LAST, 2),
            "born": date(1970, 1, 1) + timedelta(days=chance.randrange(17000)),
            "sex": chance.choice("FFM"),
            "citizenship": chance.choice(["GTM", "HND", "SLV", "BLZ"]),
            "case_id": f"C{number // 3}",
        }
        lines += reported(chance, number, person)
        if chance.random() < 1 / 30:
            twin = person | {"first": " ".join(chance.sample(FIRST, 2))}
            lines += reported(chance, number + people, twin)
    return pd.DataFrame(lines)


def reported(chance, number, person):
    """The lines of those agencies that know a person."""
    for agency, share in {"DHS": 0.8, "BPD": 0.6, "IOM": 0.3}.items():
        if chance.random() > share:
            continue
        first, last, born = person["first"], list(person["last"]), person["born"]
        if chance.random() < 0.07:
            last = last[:1]
        if chance.random() < 0.07:
            last = [MISSPELLED.get(name, name) for name in last]
            first = " ".join(MISSPELLED.get(name, name) for name in first.split())
        if chance.random() < 0.05:
            position = chance.randrange(1, len(last[0]))
            last[0] = last[0][:position] + last[0][position + 1 :]
        if chance.random() < 0.05:
            first = " ".join(reversed(first.split()))
        if chance.random() < 0.04:
            born += timedelta(days=chance.randrange(1, 10))
        if chance.random() < 0.05 and born.day <= 12:
            born = born.replace(month=born.day, day=born.month)
        whole = Person(first, " ".join(last), born)
        yield {
            "truth": number,
            "agency": agency,
            "id": person_code(whole, KEY),
            "year": 2024,
            "sex": person["sex"],
            "age_group": "CHILD" if born.year > 2006 else "ADULT",
            "citizenship": person["citizenship"],
            "case_id": person["case_id"],
            **partial_keys(whole, KEY),
        }


def measured(records: pd.DataFrame, decisions=None) -> dict[str, float]:
    """Precision and recall over pairs of records, and the number of pairs left to a person."""
    found = link(records, decisions)
    rows = records.merge(found.clusters, on=["agency", "id"])
    rows = rows.drop_duplicates(["agency", "id"])
    true, made = pairs_within(rows, "truth"), pairs_within(rows, "cluster")
    return {
        "precision": len(true & made) / len(made) if made else 1.0,
        "recall": len(true & made) / len(true),
        "asked": len(found.doubtful),
    }


def pairs_within(rows: pd.DataFrame, column: str) -> set[frozenset]:
    names = (rows["agency"] + ":" + rows["id"]).groupby(rows[column]).agg(list)
    return {frozenset(pair) for group in names for pair in combinations(group, 2)}


def decided_by_truth(records: pd.DataFrame) -> dict[tuple[str, str], bool]:
    """What a person who knew the truth would decide about the doubtful pairs."""
    truth = dict(zip(records["agency"] + ":" + records["id"], records["truth"], strict=True))
    doubtful = link(records).doubtful
    pairs = zip(doubtful["one"], doubtful["other"], strict=True)
    return {(one, other): truth[one] == truth[other] for one, other in pairs}


def test_precision_and_recall_on_invented_people_whose_truth_is_known(capsys):
    with_keys = invented_records(seed=20241121, people=400)
    with_codes = with_keys.drop(columns=list(PARTIAL_KEYS))
    results = {
        "codes and partial keys": measured(with_keys),
        "codes and partial keys, doubtful pairs decided": measured(
            with_keys, decided_by_truth(with_keys)
        ),
        "codes alone": measured(with_codes),
        "codes alone, doubtful pairs decided": measured(with_codes, decided_by_truth(with_codes)),
    }
    with capsys.disabled():
        print("\nlinkage of 400 invented people at three agencies (pairs of records)")
        for name, result in results.items():
            print(
                f"  {name}: precision {result['precision']:.3f}, recall {result['recall']:.3f}, "
                f"{result['asked']} pairs to decide"
            )
    assert all(result["precision"] >= 0.99 for result in results.values())
    assert results["codes and partial keys"]["recall"] >= 0.95
    assert results["codes and partial keys, doubtful pairs decided"]["recall"] >= 0.97
    assert results["codes alone"]["recall"] >= 0.6
    assert (
        results["codes alone, doubtful pairs decided"]["recall"] > results["codes alone"]["recall"]
    )


# through the data bank


@pytest.fixture
def bank(store, victim):
    child = victim | {"age_group": "CHILD"}
    return store(
        [
            child,
            child | {"form": "DOM_SERVITUDE", "primary_form": "no"},
            child | {"agency": "BPD_ATIPS", "status": "POTENTIAL", "citizenship": "UNK"},
            child | {"victim_id": "b" * 16, "case_id": "C2"},
            child | {"victim_id": "c" * 16, "case_id": "C3", "agency": "BPD_ATIPS", "sex": "M"},
            child | {"victim_id": "d" * 16, "case_id": "C4", "status": "NOT_VICTIM"},
            child | {"victim_id": "e" * 16, "case_id": "C5", "consent_statistics": "no"},
        ]
    )


def test_a_victim_of_two_agencies_counts_once(bank):
    counts = unduplicated_counts(bank).iloc[0]
    assert list(counts.index) == ["year", "records", "victims", "of_several_agencies"]
    assert counts.tolist() == [2024, 5, 4, 1]  # the person found not to be a victim is no record
    victims = unduplicated_victims(bank, 2024)
    shared = victims[victims["agencies"] == "BPD_ATIPS;DHS"].iloc[0]
    assert shared["statuses"] == "CONFIRMED;POTENTIAL"
    assert shared["forms"] == "DOM_SERVITUDE;FORCED_LABOUR"
    assert (shared["sex"], shared["age_group"], shared["citizenship"]) == ("F", "CHILD", "GTM")
    assert len(unduplicated_victims(bank, 2023)) == 0


def test_a_victim_of_two_years_counts_in_both_and_says_its_first_and_last(store, victim):
    later = {"identified_year": "2025", "agency": "IMM"}
    bank = store([victim, victim | later, victim | {"victim_id": "b" * 16, "case_id": "C2"}])
    assert unduplicated_counts(bank)[["year", "records", "victims"]].values.tolist() == [
        [2024, 2, 2],
        [2025, 1, 1],
    ]
    assert unduplicated_counts(bank)["of_several_agencies"].tolist() == [0, 0]
    (one,) = unduplicated_victims(bank, 2025).to_dict("records")
    assert (one["first_year"], one["last_year"]) == (2024, 2025)
    assert " ".join(one) == (
        "cluster first_year last_year agencies victim_ids statuses forms sex age_group citizenship"
    )


def test_who_is_served_by_an_agency_that_sends_no_victims_is_on_its_list(tmp_path, receive, victim):
    handed = receive([victim, victim | {"victim_id": "b" * 16, "case_id": "C2"}])
    served = [{"victim_id": victim["victim_id"], "agency": name} for name in ("HTI", "DHS")]
    served.append({"victim_id": "e" * 16, "agency": "HTI", "year": 2023})
    other = receive([line | {"service_type": "MEDICAL"} for line in served], "services")
    handed.verdicts |= other.verdicts
    files = [handed.files, other.files[other.files["submitted_by"] != "DHS"]]
    handed.files = pd.concat(files, ignore_index=True)
    handed.sheets = pd.concat([handed.sheets, other.sheets], ignore_index=True)
    name = write_edition(tmp_path, handed, pd.DataFrame(columns=CHANGE), handed, {}).name
    bank = open_databank(tmp_path, name)
    records = victim_records(bank)
    assert records[["agency", "id", "year"]].values.tolist() == [
        ["DHS", victim["victim_id"], 2024],
        ["DHS", "b" * 16, 2024],
        ["HTI", "e" * 16, 2023],
        ["HTI", victim["victim_id"], 2024],
    ]
    assert list(records.index) == [0, 1, 2, 3]
    table = overlap_table(bank, [2024])
    assert table.to_dict("list") == {"DHS": [1, 1], "HTI": [1, 0], "count": [1, 1]}
    assert list(table.index) == [0, 1] and table.columns.name is None
    assert overlap_table(bank, [2023]).to_dict("list") == {"HTI": [1], "count": [1]}
    nothing = overlap_table(bank, [1999])
    assert list(nothing) == ["count"] and str(nothing["count"].dtype) == "int64"


def test_a_blank_consent_is_no_refusal_and_a_refusal_tells_nothing_to_the_linkage(store, victim):
    known = {"case_id": "C9", "consent_statistics": "no"}
    bank = store([victim | {"consent_statistics": ""}, victim | known | {"victim_id": "b" * 16}])
    columns = ["sex", "age_group", "citizenship", "case_id"]
    first, second = victim_records(bank)[columns].astype(object).values.tolist()
    assert first == ["F", "CHILD", "GTM", "BZ-CASE-2024-0001"]
    assert all(pd.isna(value) for value in second)
    sexes = unduplicated_victims(bank).set_index("victim_ids")["sex"]
    assert sexes[victim["victim_id"]] == "F" and pd.isna(sexes["b" * 16])


def test_partial_keys_that_agencies_send_link_a_misspelt_victim(store, victim):
    keys = {f"partial_key_{number}": f"{number}" * 15 + "a" for number in (1, 2, 3)}
    misspelt = {"agency": "BPD_ATIPS", "victim_id": "b" * 16, "partial_key_3": "9" * 15 + "a"}
    bank = store([victim | keys, victim | keys | misspelt])
    assert link_victims(bank).links["rule"].tolist() == ["two_partial_keys"]
    assert unduplicated_counts(bank)["victims"].tolist() == [1]


def test_without_consent_a_victim_is_counted_and_nothing_else_is_told(bank):
    victims = unduplicated_victims(bank).set_index("victim_ids")
    assert victims.loc["e" * 16, ["sex", "age_group", "citizenship"]].isna().all()


def test_the_overlap_table_has_a_column_a_list_and_the_count_last(bank):
    table = overlap_table(bank, [2024])
    assert table.columns.tolist() == ["BPD_ATIPS", "DHS", "count"]
    assert table.to_numpy().tolist() == [[1, 1, 1], [1, 0, 1], [0, 1, 2]]
    assert table["count"].sum() == unduplicated_counts(bank)["victims"].sum()
    assert overlap_table(bank, [1999]).empty


def test_agencies_may_form_one_list(bank):
    table = overlap_table(bank, [2024], {"DHS": "STATE", "BPD_ATIPS": "STATE"})
    assert table.to_numpy().tolist() == [[1, 4]]


def test_the_list_of_doubtful_pairs_is_kept_with_its_decisions(bank, tmp_path):
    doubtful = linked(record("DHS", "a"), record("BPD", "b"))
    assert len(write_review(tmp_path, doubtful)) == 1
    path = tmp_path / "review.csv"
    path.write_text(path.read_text().replace("fit,,", "fit,same,Data officer"))
    assert read_decisions(tmp_path) == {("BPD:b", "DHS:a"): True}
    nothing = linked(record("DHS", "z"))
    assert write_review(tmp_path, nothing, doubtful).empty
    assert read_decisions(tmp_path) == {("BPD:b", "DHS:a"): True}


def test_the_list_is_written_in_order_and_says_what_is_asked(tmp_path):
    two = [linked(record("DHS", code), record(agency, "b")) for code, agency in CASES]
    open_pairs = write_review(tmp_path, *two)
    why = "same_case,the only ones of a case that fit,,"
    assert (tmp_path / "review.csv").read_bytes().decode() == "\n".join(
        [
            "one,other,rule,reason,decision,decided_by",
            f"BPD:b,DHS:a,{why}",
            f"BPD:b,DHS:z,{why}",
            f"DHS:a,IMM:b,{why}",
            "",
        ]
    )
    assert list(open_pairs.index) == [0, 1, 2]


CASES = [("a", "IMM"), ("z", "BPD"), ("a", "BPD")]


@pytest.mark.parametrize("word", ["same", "misma", "mismo", "igual", " Same "])
@pytest.mark.parametrize("other", ["different", "distinta", "distinto", "otra", "OTRA"])
def test_a_decision_is_read_in_either_language(word, other, tmp_path):
    path = tmp_path / "review.csv"
    path.write_text(f"one,other,decision\nb,a,{word}\nc, d,{other}\ne,f,\n", encoding="utf-8")
    assert read_decisions(tmp_path) == {("a", "b"): True, ("c", "d"): False}
    assert read_decisions(tmp_path / "none") == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"one,other\na,b\n", "no column decision; put the first line back: one,other,rule"),
        (b"one;decision\na;same\n", "no column other"),
        (b"one,other,decision\n\xff,b,\n", "not a CSV file in UTF-8"),
    ],
)
def test_a_list_that_is_none_is_one_line(text, says, tmp_path):
    (tmp_path / "review.csv").write_bytes(text)
    with pytest.raises(InputError, match=says):
        read_decisions(tmp_path)


def test_a_decision_that_cannot_be_read_names_its_row(tmp_path):
    path = tmp_path / "review.csv"
    path.write_text("one;other;decision\nDHS:a;BPD:b;igual\nDHS:c;BPD:d;perhaps\n")
    with pytest.raises(InputError, match=r"review\.csv, row 3: decision 'perhaps'"):
        read_decisions(tmp_path)
    path.write_text("one,other,decision\nDHS:a,BPD:b,same\nBPD:b,DHS:a,different\n")
    with pytest.raises(InputError, match="decided both ways"):
        read_decisions(tmp_path)


def test_persons_accused_are_linked_by_their_code(store):
    accused = {"case_id": "C1", "person_id": "p", "stage": "CHARGED", "event_date": "2024-05"}
    bank = store(
        [accused, accused | {"agency": "ODPP"}, accused | {"person_id": "", "stage": "ARRESTED"}],
        "suspects",
    )
    clusters = link_persons(bank).clusters
    assert len(clusters) == 2
    assert clusters["cluster"].nunique() == 1
