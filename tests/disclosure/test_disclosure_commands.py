"""`atips protect` and `atips audit` on an officer's own table."""

from __future__ import annotations

import pytest

from atips_analysis.cli import run

TABLE = """sex,form,count
Female,Sexual,12
Female,Labour,3
Female,Total,15
Male,Sexual,6
Male,Labour,9
Male,Total,15
Other,Sexual,0
Other,Labour,0
Other,Total,0
Total,Sexual,18
Total,Labour,12
Total,Total,30
"""


@pytest.fixture
def table(tmp_path):
    def write(text, name="table.csv"):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return str(file)

    return write


def protect(file, out, *more, by="sex,form"):
    return run(["protect", file, "--count", "count", "--by", by, "--out", str(out), *more])


def rows(file):
    return [line.split(",") for line in file.read_text("utf-8").splitlines()]


def test_small_counts_and_what_would_open_them_are_blank_with_one_code(table, tmp_path):
    out = tmp_path / "protected.csv"
    assert protect(table(TABLE), out) == 0
    lines = rows(out)
    assert lines[0] == ["sex", "form", "count", "status", "low", "high"]
    hidden = {(line[0], line[1]) for line in lines if line[3] == "C"}
    assert hidden == {
        ("Female", "Sexual"),
        ("Female", "Labour"),
        ("Male", "Sexual"),
        ("Male", "Labour"),
    }
    assert all(line[2] == "" for line in lines if line[3] == "C")
    assert {line[3] for line in lines[1:]} == {"C", "OK", "Z"}


@pytest.mark.parametrize("label", ["=1+1", "@SUM(A1)", "-x", "+1+cmd|' /C'!A0", "\t=1", " =1"])
def test_a_label_that_a_spreadsheet_takes_for_a_formula_does_not_leave_the_house(
    label, table, tmp_path, capfd
):
    out = tmp_path / "protected.csv"
    assert protect(table(TABLE.replace("Other", f'"{label}"')), out) == 2
    assert f"row 8: {label!r} is a formula to a spreadsheet" in capfd.readouterr().err
    assert not out.exists()
    for label_of_a_number in ("+65", "-1.5", "-"):
        assert protect(table(TABLE.replace("Other", label_of_a_number)), out) == 0


def test_the_confidential_form_tells_primary_from_secondary(table, tmp_path):
    out = tmp_path / "protected.csv"
    assert protect(table(TABLE), out, "--confidential", "--outside") == 0
    assert {line[3] for line in rows(out)[1:]} == {"P", "S", "OK", "Z"}


def test_what_was_protected_withstands_the_audit(table, tmp_path, capsys):
    out = tmp_path / "protected.csv"
    protect(table(TABLE), out)
    assert run(["audit", str(out), "--count", "count"]) == 0
    said = capsys.readouterr().out
    assert "CONFIDENTIAL" in said
    assert "4 hidden cells, all safe" in said


def test_the_audit_names_a_cell_that_can_be_opened_and_leaves_with_one(table, capsys):
    opened = TABLE.replace("Female,Labour,3", "Female,Labour,")
    assert run(["audit", table(opened), "--count", "count"]) == 1
    captured = capsys.readouterr()
    assert "OPEN  form Labour and sex Female: 3; opened by table.csv" in captured.out
    assert "1 of 1 hidden cells can be opened" in captured.err


def test_a_small_count_that_is_shown_is_a_finding(table, capsys):
    assert run(["audit", table(TABLE), "--count", "count"]) == 1
    captured = capsys.readouterr()
    assert "SMALL form Labour and sex Female: 3 is shown in table.csv" in captured.out
    assert captured.err.count("\n") == 1 and "small counts are shown (under 5): 1" in captured.err


@pytest.mark.parametrize("count", [0, 5])
def test_zero_and_the_threshold_may_be_shown(count, table):
    text = f"sex,count\nFemale,{count}\nMale,30\nTotal,{count + 30}\n"
    assert run(["audit", table(text), "--count", "count"]) == 0


@pytest.mark.parametrize("told", [["--already-public"], ["--threshold", "1"], ["--threshold", "3"]])
def test_what_is_public_already_or_not_of_persons_may_be_shown(told, table):
    assert run(["audit", table(TABLE), "--count", "count", *told]) == 0


def test_two_tables_that_are_safe_apart_are_attacked_together(table, capsys):
    first = "sex,count\nFemale,\nMale,\nTotal,20\n"
    second = "sex,form,count\nFemale,Sexual,9\nFemale,Labour,8\nFemale,Total,17\n"
    a, b = table(first, "a.csv"), table(second, "b.csv")
    assert run(["audit", a, "--count", "count"]) == 0
    assert run(["audit", a, b, "--count", "count"]) == 1
    assert "sex Male: 3; opened by" in capsys.readouterr().out


