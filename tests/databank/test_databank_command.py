import csv
import json

import pytest

from atips_analysis.cli import run


@pytest.fixture
def two_editions(store, victim, tmp_path):
    """An edition and a later one in which one victim came and one changed."""
    old = store([victim])
    new = store(
        [victim | {"status": "POTENTIAL"}, victim | {"victim_id": "b" * 16, "source": "simulated"}]
    )
    return old.edition, new.edition, ["--databank", str(tmp_path)]


def test_list_marks_the_latest_and_what_is_simulated(two_editions, capsys):
    old, new, databank = two_editions
    assert run(["databank", "list", *databank]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert any(line.startswith(f"  {old}") for line in lines)
    assert any(line.startswith(f"* {new}") and "SIMULATED" in line for line in lines)


def test_show_prints_the_files_and_the_account_and_json_alone_when_asked(two_editions, capsys):
    old, new, databank = two_editions
    assert run(["databank", "show", *databank]) == 0
    shown = capsys.readouterr().out
    assert new in shown
    assert "DHS_2024.xlsx" in shown
    assert run(["databank", "show", old[:6], "--json", *databank]) == 0
    assert json.loads(capsys.readouterr().out)["edition"] == old


def test_diff_counts_rows_by_stream_and_writes_each_of_them(two_editions, tmp_path, capsys):
    old, new, databank = two_editions
    out = tmp_path / "difference.csv"
    assert run(["databank", "diff", old, new, "--out", str(out), *databank]) == 0
    assert capsys.readouterr().out.splitlines()[2].split() == ["victims", "1", "0", "1"]
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["change"] for row in rows] == ["added", "changed"]
    assert run(["databank", "diff", new, new, *databank]) == 0
    assert "no accepted row differs" in capsys.readouterr().out


def test_verify_leaves_with_one_when_an_edition_was_touched(two_editions, tmp_path, capsys):
    old, _, databank = two_editions
    assert run(["databank", "verify", *databank]) == 0
    (tmp_path / "editions" / old / "victims.parquet").write_bytes(b"")
    assert run(["databank", "verify", *databank]) == 1
    assert "victims.parquet is not what was written" in capsys.readouterr().out
    assert run(["databank", "verify", "latest", *databank]) == 0


@pytest.mark.parametrize("command", [["list"], ["show"], ["diff", "a"], ["verify"], ["link"]])
def test_a_folder_without_an_edition_is_one_line_that_says_how_to_make_one(
    command, tmp_path, capsys
):
    assert run(["databank", *command, "--databank", str(tmp_path / "none")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "make one with: atips consolidate" in said


def test_an_unknown_edition_lists_those_there_are(two_editions, capsys):
    old, new, databank = two_editions
    assert run(["databank", "show", "zzz", *databank]) == 2
    said = capsys.readouterr().err
    assert old in said
    assert new in said


def test_link_counts_victims_once_and_lists_the_pairs_to_decide(store, victim, tmp_path, capsys):
    store([victim, victim | {"agency": "BPD_ATIPS", "victim_id": "b" * 16}])
    command = ["databank", "link", "--databank", str(tmp_path)]
    assert run(command) == 0
    said = capsys.readouterr().out
    assert "2024        2        2" in said
    assert "1 pair(s) to decide" in said
    path = tmp_path / "review.csv"
    path.write_text(path.read_text().replace("fit,,", "fit,same,Data officer"))
    assert run(command) == 0
    said = capsys.readouterr().out
    assert "2024        2        1" in said
    assert "to decide" not in said
