import json
import shutil

import pandas as pd
import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.databank import (
    RowAccountError,
    diff,
    list_editions,
    open_databank,
    verify,
    write_edition,
)
from atips_analysis.databank.edition import CHANGE, edition_names
from atips_analysis.errors import InputError

UNCHANGED = pd.DataFrame(columns=CHANGE)


def test_rows_read_are_accepted_quarantined_and_duplicates(store, victim):
    bank = store([victim, victim | {"verdict": "duplicate"}, victim | {"verdict": "quarantined"}])
    line = bank.account.iloc[0]
    assert (
        line["read"],
        line["accepted"],
        line["quarantined"],
        line["duplicates"],
    ) == (3, 1, 1, 1)
    assert (line["blank"], line["title"]) == (1, 2)  # counted beside, not among
    assert len(bank.frame("victims")) == 1
    assert bank.kept("quarantine")["stream"].tolist() == ["victims"]


def test_a_row_that_vanished_stops_the_edition_and_leaves_nothing(tmp_path, receive, victim):
    handed = receive([victim, victim])
    handed.sheets["rows_read"] = 3
    with pytest.raises(RowAccountError, match="3 rows of victims were read, but 2 accepted"):
        write_edition(tmp_path, handed, UNCHANGED, handed, {})
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_row_that_no_sheet_was_read_for_stops_the_edition(tmp_path, receive, victim):
    handed = receive([victim])
    handed.sheets = handed.sheets.iloc[:0]
    with pytest.raises(RowAccountError, match="0 rows of victims were read, but 1 accepted"):
        write_edition(tmp_path, handed, UNCHANGED, handed, {})


def test_a_file_that_was_replaced_is_listed_and_not_among_the_rows(tmp_path, receive, victim):
    handed = receive([victim, victim | {"agency": "BPD_ATIPS"}])
    old = handed.files["submitted_by"] == "BPD_ATIPS"
    handed.files.loc[old, "state"] = "replaced"
    handed.verdicts["victims"] = handed.verdicts["victims"].iloc[:1]
    edition = write_edition(tmp_path, handed, UNCHANGED, handed, {})
    assert edition.manifest["totals"]["read"] == 1
    assert [file["state"] for file in edition.manifest["files"]] == [
        "replaced",
        "current",
    ]


def test_the_same_submissions_name_the_same_edition_and_nothing_is_rewritten(
    tmp_path, receive, victim
):
    handed = receive([victim])
    first = write_edition(tmp_path, handed, UNCHANGED, handed, {"suites": "x"})
    stamps = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    again = write_edition(tmp_path, handed, UNCHANGED, handed, {"suites": "x"})
    assert again.name == first.name
    assert len(first.name) == 12
    assert stamps == {path: path.stat().st_mtime_ns for path in stamps}


def test_two_banks_of_the_same_submissions_hold_the_same_bytes(tmp_path, receive, victim):
    handed = receive([victim | {"victim_id": letter * 16} for letter in "abc"])
    first = write_edition(tmp_path / "here", handed, UNCHANGED, handed, {})
    handed.verdicts["victims"] = handed.verdicts["victims"].iloc[::-1]  # order does not matter
    second = write_edition(tmp_path / "there", handed, UNCHANGED, handed, {})
    for path in sorted(first.folder.iterdir()):
        assert path.read_bytes() == (second.folder / path.name).read_bytes(), path.name


def test_another_file_or_setting_names_another_edition(tmp_path, receive, victim):
    handed = receive([victim])
    names = [write_edition(tmp_path, handed, UNCHANGED, handed, {"suites": "x"}).name]
    names.append(write_edition(tmp_path, handed, UNCHANGED, handed, {"suites": "y"}).name)
    handed.files["sha256"] = "f" * 64
    names.append(write_edition(tmp_path, handed, UNCHANGED, handed, {"suites": "y"}).name)
    assert len(set(names)) == 3
    assert (tmp_path / "latest").read_text() == names[-1] + "\n"
    assert {edition.name for edition in list_editions(tmp_path)} == set(names)


