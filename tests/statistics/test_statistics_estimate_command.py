"""`atips estimate`: what it prints, and how it refuses files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from atips_analysis import cli

DATA = Path(__file__).parents[1] / "data" / "mse"
KOSOVO, UK = DATA / "kosovo.csv", DATA / "uk2013_5lists.csv"
PLAIN, NESTED = DATA / "plain.csv", DATA / "nested.csv"


def estimate(capsys, *arguments):
    code = cli.run(["estimate", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def as_json(capsys, *arguments):
    code, out, _ = estimate(capsys, *arguments, "--json")
    assert code == 0
    return json.loads(out)


def test_json_is_all_that_stands_on_standard_output(capsys):
    answer = as_json(capsys, PLAIN)
    assert answer["publishable"] is True and answer["reasons"] == []
    assert answer["estimate"] == pytest.approx(631.197, rel=1e-6)
    assert answer["interval"] == pytest.approx([531.673, 764.012], rel=1e-6)
    assert answer["model"] == [] and answer["referrals"] == []
    assert {one["chosen_by"] for one in answer["alternatives"]} >= {"AIC", "BIC"}
    assert answer["model_average"]["graphs"] == 8
    assert all(0.05 < p <= 1 for p in answer["fit"].values())


def test_a_refusal_is_an_answer_with_null_and_reasons(capsys):
    answer = as_json(capsys, UK)
    assert answer["publishable"] is False and answer["reasons"]
    assert answer["estimate"] is None and answer["interval"] is None
    assert answer["model_average"] is None
    assert all(one["estimate"] is None for one in answer["alternatives"])


def test_ungated_shows_the_numbers_and_says_not_for_publication(capsys):
    answer = as_json(capsys, UK, "--ungated")
    assert answer["publishable"] is False
    assert answer["estimate"] == pytest.approx(11312.99, rel=1e-6)
    assert "not for publication" in " ".join(answer["reasons"])
    code, out, _ = estimate(capsys, UK, "--ungated")
    assert code == 0 and "NOT FOR PUBLICATION" in out and "11,313" in out


def test_words_for_a_person_withhold_what_the_gate_refuses(capsys):
    code, out, _ = estimate(capsys, UK)
    assert code == 0
    assert "withheld" in out and "11,313" not in out and "22,991" not in out


def test_a_model_can_be_given_in_any_order_of_names(capsys):
    terms = "HRW:OSCE, OSCE:EXH,ABA:EXH,EXH:HRW,OSCE:ABA"
    answer = as_json(capsys, KOSOVO, "--model", terms, "--ungated")
    assert answer["estimate"] == pytest.approx(14341.66, rel=1e-6)


def test_main_takes_no_terms(capsys):
    answer = as_json(capsys, KOSOVO, "--model", "main", "--ungated")
    assert answer["model"] == []
    assert answer["estimate"] == pytest.approx(7394.587, rel=1e-6)


def test_a_bootstrap_adds_its_interval(capsys):
    low, high = as_json(capsys, PLAIN, "--bootstrap", "20")["bootstrap_interval"]
    assert 400 < low < 631 < high < 1000


def test_a_referral_is_in_the_model_whatever_model_is_given(capsys):
    for given in ((), ("--model", "main"), ("--model", "B:C")):
        answer = as_json(capsys, PLAIN, *given, "--referral", "C>A", "--referral", "A>C")
        assert answer["referrals"] == ["C>A", "A>C"]
        assert "A:C" in answer["model"]
        assert all("A:C" in one["model"] for one in answer["alternatives"])
    assert answer["model"] == ["A:C", "B:C"]


@pytest.mark.parametrize("referral", ["A>D", "A", "A>A", "A>", "", "A:B", "A>B>C"])
def test_a_referral_that_cannot_be_read_is_exit_code_2(capsys, referral):
    code, out, error = estimate(capsys, PLAIN, "--referral", referral, "--json")
    assert code == 2 and out == "" and error.count("\n") == 1


def test_every_reason_is_told_and_a_model_without_a_finite_estimate_is_called_that(capsys):
    code, out, _ = estimate(capsys, NESTED, "--ungated")
    assert code == 0
    for said in ("SHELTER lies within POLICE", "does not fit", "not declared", "better by AIC"):
        assert said in out
    assert "POLICE:SHELTER; estimate not finite" in out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        ("A,B,count\n", "no rows"),
        ("A,B,C\n1,0,0\n0,1,1\n", "no column of counts"),
        ("count,A,B\n5,1,0\n", "last"),
        ("A,count\n1,5\n", "between 2"),
        ("A,A,count\n1,0,5\n", "one name"),
        ("A,,count\n1,0,5\n", "no name"),
        ("A,B,count\n1,0\n", "2 columns"),
        ("A,B,count\n1,2,5\n", "0 or 1"),
        ("A,B,count\n1,,5\n", "0 or 1"),
        ("A,B,count\n1,0,-5\n", "whole number"),
        ("A,B,count\n1,0,2.5\n", "whole number"),
        ("A,B,count\n1,0,\n", "whole number"),
        ("A,B,count\n1,0,many\n", "whole number"),
        ("A,B,count\n1,0,1000000000000\n", "more persons than the world has"),
        ("A,B,count\n1,0," + "9" * 5000 + "\n", "more persons than the world has"),
        ("A,B,count\n1,0,5\n0,1,4\n1,0,6\n", "row 4"),
        ("A,B,count\n0,0,5\n", "no list"),
        ("main,B,count\n1,0,5\n", "named main"),
        ("A>B,C,count\n1,0,5\n", "in its name"),
        (",".join("ABCDEFGHIJK") + ",count\n" + "1," * 11 + "5\n", "there are 11"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line_and_exit_code_2(tmp_path, capsys, content, said):
    file = tmp_path / "lists.csv"
    file.write_text(content, encoding="utf-8")
    code, out, error = estimate(capsys, file, "--json")
    assert code == 2 and out == ""
    assert said in error and "lists.csv" in error and error.count("\n") == 1


def test_a_file_that_is_not_there_or_not_text_is_exit_code_2(tmp_path, capsys):
    assert estimate(capsys, tmp_path / "none.csv")[0] == 2
    assert estimate(capsys, tmp_path)[0] == 2
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    assert estimate(capsys, binary)[0] == 2


@pytest.mark.parametrize("model", ["EXH:UNKNOWN", "EXH", "EXH:EXH", "EXH:ABA:HRW", "EXH:", ""])
def test_a_model_that_cannot_be_read_is_exit_code_2(capsys, model):
    code, out, error = estimate(capsys, KOSOVO, "--model", model, "--json")
    assert code == 2 and out == "" and error.count("\n") == 1


def test_a_bootstrap_too_small_to_mean_anything_is_exit_code_2(capsys):
    assert estimate(capsys, KOSOVO, "--bootstrap", "3")[0] == 2
    assert estimate(capsys, KOSOVO, "--bootstrap", "-1")[0] == 2


def test_spaces_byte_order_marks_and_empty_lines_do_no_harm(tmp_path, capsys):
    file = tmp_path / "lists.csv"
    file.write_text(
        "\ufeffA, B ,count\r\n1,0, 200\r\n\r\n0,1,300\r\n1,1,0100\r\n", encoding="utf-8"
    )
    assert as_json(capsys, file, "--ungated")["estimate"] == pytest.approx(1200)


def test_help_says_that_a_refusal_leaves_with_exit_code_0(capsys):
    code, out, _ = estimate(capsys, "--help")
    assert code == 0 and "exit code 0" in " ".join(out.split())


def test_ten_lists_that_are_one_are_an_answer(tmp_path, capsys):
    file = tmp_path / "lists.csv"
    file.write_text(",".join("ABCDEFGHIJ") + ",count\n" + "1," * 10 + "500\n", encoding="utf-8")
    answer = as_json(capsys, file)
    assert answer["estimate"] is None
    assert sum("one copies the other" in reason for reason in answer["reasons"]) == 45
