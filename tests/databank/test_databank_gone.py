"""What is gone of a data bank is on record: withdrawn returns, deleted editions, and what is new since."""

from __future__ import annotations

import hashlib
import shutil

import pandas as pd
import pytest

from atips_analysis.databank.clearing import (
    delete_edition,
    delete_forgotten,
    delete_set_aside,
    holds,
    why_deleted,
)
from atips_analysis.databank.difference import summary
from atips_analysis.databank.edition import latest_name
from atips_analysis.databank.since import (
    WITHDRAWN,
    Since,
    fingerprint,
    read_withdrawn,
    since,
    some_of,
    write_withdrawn,
)
from atips_analysis.errors import InputError
from atips_analysis.intake.forgotten import Forgotten, mark_of

GONE = {("DHS", 2024, "victims"), ("BPD", 2023, "cases")}


def test_the_record_of_withdrawn_returns_is_a_table_in_order_and_goes_with_its_last_row(tmp_path):
    write_withdrawn(tmp_path, GONE)
    text = (tmp_path / WITHDRAWN).read_text(encoding="utf-8")
    assert text == "agency,year,stream\nBPD,2023,cases\nDHS,2024,victims\n"
    assert read_withdrawn(tmp_path) == GONE
    write_withdrawn(tmp_path, set())
    assert not (tmp_path / WITHDRAWN).exists() and read_withdrawn(tmp_path) == set()
    write_withdrawn(tmp_path, set())


def test_what_is_withdrawn_has_a_fingerprint_of_its_rows_in_order():
    rows = b"BPD,2023,cases\nDHS,2024,victims"
    assert fingerprint(GONE) == hashlib.sha256(rows).hexdigest()[:8]
    assert fingerprint(set()) == ""


@pytest.mark.parametrize("row", ["DHS,soon,victims", "DHS,2024"])
def test_a_row_that_names_no_return_is_said_with_its_number(tmp_path, row):
    header = "agency,year,stream" if row.count(",") == 2 else "agency,year"
    (tmp_path / WITHDRAWN).write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"row 2: not a row of agency, year, stream"):
        read_withdrawn(tmp_path)


@pytest.mark.parametrize(("names", "said"), [
    (["a"], "a"), (["a", "b", "c"], "a, b, c"), (["a", "b", "c", "d"], "a, b, c and 1 more"),
    ([], ""),
])  # fmt: skip
def test_three_names_are_said_and_how_many_more_there_are(names, said):
    assert some_of(names) == said


def manifest(files, read=3):
    totals = {"read": read, "accepted": 1, "quarantined": 1, "duplicates": 1}
    return {
        "files": [{"file": name, "sha256": digest} for name, digest in files.items()],
        "totals": totals,
    }


@pytest.mark.parametrize(("before", "now", "came", "changed", "renamed", "gone"), [
    ({"a": "1"}, {"a": "1"}, (), (), (), ()),
    ({"a": "1"}, {"a": "1", "b": "2"}, ("b",), (), (), ()),
    ({"a": "1"}, {"a": "2"}, (), ("a",), (), ()),
    ({"a": "1"}, {"b": "1"}, (), (), (("a", "b"),), ()),
    ({"a": "1", "b": "2"}, {"a": "1"}, (), (), (), ("b",)),
    ({"a": "1", "c": "1"}, {"b": "1"}, (), (), (("a", "b"),), ("c",)),
])  # fmt: skip
def test_files_are_new_changed_renamed_or_gone(before, now, came, changed, renamed, gone):
    assert since(manifest(before), manifest(now)) == Since(came, changed, renamed, gone, ())
    assert since(None, manifest(now)) == Since()


def test_rows_are_told_where_their_number_is_another():
    told = since(manifest({"a": "1"}), manifest({"a": "1"}, read=4))
    assert told.rows == (("read", 3, 4),)


def test_the_latest_edition_is_not_deleted_and_another_is_on_record_once(store, victim, tmp_path):
    first = store([victim])
    second = store([victim | {"sex": "M"}])
    databank = first.folder.parents[1]
    assert latest_name(databank) == second.folder.name
    with pytest.raises(InputError, match=f"edition {second.folder.name} is the latest, and is not"):
        delete_edition(databank, second.folder.name, "why not")
    held = first.folder
    digest = hashlib.sha256((held / "manifest.json").read_bytes()).hexdigest()
    delete_edition(databank, first.folder.name, "too old, and said so")
    assert not held.exists() and second.folder.is_dir()
    assert not [one for one in held.parent.iterdir() if one.name.startswith(".")]
    assert (databank / "deleted.csv").read_text(encoding="utf-8") == (
        f'edition,manifest_sha256,why\n{first.folder.name},{digest},"too old, and said so"\n'
    )
    assert why_deleted(databank, first.folder.name) == "too old, and said so"
    assert why_deleted(databank, second.folder.name) == why_deleted(tmp_path / "none", "x") == ""


def test_editions_that_hold_a_forgotten_person_are_deleted_but_the_latest(store, victim):
    first, second = store([victim]), store([victim | {"sex": "M"}])
    databank = first.folder.parents[1]
    secret = bytes(32)
    nobody = Forgotten(secret, frozenset({mark_of("b" * 16, secret)}))
    somebody = Forgotten(secret, frozenset({mark_of(victim["victim_id"], secret)}))
    assert (holds(first.folder, nobody), holds(first.folder, somebody)) == (0, 1)
    assert delete_forgotten(databank, second.folder.name, Forgotten()) == []
    assert delete_forgotten(databank, second.folder.name, nobody) == []
    assert delete_forgotten(databank, second.folder.name, somebody) == [first.folder.name]
    assert second.folder.is_dir() and not first.folder.exists()


def test_a_damaged_edition_that_was_set_aside_goes_with_its_one_row_of_a_forgotten_person(
    store, victim
):
    edition = store([victim]).folder
    aside = edition.with_name(f".damaged.{edition.name}")
    shutil.copytree(edition, aside)
    secret = bytes(32)
    for person, gone in (("b" * 16, []), (victim["victim_id"], [aside])):
        forgotten = Forgotten(secret, frozenset({mark_of(person, secret)}))
        assert delete_set_aside(edition.parents[1], forgotten) == gone
    assert edition.is_dir() and not aside.exists()


def test_a_summary_counts_rows_once_whatever_the_number_of_their_columns():
    lines = [
        ("victims", "changed", "DHS", 2024, "victim_id=a; ", "sex"),
        ("victims", "changed", "DHS", 2024, "victim_id=a; ", "age_group"),
        ("victims", "added", "DHS", 2024, "victim_id=b; ", ""),
        ("cases", "withdrawn", "BPD", 2024, "case_id=c; ", ""),
    ]
    names = ["stream", "change", "submitted_by", "submitted_for", "key", "column"]
    table = summary(pd.DataFrame(lines, columns=names)).set_index("stream")
    assert table[["added", "withdrawn", "changed"]].to_dict("index") == {
        "cases": {"added": 0, "withdrawn": 1, "changed": 0},
        "victims": {"added": 1, "withdrawn": 0, "changed": 1},
    }