def test_latest_points_back_when_earlier_submissions_are_consolidated_again(
    tmp_path, receive, victim
):
    handed = receive([victim])
    first = write_edition(tmp_path, handed, UNCHANGED, handed, {"suites": "x"})
    write_edition(tmp_path, handed, UNCHANGED, handed, {"suites": "y"})
    write_edition(tmp_path, handed, UNCHANGED, handed, {"suites": "x"})
    assert open_databank(tmp_path).edition == first.name


def test_every_stream_has_its_file_and_every_column_its_type(store, victim):
    bank = store([victim])
    codebook = load_codebook()
    for name, stream in codebook.streams.items():
        frame = bank.frame(name)
        for column in stream.columns:
            if column.type == "age":
                continue
            wanted = {"year": "Int64", "count": "Int64", "bool": "boolean"}.get(column.type, "str")
            assert str(frame[column.name].dtype) == wanted, (name, column.name)
        assert str(frame["row"].dtype) == "Int64"
    assert bank.frame("victims")["identified_year"].tolist() == [2024]
    assert bank.frame("victims")["primary_form"].tolist() == [True]
    assert bank.frame("victims")["sector"].isna().all()


def test_an_exact_age_is_dropped_as_the_codebook_promises(tmp_path, receive, victim):
    handed = receive([victim, victim | {"verdict": "quarantined"}])
    place = {"stream": "victims", "file": "DHS_2024.xlsx", "sheet": "Victims", "row": 2}
    changes = pd.DataFrame(
        [
            place
            | {
                "column": "age_years_ident",
                "old": "16 years",
                "new": "16",
                "rule": "age",
            }
        ]
    ).reindex(columns=CHANGE)
    bank = open_databank(tmp_path, write_edition(tmp_path, handed, changes, handed, {"x": 1}).name)
    assert "age_years_ident" not in bank.frame("victims")
    assert "age_years_ident" not in bank.kept("quarantine")
    assert bank.kept("changes")[["column", "old", "new"]].isna().to_numpy().tolist() == [
        [False, True, True]
    ]


def test_an_accepted_value_that_its_type_cannot_hold_is_left_blank_and_recorded(store, victim):
    bank = store([victim | {"primary_form": "perhaps"}])
    assert bank.frame("victims")["primary_form"].isna().all()
    change = bank.kept("changes").iloc[0]
    assert (change["column"], change["old"], change["row"]) == (
        "primary_form",
        "perhaps",
        2,
    )


def test_one_simulated_file_marks_the_whole_edition(store, victim):
    other = {"agency": "BPD_ATIPS"}
    assert not store([victim, victim | other]).simulated
    assert store([victim, victim | other | {"source": "simulated"}]).simulated


def test_a_nil_return_is_a_true_zero_only_when_the_cover_says_so(tmp_path, receive, victim):
    handed = receive([victim, victim | {"agency": "BPD_ATIPS"}, victim | {"agency": "IOM"}])
    handed.verdicts["victims"] = handed.verdicts["victims"].iloc[:1]
    handed.sheets["rows_read"] = [0, 1, 0]
    handed.sheets["nil_return"] = [True, False, False]
    bank = open_databank(tmp_path, write_edition(tmp_path, handed, UNCHANGED, handed, {}).name)
    assert bank.nil_returns()["submitted_by"].tolist() == ["BPD_ATIPS"]


def test_a_reader_takes_a_year_years_and_values(store, victim):
    bank = store(
        [
            victim,
            victim | {"victim_id": "b" * 16, "identified_year": "2023", "sex": "M"},
            victim | {"victim_id": "c" * 16, "identified_year": "2022"},
        ]
    )
    assert len(bank.victims(year=2023)) == 1
    assert len(bank.victims(year=[2022, 2023])) == 2
    assert len(bank.victims(year=[2022, 2023], sex="F")) == 1
    assert len(bank.read("victims", sex=["F", "M"])) == 3
    with pytest.raises(InputError, match="no column 'gender'"):
        bank.victims(gender="F")
    with pytest.raises(AttributeError):
        bank.passports()


