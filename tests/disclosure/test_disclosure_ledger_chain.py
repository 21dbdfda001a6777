"""A ledger is a chain: what was changed, taken out or put in between is found in one line."""

from __future__ import annotations

import hashlib
import json

import pytest

from atips_analysis.disclosure.cells import Relation, cell_key
from atips_analysis.disclosure.releases import Released, to_json
from atips_analysis.errors import InputError
from atips_analysis.ledger.answers import _other_runs
from atips_analysis.ledger.ledger_chain import Entry, in_order, seal_of, with_seal
from atips_analysis.ledger.ledger_files import (
    entry_file,
    files_of,
    ledger_files,
    read_ledger,
    released_table,
    table_file,
    year_text,
)
from atips_analysis.ledger.question import Question
from atips_analysis.ledger.record import Answer, names_of
from atips_analysis.release import verify_pack

TOTAL = cell_key("cases", "2023", {})
PARTS = tuple(cell_key("cases", "2023", {"district": code}) for code in ("BZ", "CY"))
TOLD = Released("a", {TOTAL: 18, PARTS[0]: 12, PARTS[1]: 6}, (Relation(TOTAL, PARTS, "cases"),))


@pytest.fixture
def ledger(tmp_path):
    """2024 was released first, then 2023, then 2024 again."""
    versions: dict[int, list] = {2023: [], 2024: []}
    for year, version in ((2024, 1), (2023, 1), (2024, 2)):
        made = read_ledger(ledger_files(tmp_path, simulated=True))
        about = {"version": version, "date": "2025-01-01", "release": to_json(TOLD)}
        entry = with_seal(about, made[-1] if made else None)
        versions[year].append(entry | {"pack": f"{year}{version}" * 8})
        text = year_text(year, simulated=True, versions=versions[year])
        entry_file(tmp_path, year, simulated=True).write_text(text, encoding="utf-8")
    return tmp_path


def read(ledger):
    return read_ledger(ledger_files(ledger, simulated=True))


def rewritten(ledger, year, change):
    file = entry_file(ledger, year, simulated=True)
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content["versions"])
    file.write_text(json.dumps(content), encoding="utf-8")


def test_releases_come_in_the_order_in_which_they_were_made(ledger):
    assert [(one.year, one.version) for one in read(ledger)] == [(2024, 1), (2023, 1), (2024, 2)]


def test_the_ledger_as_it_was_holds_what_had_been_released_by_then(ledger):
    first, *_ = chain = read(ledger)
    assert files_of(chain[:1]).keys() == {"2024-simulated.json"}
    then = json.loads(files_of(chain[:2])["2024-simulated.json"])
    assert [one["version"] for one in then["versions"]] == [1]
    assert files_of(chain) == {f.name: f.read_text("utf-8") for f in ledger.glob("*.json")}
    assert first.content["follows"] is None


def test_an_entry_that_was_changed_is_found(ledger):
    rewritten(ledger, 2023, lambda versions: versions[0].update(date="2025-02-02"))
    with pytest.raises(InputError, match=r"2023-simulated.json: version 1 was changed"):
        read(ledger)


def test_an_entry_that_was_changed_and_sealed_anew_does_not_fit_the_one_after_it(ledger):
    def change(versions):
        versions[0].update(date="2025-02-02")
        versions[0]["seal"] = seal_of(versions[0])

    rewritten(ledger, 2023, change)
    with pytest.raises(InputError, match="version 2 follows another release of 2023"):
        read(ledger)


def test_an_entry_that_is_gone_is_named(ledger):
    entry_file(ledger, 2023, simulated=True).unlink()
    with pytest.raises(InputError, match=r"lacks the release of 2023 \(version 1\), which that of"):
        read(ledger)


def test_two_releases_that_follow_the_same_one_were_made_without_each_other(ledger):
    chain = read(ledger)
    rival = with_seal({"version": 1, "date": "2025-03-03", "release": to_json(TOLD)}, chain[0])
    text = year_text(2022, simulated=True, versions=[rival | {"pack": "0" * 64}])
    entry_file(ledger, 2022, simulated=True).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="both follow the same one"):
        read(ledger)


def test_the_script_in_a_pack_makes_the_same_seals(ledger):
    for entry in in_order(read(ledger)):
        assert verify_pack.seal_of(entry.content) == entry.content["seal"]


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (lambda files: files.pop("2023-simulated.json"), "lacks the release of 2023"),
        (
            lambda files: files.update(
                {"2023-simulated.json": files["2023-simulated.json"].replace("2025", "2026")}
            ),
            "2023, version 1 was changed",
        ),
        (
            lambda files: files.update(
                {"2022-simulated.json": files["2023-simulated.json"].replace(": 2023", ": 2022")}
            ),
            "no later release follows the entry of 2022",
        ),
    ],
    ids=["taken out", "changed", "put in"],
)
def test_the_script_in_a_pack_finds_what_was_done_to_the_ledger_in_it(ledger, damage, what):
    files = files_of(read(ledger))
    manifest = {"year": 2024, "simulated": True, "release": {"version": 2}}

    def pack():
        told = {f"ledger/{name}": text.encode() for name, text in files.items()}
        return {verify_pack.MANIFEST: json.dumps(manifest).encode(), **told}

    assert verify_pack.check_chain(pack()) == []
    damage(files)
    (finding,) = verify_pack.check_chain(pack())
    assert what in finding


def test_a_table_beside_the_ledger_is_read_as_it_was_printed_and_no_other(tmp_path):
    printed = "indicator_id,note\nPROT-01,según se publicó\n"
    file = entry_file(tmp_path, 2024, simulated=False)
    sha = hashlib.sha256(printed.encode("utf-8")).hexdigest()
    entry = Entry(file, 2024, 1, {"table": sha}, TOLD)
    assert released_table(entry) is None
    table_file(file, 1).write_bytes(printed.encode("utf-8"))
    assert released_table(entry) == printed
    table_file(file, 1).write_bytes(printed.encode("utf-8") + b"\n")
    with pytest.raises(InputError, match="is not the table that was released"):
        released_table(entry)


def test_answers_are_named_by_one_hash_whatever_their_order():
    asked = Question(frozenset())
    one, other = (Answer(name, "e", "notebook", asked, (), {}, "") for name in ("a1", "b2"))
    assert names_of([]) == ""
    assert names_of([one, other]) == names_of([other, one]) == hashlib.sha256(b"a1\nb2").hexdigest()


VICTIMS, REPORTS = ("PROT-01", "VICTIM", "count"), ("PREV-09", "REPORT", "count")
CROSSED = ("form", "sex")


@pytest.mark.parametrize(
    ("standing", "measure", "table", "withheld"),
    [
        ("2020-2022", VICTIMS, CROSSED, True),
        ("2021-2023", VICTIMS, ("sex",), False),
        ("2017-2019", VICTIMS, CROSSED, False),
        ("2020-2022", REPORTS, CROSSED, False),
    ],
)
def test_a_crossing_of_persons_is_given_for_one_of_two_runs_of_years_that_overlap(
    standing, measure, table, withheld
):
    new = frozenset({("2021-2023", measure, table)})
    assert _other_runs(new, frozenset({(standing, measure, table)})) == (
        new if withheld else frozenset()
    )
