"""What an edition holds and is named by: its tables, its manifest, its fingerprints, in full."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from atips_analysis import __version__
from atips_analysis.codebook import load_codebook
from atips_analysis.databank import diff, open_databank, verify, write_edition
from atips_analysis.databank import edition as editions
from atips_analysis.databank.consolidation import consolidate, notes_of, write_notes
from atips_analysis.databank.difference import summary, write_difference
from atips_analysis.databank.edition import CHANGE, name_of
from atips_analysis.databank.fingerprint import code_fingerprint, suites_fingerprint
from atips_analysis.databank.storage import typed_columns
from atips_analysis.errors import InputError, MachineError
from atips_analysis.project import find_project
from atips_analysis.quality.edition_gate import failures_of, note_of

UNCHANGED = pd.DataFrame(columns=CHANGE)
PLACE = ["file", "sheet", "row", "submitted_by", "submitted_for", "source"]
RETURNS = pd.DataFrame(
    [("DHS", "victims", "2024-01", "received", "2025-03-31", "2025-01-10")],
    columns=["agency", "stream", "month", "state", "due", "sent"],
)
BESIDE = {
    "findings": "stream file sheet row submitted_by submitted_for column value rule severity reason"
    " remedy",
    "changes": "stream file sheet row submitted_by column old new rule",
    "files": "file sha256 submitted_by submitted_for state replaced_by simulated sent first last",
    "headers": "file sheet header column how",
    "returns": "agency stream month state due sent",
}
"""The tables beside the rows and their columns, as others read them with SQL."""


@pytest.fixture
def written(tmp_path, receive, victim):
    """Write rows as an edition with a register of returns, and open it."""

    def write(*rows, returns=RETURNS, **settings):
        handed = receive(list(rows) or [victim])
        return open_databank(
            tmp_path,
            write_edition(tmp_path, handed, UNCHANGED, handed, settings, returns).name,
        )

    return write


def test_the_tables_beside_the_rows_have_these_columns(written):
    bank = written()
    assert {name: " ".join(bank.kept(name)) for name in BESIDE} == BESIDE
    codebook = load_codebook()
    names = [c.name for s in codebook.streams.values() for c in s.columns if c.type != "age"]
    for name in ("quarantine", "duplicates"):
        assert list(bank.kept(name)) == ["stream", *dict.fromkeys(names), *PLACE]
    assert list(bank.frame("victims"))[-6:] == PLACE
    kept = {path.stem for path in bank.folder.iterdir()}
    assert kept == {*BESIDE, *codebook.streams, "quarantine", "duplicates", "manifest"}


def test_the_tables_beside_the_rows_hold_what_was_handed_in(written, victim):
    rows = [victim | {"verdict": "duplicate"}, victim | {"verdict": "quarantined", "sex": "x"}]
    bank = written(victim, *rows, victim | {"agency": "IMM", "source": "simulated"})
    for name, value in {"duplicates": "F", "quarantine": "x"}.items():
        table = bank.kept(name)
        assert table[["stream", "sex", "submitted_by"]].values.tolist() == [
            ["victims", value, "DHS"]
        ]
        assert {str(table[at].dtype) for at in ("row", "submitted_for")} == {"Int64"}
    files = bank.kept("files").set_index("submitted_by")
    assert files["simulated"].to_dict() == {"DHS": "no", "IMM": "yes"}
    assert bank.kept("returns").to_dict("list") == RETURNS.to_dict("list")
    assert {str(kind) for kind in bank.kept("returns").dtypes} == {"str"}
    with pytest.raises(InputError, match="'rows' is not one of quarantine, duplicates"):
        bank.kept("rows")


def test_an_edition_written_before_there_was_a_register_has_no_returns(written):
    bank = written()
    bank.manifest["parquet"].pop("returns.parquet")
    table = bank.kept("returns")
    assert table.empty and " ".join(table) == BESIDE["returns"]
    assert len(written(returns=None).kept("returns")) == 1  # the edition stands as it was written
    assert written(returns=None, other=1).kept("returns").empty


def test_rows_stand_in_the_order_of_stream_file_sheet_and_row(tmp_path, receive, victim):
    handed = receive([victim, victim, victim | {"agency": "BPD_ATIPS"}, victim])
    rows = handed.verdicts["victims"].assign(sheet=["b", "a", "b", "a"]).iloc[::-1]
    case = {"case_id": "C", **rows.iloc[0][[*PLACE, "verdict"]]}
    names = [column.name for column in load_codebook().streams["cases"].columns]
    cases = pd.DataFrame([case]).reindex(columns=[*names, *PLACE, "verdict"]).assign(sheet="z")
    verdicts = {"victims": rows, "cases": cases}
    for verdict, table in {"accepted": "victims", "quarantined": "quarantine"}.items():
        handed.verdicts = {name: frame.assign(verdict=verdict) for name, frame in verdicts.items()}
        places = pd.concat(handed.verdicts.values())[["file", "sheet"]]
        handed.sheets = places.value_counts().rename("rows_read").reset_index()
        streams = handed.sheets["sheet"].map({"z": "cases"}).fillna("victims")
        nothing = {"blank_rows": 0, "title_rows": 0, "totals_rows": 0, "nil_return": False}
        handed.sheets = handed.sheets.assign(stream=streams, **nothing)
        write_edition(tmp_path, handed, UNCHANGED, handed, {"verdict": verdict})
        stored = open_databank(tmp_path)
        frame = stored.frame(table) if table == "victims" else stored.kept(table)
        order = frame[["file", "sheet", "row"]].values.tolist()
        own = [
            ["BPD_ATIPS_2024.xlsx", "b", 4],
            ["DHS_2024.xlsx", "a", 3],
            ["DHS_2024.xlsx", "a", 5],
            ["DHS_2024.xlsx", "b", 2],
        ]
        first = [[case["file"], "z", case["row"]]] if table == "quarantine" else []
        assert order == [*first, *own]


def test_the_values_left_blank_of_several_columns_are_one_table():
    place = {"file": "f", "sheet": "s", "row": 2, "submitted_by": "DHS"}
    rows = pd.DataFrame([place | {"primary_form": "perhaps", "identified_year": "x"}]).astype(str)
    typed, blank = typed_columns(rows, load_codebook().stream("victims"))
    assert typed[["primary_form", "identified_year"]].isna().all(axis=None)
    assert list(blank) == [*place, "column", "old"] and list(blank.index) == [0, 1]
    assert blank["old"].tolist() == ["x", "perhaps"]
    _, none = typed_columns(rows[list(place)], load_codebook().stream("victims"))
    assert none.empty and list(none) == list(blank)


def test_a_file_of_rows_holds_rows_and_schema_and_nothing_of_the_program(written):
    (path,) = written().folder.glob("victims.parquet")
    assert pq.read_metadata(path).metadata is None


def test_rows_that_were_forgotten_are_counted_beside_the_others(tmp_path, receive, victim):
    handed = receive([victim])
    handed.sheets["forgotten_rows"] = 4
    account = write_edition(tmp_path, handed, UNCHANGED, handed, {}).manifest["account"]
    assert [line["forgotten"] for line in account] == [4]


def test_a_value_that_is_left_blank_says_where_it_stood(store, victim):
    change = store([victim | {"primary_form": "perhaps"}]).kept("changes").iloc[0].to_dict()
    assert change == {
        "stream": "victims",
        "file": "DHS_2024.xlsx",
        "sheet": "Victims",
        "row": 2,
        "submitted_by": "DHS",
        "column": "primary_form",
        "old": "perhaps",
        "new": change["new"],
        "rule": "databank: no value of this type",
    }
    assert pd.isna(change["new"])


def test_the_manifest_says_what_went_in_and_what_came_of_it(written):
    bank = written(suites="x")
    text = (bank.folder / "manifest.json").read_text("utf-8")
    said = json.loads(text)
    assert text == json.dumps(said, sort_keys=True, ensure_ascii=False, indent=2) + "\n"
    keys = "account code edition files format parquet settings simulated totals"
    assert " ".join(said) == keys
    assert said["code"] == {"fingerprint": code_fingerprint(), "version": __version__}
    assert said["settings"] == {"suites": "x"}
    totals = {"read": 1, "accepted": 1, "quarantined": 0, "duplicates": 0}
    assert said["totals"] == totals | {"blank": 1, "title": 2, "totals": 0, "forgotten": 0}
    assert bank.about.folder == bank.folder and bank.folder.parent.name == "editions"


def test_the_name_of_an_edition_can_be_worked_out_by_hand():
    told = {"file": "a.csv", "sha256": "00", "submitted_by": "DHS", "submitted_for": 2024}
    went_in = {"code": {"version": "1"}, "files": [told | {"state": "x"}], "settings": {"ñ": 1}}
    text = (
        '{"code":{"version":"1"},"files":[{"file":"a.csv","sha256":"00","submitted_by":"DHS",'
        '"submitted_for":2024}],"settings":{"ñ":1}}'
    )
    assert name_of(went_in) == hashlib.sha256(text.encode()).hexdigest()[:12]


def test_years_are_those_of_current_files_in_order(tmp_path, receive, victim):
    handed = receive([victim | {"agency": name} for name in ("IMM", "DHS", "IOM", "BPD_ATIPS")])
    handed.files["submitted_for"] = [2024, 2022, 2024, 2023]
    handed.files.loc[3, "state"] = "replaced"
    gone = handed.files.loc[3, "file"]
    rows = handed.verdicts["victims"]
    handed.verdicts["victims"] = rows[rows["file"] != gone]
    write_edition(tmp_path, handed, UNCHANGED, handed, {})
    assert open_databank(tmp_path).years == (2022, 2024)


def test_a_stream_without_a_year_of_its_own_is_read_by_the_year_of_the_return(store):
    service = {"victim_id": "a", "service_type": "MEDICAL", "start_month": "2023-12"}
    bank = store([service, service | {"agency": "HTI", "year": 2023}], "services")
    assert bank.services(year=2023)["submitted_by"].tolist() == ["HTI"]
    assert len(bank.services(service_type="MEDICAL")) == 2
    assert list(bank.services(year=2023).index) == [0]


# fingerprints


@pytest.fixture
def package(tmp_path):
    """Files as of a package, each of one line."""
    root = tmp_path / "package"
    rooms = ("codebook", "intake", "cleaning", "quality", "databank", "pages")
    names = [f"{room}/x{end}" for room in rooms for end in (".py", ".csv", ".json", ".toml", ".md")]
    for name in (*names, "__init__.py", "errors.py", "files.py", "quality/deep/er.py"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"one\n")
    return root


def test_the_code_of_an_edition_is_the_code_and_tables_of_the_rooms_that_a_row_passes(package):
    before = code_fingerprint(package=package)
    counted = set()
    for path in sorted(path for path in package.rglob("*") if path.is_file()):
        path.write_bytes(b"two\n")
        if code_fingerprint(package=package) != before:
            counted.add(path.relative_to(package).as_posix())
        path.write_bytes(b"one\n")
    rooms = ("codebook", "intake", "cleaning", "quality", "databank")
    tables = {f"{room}/x{end}" for room in rooms for end in (".py", ".csv", ".json", ".toml")}
    assert counted == tables | {"__init__.py", "errors.py", "quality/deep/er.py"}


def test_the_same_code_has_the_same_fingerprint_whatever_the_ends_of_its_lines(package):
    before = code_fingerprint(package=package)
    assert len(before) == 64
    (package / "quality" / "x.py").write_bytes(b"one\r\n")
    assert code_fingerprint(package=package) == before
    (package / "quality" / "x.py").rename(package / "quality" / "y.py")
    assert code_fingerprint(package=package) != before


def test_suites_are_known_by_their_names_and_what_they_say(tmp_path):
    def told(name: str, text: str) -> str:
        folder = tmp_path / f"{name}-{text}"
        folder.mkdir()
        (folder / name).write_text(text, encoding="utf-8")
        (folder / "notes.md").write_text(name, encoding="utf-8")
        return suites_fingerprint(folder)

    assert len({told("a.json", "1"), told("b.json", "1"), told("a.json", "2")}) == 3
    content = hashlib.sha256(b"1").digest()
    assert told("c.json", "1") == hashlib.sha256(b"c.json\0" + content).hexdigest()


# what is damaged, and who was first


def test_a_missing_table_is_said_in_one_line_and_the_edition_is_not_taken_for_written(
    tmp_path, receive, victim
):
    handed = receive([victim])
    folder = write_edition(tmp_path, handed, UNCHANGED, handed, {}).folder
    (folder / "victims.parquet").unlink()
    for ask in (
        lambda: write_edition(tmp_path, handed, UNCHANGED, handed, {}),
        lambda: open_databank(tmp_path).victims(),
    ):
        with pytest.raises(InputError, match=r"victims\.parquet is not what was written"):
            ask()
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    assert verify(tmp_path) == [f"edition {folder.name}: manifest.json is not complete"]


@pytest.mark.parametrize(("whole", "says"), [(True, None), (False, "cannot be written")])
def test_where_another_process_was_first_its_edition_stands_if_it_is_whole(
    whole, says, tmp_path, receive, victim, monkeypatch
):
    handed, sync = receive([victim]), editions.sync_folder

    def first(folder: Path) -> None:
        other = folder.parent / folder.name.rpartition(".")[2]
        if folder.name.startswith(".") and not other.exists():
            other.mkdir()
            for path in folder.iterdir():
                if whole or path.name != "manifest.json":
                    (other / path.name).write_bytes(path.read_bytes())
        sync(folder)

    monkeypatch.setattr(editions, "sync_folder", first)
    if says:
        with pytest.raises(MachineError, match=says):
            write_edition(tmp_path, handed, UNCHANGED, handed, {})
    else:
        edition = write_edition(tmp_path, handed, UNCHANGED, handed, {})
        assert verify(tmp_path) == [] and open_databank(tmp_path).edition == edition.name
    assert not [path for path in (tmp_path / "editions").iterdir() if path.name.startswith(".")]


# the difference as a table


def test_the_difference_is_counted_by_stream_and_written_as_it_is(store, victim, tmp_path):
    old = store([victim, victim | {"victim_id": "b" * 16}])
    new = store([victim | {"sector": "A"}, victim | {"victim_id": "c" * 16}])
    found = diff(old, new)
    counted = {"stream": ["victims"], "added": [1], "withdrawn": [1], "changed": [1]}
    assert summary(found).to_dict("list") == counted
    assert str(found["submitted_for"].dtype) == "Int64"
    write_difference(found, tmp_path / "out.csv")
    key = "victim_id={}; case_id=BZ-CASE-2024-0001; identified_year=2024; form=FORCED_LABOUR"
    assert (tmp_path / "out.csv").read_bytes().decode("utf-8").split("\n") == [
        "stream,change,submitted_by,submitted_for,key,column,old,new",
        f"victims,added,DHS,2024,{key.format('c' * 16)},,,",
        f"victims,changed,DHS,2024,{key.format('a1' * 8)},sector,,A",
        f"victims,withdrawn,DHS,2024,{key.format('b' * 16)},,,",
        "",
    ]
    with pytest.raises(MachineError, match="choose another place"):
        write_difference(found, tmp_path / "out.csv" / "below")


def test_rows_that_share_a_key_are_told_apart_by_their_turn(store, victim):
    one, two = store([victim, victim | {"sex": "M"}]), store([victim, victim | {"sex": "U"}])
    found = diff(one, two)
    assert found[["change", "column", "old", "new"]].values.tolist() == [
        ["changed", "sex", "M", "U"]
    ]


# what the next steps of a build are told


def test_a_build_is_told_of_scores_counts_failures_and_the_edition(tmp_path):
    submissions = tmp_path / "submissions"
    submissions.mkdir()
    (submissions / "IMM_2024_screenings.csv").write_text(
        "month,agency,citizenship_group,outcome,n\n2024-05,IMM,NCA,NO_IND,3\n", encoding="utf-8"
    )
    (submissions / "DHS_2024_victims.xlsx").write_bytes(b"no workbook")
    steps: list[str] = []
    suites = find_project().expectations
    done = consolidate(submissions, tmp_path / "bank", suites, {}, steps.append, owed=())
    assert steps == ["reading submissions", "cleaning", "judging", "writing the edition"]
    write_notes(done, tmp_path / "notes", {})
    notes = {path.name: path.read_text("utf-8") for path in (tmp_path / "notes").iterdir()}
    about = {"edition": done.edition.name, "simulated": False}
    assert notes["edition.json"] == json.dumps(about, indent=2) + "\n"
    gate = json.loads(notes["quality-gate.json"])
    failures = gate["failures"]
    assert notes["quality-gate.json"] == json.dumps(note_of(failures_of(gate)), indent=2) + "\n"
    assert len(failures) == 1 and "DHS_2024_victims.xlsx" in failures[0]
    scores, counts = (notes[f"quality-{name}.csv"].split("\n") for name in ("scores", "counts"))
    assert scores[0] == "submitted_by,submitted_for,stream,dimension,score,status"
    assert counts == [
        "stream,submitted_by,submitted_for,read,accepted,quarantined,duplicates,about_persons",
        "screenings,IMM,2024,1,1,0,0,True",
        "",
    ]
    assert set(done.edition.manifest["settings"]) == {"suites", "council"}
    assert notes_of(tmp_path / "bank", done.edition.name) == notes
    with pytest.raises(InputError, match="keeps no notes on the quality of edition 0123"):
        notes_of(tmp_path / "bank", "0123")