def test_an_edition_is_found_by_its_first_letters_and_an_unknown_one_lists_those_there_are(
    tmp_path, receive, victim
):
    for ask in (open_databank, list_editions, verify):
        with pytest.raises(InputError, match="make one with: atips consolidate"):
            ask(tmp_path)
    handed = receive([victim])
    name = write_edition(tmp_path, handed, UNCHANGED, handed, {}).name
    assert open_databank(tmp_path, name[:4]).edition == name
    with pytest.raises(InputError, match=f"'no' is not an edition; choose one of {name}"):
        open_databank(tmp_path, "no")
    for other in ("x1", "x2"):
        shutil.copytree(tmp_path / "editions" / name, tmp_path / "editions" / other)
    with pytest.raises(InputError, match="'x' stands for more than one edition"):
        open_databank(tmp_path, "x")


def test_verification_finds_a_changed_a_missing_and_a_foreign_file(tmp_path, receive, victim):
    handed = receive([victim])
    edition = write_edition(tmp_path, handed, UNCHANGED, handed, {})
    assert verify(tmp_path) == []
    with (edition.folder / "cases.parquet").open("ab") as file:
        file.write(b"x")
    (edition.folder / "charges.parquet").unlink()
    (edition.folder / "notes.txt").write_text("x")
    faults = "; ".join(verify(tmp_path, "latest"))
    assert "cases.parquet is not what was written" in faults
    assert "charges.parquet is missing" in faults
    assert "notes.txt does not belong here" in faults


def test_verification_finds_an_account_or_an_input_that_was_edited(tmp_path, receive, victim):
    handed = receive([victim])
    edition = write_edition(tmp_path, handed, UNCHANGED, handed, {})
    path = edition.folder / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({name: manifest[name] for name in manifest if name != "account"}))
    assert verify(tmp_path) == [f"edition {edition.name}: manifest.json is not complete"]
    manifest["account"][0]["accepted"] = 2
    path.write_text(json.dumps(manifest))
    assert any("accepted + quarantined" in fault for fault in verify(tmp_path))
    manifest["files"][0]["sha256"] = "0" * 63 + "9"
    path.write_text(json.dumps(manifest))
    assert any("name does not follow" in fault for fault in verify(tmp_path))


def test_damaged_data_are_not_read_and_not_taken_for_written(tmp_path, receive, victim):
    handed = receive([victim])
    edition = write_edition(tmp_path, handed, UNCHANGED, handed, {})
    shutil.copy(edition.folder / "cases.parquet", edition.folder / "victims.parquet")
    with pytest.raises(InputError, match=r"victims\.parquet is not what was written"):
        open_databank(tmp_path).victims()
    with pytest.raises(InputError, match="move the folder away and consolidate again"):
        write_edition(tmp_path, handed, UNCHANGED, handed, {})


def test_a_writer_that_dies_leaves_no_edition(tmp_path, receive, victim, monkeypatch):
    handed = receive([victim])
    monkeypatch.setattr("atips_analysis.databank.edition._as_json", lambda content: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_edition(tmp_path, handed, UNCHANGED, handed, {})
    assert list((tmp_path / "editions").iterdir()) == []
    assert not (tmp_path / "latest").exists()


def test_the_difference_names_rows_that_came_went_and_changed_and_the_column(store, victim):
    other = victim | {"victim_id": "b" * 16}
    third = victim | {"victim_id": "c" * 16}
    old = store([victim, other])
    new = store([third, victim | {"status": "POTENTIAL", "sector": "A"}])
    found = diff(old, new)
    assert found["change"].tolist() == ["added", "changed", "changed", "withdrawn"]
    changed = found[found["change"] == "changed"].set_index("column")
    assert changed.loc["status", ["old", "new"]].tolist() == ["CONFIRMED", "POTENTIAL"]
    assert pd.isna(changed.loc["sector", "old"])
    assert changed.loc["sector", "new"] == "A"
    assert "victim_id=cccccccccccccccc" in found.loc[0, "key"]
    assert len(diff(old, old)) == 0


def test_where_only_the_example_has_an_edition_the_message_says_how_to_take_it(
    tmp_path, monkeypatch
):
    (tmp_path / "databank" / "example" / "editions").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"add --databank databank.example"):
        edition_names(tmp_path / "databank")