def test_tables_that_contradict_one_another_are_not_read_as_safe(table, capsys):
    a = table("sex,count\nFemale,,C\nMale,\nTotal,20\n".replace(",,C", ","), "a.csv")
    b = table("sex,count\nFemale,\nMale,\nTotal,21\n", "b.csv")
    assert run(["audit", a, b, "--count", "count"]) == 1
    said = capsys.readouterr().err
    assert "contradict one another: Total is 20 in a.csv and 21 in b.csv" in said


def test_others_marks_for_hidden_cells_are_understood(table, capsys):
    text = "sex,count\nFemale,<5\nMale,17\nOther,0\nTotal,20\n"
    assert run(["audit", table(text), "--count", "count"]) == 1
    assert "sex Female: 3" in capsys.readouterr().out


def test_an_empty_margin_is_a_margin_too(table, tmp_path):
    out = tmp_path / "out.csv"
    assert protect(table(TABLE.replace("Total", "")), out) == 0
    assert sum(line[3] == "C" for line in rows(out)) == 4


def test_rates_of_hidden_counts_go_with_them(table, tmp_path):
    lines = TABLE.splitlines()
    text = "\n".join([lines[0] + ",percent", *(line + ",7.5" for line in lines[1:])]) + "\n"
    out = tmp_path / "out.csv"
    assert protect(table(text), out) == 0
    assert all(line[3] == "" for line in rows(out)[1:] if line[4] == "C")
    kept = {(line[0], line[1]) for line in rows(out)[1:] if line[3]}
    assert kept == {("Other", "Total"), ("Total", "Total")}


def test_a_table_without_margins_hides_small_counts_and_says_so(table, tmp_path, capsys):
    out = tmp_path / "out.csv"
    assert protect(table("sex,count\nF,3\nM,9\n"), out, by="sex") == 0
    assert [line[2] for line in rows(out)] == ["C", "OK"] or rows(out)[1][2] == "C"
    assert "no margins" in capsys.readouterr().out


def test_protecting_twice_gives_the_same_bytes(table, tmp_path):
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    protect(table(TABLE), first)
    protect(table(TABLE), second)
    assert first.read_bytes() == second.read_bytes()


MARGINLESS = "Total,Labour,12\n"

BAD = {
    "margins that do not add up": (TABLE.replace("Total,Total,30", "Total,Total,31"), "add up"),
    "a negative count": (TABLE.replace("Sexual,12", "Sexual,-12"), "negative"),
    "a fraction": (TABLE.replace("Sexual,12", "Sexual,12.5"), "whole number"),
    "no number": (TABLE.replace("Sexual,12", "Sexual,twelve"), "not a number"),
    "an empty count": (TABLE.replace("Sexual,12", "Sexual,"), "empty"),
    "a duplicate cell": (TABLE + "Male,Labour,9\n", "twice"),
    "missing margins": (TABLE.replace(MARGINLESS, ""), "missing"),
    "an empty file": ("", "empty"),
    "no row": ("sex,form,count\n", "no row"),
    "an unknown column": (TABLE.replace("form", "kind", 1), "no column 'form'"),
    "a name": (TABLE.replace("form", "form,name").replace("\n", ",x\n"), "identifier"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_tables_are_refused_in_one_line(what, table, tmp_path, capsys):
    text, reason = BAD[what]
    if what == "a name":
        lines = TABLE.splitlines()
        text = "\n".join([lines[0] + ",victim_name", *(line + ",x" for line in lines[1:])])
    out = tmp_path / "out.csv"
    assert protect(table(text), out) == 2
    captured = capsys.readouterr()
    assert reason in captured.err
    assert captured.err.count("\n") == 1
    assert not out.exists()


def test_a_column_of_codes_of_persons_is_refused(table, tmp_path, capsys):
    codes = ["9f3a6c01", "77b2e9d4", "1c0de5a2", "aa91b3f7", "5d5e6f70"]
    text = "who,count\n" + "".join(f"{code},1\n" for code in codes)
    assert protect(table(text), tmp_path / "out.csv", by="who") == 2
    assert "identifier" in capsys.readouterr().err


def test_years_are_not_taken_for_identifiers(table, tmp_path):
    text = "year,count\n" + "".join(f"{year},{year - 2000}\n" for year in range(2015, 2025))
    assert protect(table(text), tmp_path / "out.csv", by="year") == 0


def test_a_file_that_is_not_there_or_not_csv_is_said_in_one_line(tmp_path, capsys):
    assert protect(str(tmp_path / "none.csv"), tmp_path / "o.csv") == 2
    book = tmp_path / "book.csv"
    book.write_bytes(b"PK\x03\x04 not a table")
    assert protect(str(book), tmp_path / "o.csv") == 2
    assert "is not a CSV file" in capsys.readouterr().err
