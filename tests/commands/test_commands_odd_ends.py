"""Odd things on the command line and among submissions: one line each, nothing in silence."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.build.standard_streams import shown
from atips_analysis.cli import run
from atips_analysis.errors import InputError
from atips_analysis.files import as_it_was, csv_text, frame_csv
from atips_analysis.indicators import parse_period
from atips_analysis.intake import read_submissions
from atips_analysis.project import CHECKOUT


@pytest.mark.parametrize(
    "words", [["template", "--out="], ["template", "--out", ""], ["build", "--year="], ["run", ""]]
)
def test_an_option_with_nothing_after_it_is_named(words, capfd):
    assert run(words) == 2
    said = capfd.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert said[0].endswith("is empty; write what it is to be, or leave it out")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no pipes")
@pytest.mark.parametrize(
    "words",
    [["audit", "{}", "--count", "n"], ["check", "{}"], ["estimate", "{}"], ["verify", "{}"],
     ["protect", "{}", "--count", "n", "--by", "a", "--out", "b.csv"], ["answer", "{}"],
     ["pseudonymise", "names.csv", "--key-file={}"], ["backup", "--out", "{}"]],
)  # fmt: skip
@pytest.mark.parametrize("what", ["pipe", "device"])
def test_a_pipe_or_a_device_is_refused_where_a_file_is_to_be_named(words, what, tmp_path, capfd):
    place = tmp_path / "given.csv"
    if what == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to("/dev/zero")
    assert run([word.format(place) for word in words]) == 2
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert line.startswith(f"atips: {place}: is ")


@pytest.mark.parametrize("given", ["d/" * 1000, "x" * 1001, "Ni\udcf1os"])
@pytest.mark.parametrize("words", [["build", "--out={}"], ["restore", "a.age", "--out", "{}"],
                                   ["check", "{}"], ["run", "brief", "-p", "lang={}"]])  # fmt: skip
def test_what_is_no_text_or_longer_than_any_path_is_refused_in_a_line_that_can_be_read(
    words, given, capfd
):
    assert run([word.format(given) for word in words]) == 2
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert "type it again" in line and len(line) < 200


@pytest.mark.parametrize("year", ["0", "-5", "24", "99999"])
@pytest.mark.parametrize("command", ["build", "release", "returns", "template"])
def test_a_year_that_no_report_can_be_of_is_named_with_those_that_can(command, year, capfd):
    words = {
        "release": ["--checked-by", "A", "--approved-by", "B"],
        "template": ["--agency", "DHS", "--out", "form.xlsx"],
    }
    assert run([command, f"--year={year}", *words.get(command, [])]) == 2
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert line.startswith(
        f"atips: --year '{year}' is {'above 2099' if year == '99999' else 'below 2000'};"
    )


def test_a_scheduler_that_is_no_address_is_said_first_of_all(
    kept_project, tmp_path, monkeypatch, capfd
):
    root = shutil.copytree(kept_project, tmp_path / "project")
    monkeypatch.chdir(root)
    assert run(["build", "--submissions", "data/submissions", "--scheduler", "BAD"]) == 2
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert line.startswith("atips: --scheduler 'BAD' is no address")


@pytest.mark.parametrize("name", ["２０２４", "２０２４-Q1", "٢٠٢٤", "२०२४-H1"])
def test_a_period_is_written_in_the_digits_0_to_9(name):
    with pytest.raises(InputError):
        parse_period(name)


def test_a_source_date_that_is_none_changes_nothing(capfd):
    command = [sys.executable, "-m", "atips_analysis", "doctor"]
    given = {**os.environ, "SOURCE_DATE_EPOCH": "abc"}
    done = subprocess.run(command, capture_output=True, text=True, env=given)
    assert "unexpected fault" not in done.stderr
    run(["doctor"])
    assert done.stdout == capfd.readouterr().out != ""


@pytest.mark.slow
def test_what_a_user_has_set_for_python_and_pandas_changes_no_word_and_no_byte(
    kept_project, tmp_path
):
    root = shutil.copytree(kept_project, tmp_path / "project")
    sent = min((root / "data/submissions").iterdir(), key=lambda one: one.stat().st_size)
    command = [sys.executable, "-m", "atips_analysis", "consolidate", "--databank", "data/new"]
    (root / "sent").mkdir()
    shutil.copyfile(sent, root / "sent" / sent.name)
    found = []
    for given in ({}, {"PYTHONWARNINGS": "error", "PANDAS_FUTURE_INFER_STRING": "0"}):
        done = subprocess.run(
            [*command, "--submissions", "sent"],
            cwd=root,
            capture_output=True,
            text=True,
            env=os.environ | given,
        )
        editions = root / "data/new/editions"
        files = {one.name: one.read_bytes() for one in editions.glob("*/*") if one.is_file()}
        found.append((done.returncode, done.stdout, done.stderr, files))
        shutil.rmtree(root / "data/new")
    assert found[0][0] == 0 and found[0][3] and found[0] == found[1]


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
@pytest.mark.parametrize("words", [["bulletin", "--period", "2024-Q3", "--out={}"], ["check", "{}"],
                                   ["restore", "a.age", "--out", "{}/below"]])  # fmt: skip
def test_a_link_that_leads_back_to_itself_is_named(words, tmp_path, capfd):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert run([word.format(loop) for word in words]) == 2
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert line.startswith(f"atips: {loop}") and "leads back to itself" in line


def test_a_python_without_docstrings_is_refused_in_one_line_before_anything_is_done():
    command = [sys.executable, "-m", "atips_analysis", "doctor"]
    given = {**os.environ, "PYTHONOPTIMIZE": "2"}
    done = subprocess.run(command, capture_output=True, text=True, env=given)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 3 and done.stdout == ""
    assert line.startswith("atips: Python was told to leave out docstrings (PYTHONOPTIMIZE=2, -OO)")


def test_a_umask_that_is_none_is_no_command_s(tmp_path, monkeypatch):
    monkeypatch.setenv("ATIPS_UMASK", "abc")
    assert (
        run(["template", "--agency", "DHS", "--year", "2024", "--out", str(tmp_path / "a.xlsx")])
        == 0
    )


def test_an_error_shows_what_a_terminal_would_obey():
    text = str(InputError("is no file", file="no\x1b[31m\x9b.xlsx"))
    assert text == "no\\x1b[31m\\x9b.xlsx: is no file"
    assert str(InputError("ñandú “2024” … é")) == "ñandú “2024” … é"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no pipes")
@pytest.mark.parametrize("what", ["pipe", "device", "nothing", "folder"])
@pytest.mark.parametrize(
    "name",
    ["data/narrative/2024/courts.md", "data/council/agencies.csv", "data/published/sources.csv",
     "data/framework/indicators.csv", "expectations/victims.json", "notebooks/brief.ipynb"],
)  # fmt: skip
def test_what_stands_in_the_place_of_a_file_that_people_write_is_named_and_never_read(
    kept_project, tmp_path, monkeypatch, capfd, name, what
):
    root = shutil.copytree(kept_project, tmp_path / "project")
    file = root / name
    file.unlink(missing_ok=True)
    file.parent.mkdir(exist_ok=True)
    if what == "pipe":
        os.mkfifo(file)
    elif what == "folder":
        file.mkdir()
    else:
        file.symlink_to("/dev/zero" if what == "device" else "/nowhere")
    monkeypatch.chdir(root / "data")
    code = run(["doctor"])
    said = capfd.readouterr().err.splitlines()
    assert (code, len(said)) == (2, 1) and said[0].startswith(f"atips: {name}: is ")


@pytest.mark.parametrize(
    ("name", "command", "content"),
    [
        ("answers.csv", "consolidate", b""),
        ("answers.csv", "consolidate", b"\xff\xfe\x00\x84"),
        ("recipients.txt", "lock", b""),
        ("recipients.txt", "lock", b"\xff\xfe\x00\x84"),
        ("returns.csv", "returns", b"\xff\xfe\x00\x84"),
        ("../../notebooks/pages.csv", "build", b"\xff\xfe\x00\x84"),
    ],
)
def test_a_file_of_the_officer_that_is_no_text_is_one_line(
    kept_project, tmp_path, monkeypatch, capfd, name, command, content
):
    root = shutil.copytree(kept_project, tmp_path / "project")
    (root / "data/council" / name).write_bytes(content)
    monkeypatch.chdir(root)
    submissions = ["--submissions", "data/submissions", "--databank", "data/databank", "--quiet"]
    words = {"consolidate": submissions, "build": submissions[:2]}.get(command, [])
    assert run([command, *words]) == 2
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert Path(name).name in line and "unexpected fault" not in line


@pytest.mark.parametrize("command", ["build", "bulletin", "check", "consolidate"])
def test_nothing_is_published_into_data_and_nothing_confidential_written_among_reports(
    kept_project, tmp_path, monkeypatch, capfd, command
):
    root = shutil.copytree(kept_project, tmp_path / "project")
    monkeypatch.chdir(root)
    sent = ["--submissions", "data/submissions"]
    words = {
        "build": [*sent, "--out", "data"],
        "bulletin": ["--period", "2024-Q3", *sent, "--out", "data/databank/reports"],
        "check": ["data/submissions", "--out", "reports"],
        "consolidate": [*sent, "--databank", "reports/bank"],
    }
    before = sorted(path for path in root.rglob("*") if path.is_file())
    assert run([command, *words[command]]) == 2
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert "reports are published" in line
    assert [path for path in before if not path.is_file()] == []
    assert [path for path in root.rglob("*.parquet") if path not in before] == []
    assert [path for path in root.rglob("*.xlsx") if path not in before] == []


@pytest.fixture
def odd(tmp_path):
    """A folder with one return, and with what is none."""
    sent = sorted((CHECKOUT / "data/example/submissions").glob("*2024*.xlsx"))[0]
    shutil.copyfile(sent, tmp_path / sent.name)
    os.mkfifo(tmp_path / "DHS_2024.xlsx")
    (tmp_path / "LAB_2024.xlsx").mkdir()
    (tmp_path / "IMM_2024.xlsx").symlink_to("/nowhere/at-all.xlsx")
    (tmp_path / "later").symlink_to(tmp_path.parent, target_is_directory=True)
    shutil.copyfile(sent, tmp_path / "DPP\x1b]0;owned\x07_2024.xlsx")
    (tmp_path / "2024").mkdir()
    return tmp_path


@pytest.mark.skipif(os.name != "posix", reason="Windows has neither pipes nor such names")
def test_what_is_no_file_among_submissions_is_said_a_line_each(odd):
    faults = dict(read_submissions(odd).faults.itertuples(index=False))
    assert sorted(faults) == [
        *("DHS_2024.xlsx", "DPP\x1b]0;owned\x07_2024.xlsx", "IMM_2024.xlsx", "LAB_2024.xlsx"),
        "later",
    ]
    assert "put the file itself in its place" in faults["DHS_2024.xlsx"]
    assert "give it another name" in faults["LAB_2024.xlsx"]
    assert "or to nothing" in faults["IMM_2024.xlsx"]
    assert all(text.isprintable() for text in faults.values())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such name")
def test_a_file_whose_name_is_of_another_encoding_fails_by_itself(tmp_path):
    sent = min(
        (CHECKOUT / "data/example/submissions").iterdir(), key=lambda one: one.stat().st_size
    )
    shutil.copyfile(sent, tmp_path / sent.name)
    shutil.copyfile(sent, os.fsencode(tmp_path) + b"/Ni\xf1os_2024.xlsx")
    intake = read_submissions(tmp_path)
    ((name, fault),) = intake.faults.itertuples(index=False)
    assert name == "Ni\\udcf1os_2024.xlsx" and fault.startswith(f"{name}: has characters in its")
    assert list(intake.files["file"]) == [sent.name]


@pytest.mark.skipif(os.name != "posix", reason="Windows has neither pipes nor such names")
def test_a_check_says_it_and_sends_no_code_to_the_terminal(odd, tmp_path_factory, capfd):
    out = tmp_path_factory.mktemp("feedback")
    assert run(["check", str(odd), "--out", str(out)]) == 1
    said = capfd.readouterr()
    assert said.out.count("cannot be used: ") == 5
    assert not {"\x1b", "\x07"} & set(said.out + said.err)


EVIL = "\x1b]0;owned\x07\u202e\u200b\x9b31m"
"""What retitles a terminal, turns its text around, hides, and colours."""
SAYS = {
    "check": ["data/submissions"],
    "consolidate": [
        "--submissions",
        "data/submissions",
        "--databank",
        "data/databank",
        "--verbose",
    ],
    "databank": ["list", "--verbose"],
    "retain": ["--on", "2099-01-01"],
    "forget": ["0123456789abcdef"],
    "protect": [
        f"{EVIL}.csv",
        "--count",
        "n",
        "--by",
        "sex",
        "--out",
        f"out{EVIL}.csv",
        "--verbose",
    ],
    "audit": [f"{EVIL}.csv", "--count", "n", "--verbose"],
    "verify": [f"{EVIL}.csv"],
    "example": ["--out", f"new{EVIL}", "--verbose"],
    "template": ["--agency", "DHS", "--year", "2024", "--out", f"form{EVIL}.xlsx"],
    "estimate": [f"{EVIL}.csv", "--ungated"],
    "run": [f"no{EVIL}"],
    "doctor": ["--repair"],
}


@pytest.mark.skipif(os.name != "posix", reason="such names and forks of POSIX")
@pytest.mark.slow
def test_nothing_that_a_command_says_is_obeyed_by_the_terminal(kept_project, tmp_path):
    root = tmp_path / "project"
    shutil.copytree(kept_project, root)
    sent = next((root / "data/submissions").glob("*.xlsx"))
    (root / f"data/submissions/{EVIL}.xlsx").write_bytes(b"no workbook")
    shutil.copyfile(sent, root / f"data/submissions/copy{EVIL}{sent.name}")
    (root / f"data/databank/.99999999.{EVIL}").write_text("left")
    table = f"sex,n\nfemale{EVIL},2\nmale,9\nother,12\nTotal,23\n"
    (root / f"{EVIL}.csv").write_text(table, encoding="utf-8")
    program = (
        "import json, sys\nfrom atips_analysis.cli import main\n"
        "for words in json.loads(sys.argv[1]):\n"
        "    try:\n        main(words)\n    except SystemExit:\n        print('NEXT', flush=True)\n"
    )
    given = json.dumps([[name, *words] for name, words in SAYS.items()])
    done = subprocess.run(
        [sys.executable, "-c", program, given],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    said = done.stdout.split("NEXT\n")
    assert len(said) == len(SAYS) + 1 and all(said[:-1]), done.stdout
    assert not set("\x1b\x07\u202e\u200b\x9b") & set(done.stdout)
    assert "Traceback" not in done.stdout and "unexpected fault" not in done.stdout
    assert sum("owned" in one for one in said) > 8  # it is shown, in a form that nothing obeys


def test_what_is_shown_of_odd_characters_is_json_too():
    text = shown(json.dumps({"a": EVIL, "b": "1\u202f234 “ñ”\xa0é"}, ensure_ascii=False))
    assert json.loads(text) == {"a": EVIL, "b": "1\u202f234 “ñ”\xa0é"}
    assert text.count("\\u") == 5 and "1\u202f234 “ñ”\xa0é" in text


FORMULAS = (
    "=1+1", "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1", "\n=1", " =1", "\ufeff=1", "\u200b=1",
    "\x00=1", "\xa0=1", "\uff1d1+1", "\uff0bcmd", "\uff0d2+3", "\uff20SUM(1)",
)  # fmt: skip
"""What spreadsheets compute, some of them only in a language whose signs are as wide as its letters."""
NO_FORMULAS = ("-5", "+3", "-1.5e-05", "-0,5 %", "a=b", "-", "'=1", "", "1-2", "ana@example.org")


def test_no_text_of_a_table_is_a_formula_and_each_can_be_had_as_it_was():
    frame = pd.DataFrame({"=head": [*FORMULAS, *NO_FORMULAS], "n": -1.5})
    for text in (csv_text([frame.columns, *frame.itertuples(index=False)]), frame_csv(frame)):
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        assert head == ["'=head", "n"] and {row[1] for row in rows} == {"-1.5"}
        shown = [row[0] for row in rows]
        assert shown == [*(f"'{one}" for one in FORMULAS), *NO_FORMULAS]
        assert [as_it_was(one) for one in shown[: len(FORMULAS)]] == list(FORMULAS)


def test_every_table_is_written_by_the_one_writer_that_knows_formulas():
    """But for the invented returns of agencies, which are as agencies write them."""
    own = CHECKOUT / "src/atips_analysis"
    writes = re.compile(r"\.to_csv\(|csv\.writer\(|DictWriter\(")
    assert sorted(
        file.relative_to(own).as_posix()
        for file in own.rglob("*.py")
        if writes.search(file.read_text(encoding="utf-8"))
    ) == ["example/writing.py", "files.py"]
