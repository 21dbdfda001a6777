"""The script that travels in a pack: what it accepts, what it finds, what it refuses to open."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import struct
import zipfile

import pytest

from atips_analysis.cli import run
from atips_analysis.errors import InputError
from atips_analysis.indicators.place import SPAN, VALUE, row_id
from atips_analysis.release import verify_pack
from atips_analysis.release.pack_tables import PackTable
from atips_analysis.release.pack_verification import verify
from atips_analysis.release.spreadsheet import spreadsheet

TABLE = "tables/indicators-simulated.csv"
RESEARCH = "tables/research-simulated.csv"
SDMX = "sdmx/indicators-simulated.csv"
LEDGER = "ledger/2024-simulated.json"


def test_the_verifier_names_rows_as_the_ledger_does():
    place = {"indicator_id": "PROT-01", "unit_of_count": "VICTIM", "statistic": "count"}
    place |= {"period": "2024", "sex": "F", "form": "Total"}
    printed = place | {
        "period_start": "2024-01-01",
        "value": "7",
        "status": "OK",
        "category_en": "x",
    }
    assert verify_pack.row_id(printed) == row_id(place)
    assert set(VALUE) | set(SPAN) <= set(verify_pack.TOLD)


def digest(content):
    return hashlib.sha256(content).hexdigest()


def small_pack(
    values=(("Total", "18"), ("F", ""), ("M", ""), ("U", "0")), shown=(18, None, None, 0)
):
    """A pack of one table: victims by sex, two of its cells hidden."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["sex", "value", "status"])
    writer.writerows([sex, value, "OK" if value else "C"] for sex, value in values)
    files = dict.fromkeys((name.format(mark="-simulated") for name in verify_pack.NEEDED), b"{}")
    files[SDMX] = b"OBS_VALUE,CONF_STATUS\n" + b"".join(
        f"{value},{'F' if value else 'C'}\n".encode() for _, value in values
    )
    files[TABLE] = out.getvalue().encode()
    manifest = {
        "year": 2024,
        "simulated": True,
        "edition": "a",
        "release": {"version": 1},
        "files": {},
    }
    files[verify_pack.MANIFEST] = json.dumps(manifest).encode()
    cells = [
        [
            "victims",
            "2024",
            f"sex={sex}" if sex != "Total" else "",
            count,
            [[row_id({"sex": sex}), "value"]],
        ]
        for (sex, _), count in zip(values, shown, strict=True)
    ]
    entry = {
        "version": 1,
        "edition": "a",
        "files": {},
        "table": digest(files[TABLE]),
        "release": {
            "edition": "a",
            "threshold": 5,
            "cells": cells,
            "tables": ["victims by sex"],
            "sums": [[0, 0, [1, 2, 3]]],
            "figures": [],
            "unrevised": {},
        },
    }
    return sealed(entered(files, entry))


def entered(files, *versions):
    """The files with these versions in the ledger, each sealed and following the one before."""
    kept, last = [], None
    for number, version in enumerate(versions, start=1):
        about = {"date": "2025-01-01", "checked_by": "A", "approved_by": "B", **version}
        entry = about | {"version": number, "follows": last}
        entry["seal"] = verify_pack.seal_of(entry)
        last = {"year": 2024, "version": number, "seal": entry["seal"], "pack": "0" * 64}
        kept.append(entry | ({"pack": "0" * 64} if number < len(versions) else {}))
    ledger = {"year": 2024, "versions": kept}
    return files | {LEDGER: json.dumps(ledger).encode()}


def sealed(files):
    lines = [f"{digest(files[n])}  {n}\n" for n in sorted(files) if n != verify_pack.SUMS]
    return files | {verify_pack.SUMS: "".join(lines).encode()}


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_table_with_hidden_cells_that_leave_room_adds_up():
    assert verify_pack.check(small_pack()) == []
    assert verify(zipped(small_pack())).findings == ()


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ((("Total", "1"), ("F", ""), ("M", ""), ("U", "0")), (1, None, None, 0)),
        ((("Total", "18"), ("F", "15"), ("M", "2"), ("U", "0")), (18, 15, 2, 0)),
        ((("Total", "18"), ("F", "18"), ("M", ""), ("U", "0")), (18, 18, None, 0)),
    ],
    ids=["two hidden persons in a total of one", "parts make less", "no room for the hidden one"],
)
def test_a_sum_that_cannot_hold_is_found(values, shown):
    assert verify_pack.check(small_pack(values, shown)) == ["victims by sex does not add up"]


def test_a_pack_whose_hidden_cell_can_be_worked_out_does_not_match():
    open_pack = small_pack((("Total", "18"), ("F", "15"), ("M", ""), ("U", "0")), (18, 15, None, 0))
    assert verify_pack.check(open_pack) == []  # complete, unchanged and adding up all the same
    (finding,) = verify(zipped(open_pack)).findings
    assert "1 hidden or rounded counts can be worked out" in finding and "victims by sex" in finding


def with_research(values=("9", ""), shown=(9, None), sums=()):
    """The small pack with a second table, released beside the first."""
    files = small_pack()
    rows = [f"X{at},{value},{'OK' if value else 'C'}" for at, value in enumerate(values)]
    lines = ["code,value,status", *rows]
    files[RESEARCH] = ("\n".join(lines) + "\n").encode()
    ledger = json.loads(files[LEDGER])
    cells = [
        [
            "victims by means",
            "2024",
            f"means={row}",
            count,
            [[row_id({"code": f"X{row}"}), "value"]],
        ]
        for row, count in enumerate(shown)
    ]
    cells += [["victims", "2024", f"sex={sex}", "unpublished", []] for sex in ("F", "M")]
    release = ledger["versions"][0]["release"] | {
        "cells": cells,
        "tables": ["victims by means"],
        "sums": [list(one) for one in sums],
    }
    table = digest(files[RESEARCH])
    ledger["versions"][0]["beside"] = {"research": {"sha256": table, "release": release}}
    return sealed(entered(files, ledger["versions"][0]))


def test_a_table_beside_the_indicators_is_checked_like_them():
    assert verify(zipped(with_research())).findings == ()
    (finding,) = verify_pack.check(with_research(values=("8", "")))
    assert "does not print what was released" in finding
    changed = with_research()
    changed[RESEARCH] += b"X,1,OK\n"
    (finding,) = verify_pack.check(sealed(changed))
    assert "the ledger is about another tables/research-simulated.csv" in finding
    del changed[RESEARCH]
    assert verify_pack.check(sealed(changed)) == ["tables/research-simulated.csv is missing"]


def test_a_cell_that_opens_with_a_table_beside_the_indicators_is_found():
    opening = with_research(sums=[(0, 0, [2])])  # the printed 9 is the hidden women
    assert verify_pack.check(opening) == []
    (finding,) = verify(zipped(opening)).findings
    assert "can be worked out" in finding and "victims by means" in finding


def with_baseline(women):
    """The small pack with a frozen baseline of the same edition that prints the women."""
    files = small_pack()
    release = json.loads(files[LEDGER])["versions"][0]["release"]
    cells = [[*release["cells"][0][:4], []], ["victims", "2024", "sex=F", women, []]]
    table = b"sex,value\nTotal,18\n"
    seal = {
        "records": "simulated",
        "table": {"file": "baseline-2024-simulated.csv", "sha256": digest(table)},
        "released": release | {"cells": cells, "sums": []},
    }
    written = json.dumps(seal, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    seal["sha256"] = digest(written.encode())
    named = {"baseline-2024-simulated.csv": digest(table)}
    named["baseline-2024-simulated.json"] = digest(json.dumps(seal).encode())
    (version,) = json.loads(files[LEDGER])["versions"]
    files = entered(files, version | {"baselines": named})
    files["baselines/baseline-2024-simulated.csv"] = table
    files["baselines/baseline-2024-simulated.json"] = json.dumps(seal).encode()
    return sealed(files)


def test_a_frozen_baseline_in_the_pack_is_attacked_with_the_releases():
    assert verify(zipped(with_baseline(None))).findings == ()
    (finding,) = verify(zipped(with_baseline(15))).findings
    assert "can be worked out" in finding


def test_a_frozen_baseline_that_was_changed_is_found():
    files = with_baseline(None)
    for name, what in (
        ("baselines/baseline-2024-simulated.csv", "is not the table that was frozen"),
        ("baselines/baseline-2024-simulated.json", "was changed after it was frozen"),
    ):
        changed = sealed(files | {name: files[name].replace(b"18", b"19")})
        findings = verify_pack.check(changed)
        assert any(what in finding for finding in findings)
        assert f"the ledger is about another {name}" in findings


def test_a_file_that_no_list_names_is_found():
    (finding,) = verify_pack.check(small_pack() | {"more.html": b""})
    assert finding.startswith("more.html was added")


STRAYS = {
    "a page": ("reports/more.html", b""),
    "a page beside the reports": ("index.html", b""),
    "a pack in the pack": ("pack/atips-2023.zip", b"PK"),
    "a table that no list describes": ("tables/more.csv", b"a\n1\n"),
    "a program": ("json.py", b""),
    "a ledger of real records beside one of simulated": ("ledger/2024.json", None),
    "a second ledger of the year": ("ledger/2024-simulated-2.json", None),
    "a ledger in a folder": ("ledger/old/2024-simulated.json", None),
    "a note in the ledger": ("ledger/note.txt.json", b'{"year": 2023, "versions": []}'),
    "an empty year of the ledger": (
        "ledger/2023-simulated.json",
        b'{"year": 2023, "versions": []}',
    ),
    "a key that nobody signs with": ("keys/checked.pem", b""),
    "a signature that nobody made": ("signatures/checked.sig", bytes(64)),
    "a signature of a third role": ("signatures/minister.sig", bytes(64)),
    "a baseline that the ledger does not name": ("baselines/baseline-2021.csv", b""),
    "a name in other letters": ("README\N{LATIN SMALL LETTER E WITH ACUTE}.html", b""),
}


@pytest.mark.parametrize(("name", "content"), STRAYS.values(), ids=STRAYS)
def test_a_stray_file_is_found_though_the_list_of_check_sums_names_it(name, content):
    files = small_pack()
    forged = sealed(files | {name: files[LEDGER] if content is None else content})
    findings = verify_pack.check(forged)
    assert any(one.startswith(f"{name} ") for one in findings), findings
    assert verify(zipped(forged)).findings


def in_ledger(change):
    """The small pack with its ledger changed, every seal and check sum made again."""
    files = small_pack()
    versions = json.loads(files[LEDGER])["versions"]
    return sealed(entered(files, *change(versions)))


LISTS = {
    "a manifest that says its year twice": (
        {verify_pack.MANIFEST: (b'{"year": 2024', b'{"year": 2023, "year": 2024')},
        "reports/manifest.json says 'year' twice",
    ),
    "a ledger that names a version twice": (
        {LEDGER: (b'"version": 1', b'"version": 9, "version": 1')},
        "says 'version' twice",
    ),
    "a table with a second column of values": (
        {TABLE: (b"value,status", b"value,value,status")},
        "says 'value' twice",
    ),
    "a table with a longer row": ({TABLE: (b"18,OK", b"18,OK,9")}, "cannot be read"),
    "a ledger of another year": ({LEDGER: (b'{"year": 2024', b'{"year": 2023')}, "of its year"),
    "a ledger without the first version": (
        {LEDGER: (b'"version": 1', b'"version": 2')},
        "in order",
    ),
    "a number that few read as one": ({TABLE: (b"Total,18", b"Total,1_8")}, "does not print what"),
    "a number in other digits": (
        {TABLE: (b"Total,18", "Total,\u0661\u0668".encode())},
        "does not print what",
    ),
}


@pytest.mark.parametrize(("changes", "said"), LISTS.values(), ids=LISTS)
def test_a_list_that_two_readers_would_read_in_two_ways_is_found(changes, said):
    files = small_pack()
    for name, (old, new) in changes.items():
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)
    findings = verify_pack.check(sealed(files))
    assert any(said in one for one in findings), findings


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines + lines[:1],
        lambda lines: ["0" * 64 + lines[0][64:], *lines],
        lambda lines: lines[::-1],
        lambda lines: [*lines, "\n"],
        lambda lines: [line.replace("\n", "\r\n") for line in lines],
    ],
    ids=[
        "a line twice",
        "a line with another sum before it",
        "order",
        "an empty line",
        "line ends",
    ],
)
def test_the_list_of_check_sums_is_as_a_release_writes_it(change):
    files = small_pack()
    lines = files[verify_pack.SUMS].decode().splitlines(keepends=True)
    files[verify_pack.SUMS] = "".join(change(lines)).encode()
    assert any("SHA256SUMS" in one or " is missing" in one for one in verify_pack.check(files))


def test_a_release_that_one_role_checked_and_approved_is_found():
    (finding,) = verify_pack.check(
        in_ledger(lambda versions: [versions[0] | {"approved_by": " \uff21 "}])
    )
    assert finding == "the release of 2024 (version 1) was checked and approved by the same role"


def test_a_release_that_is_not_signed_after_one_that_was_is_found():
    files = small_pack()
    (own,) = json.loads(files[LEDGER])["versions"]
    signed = own | {"signed_by": {"approved": "0" * 32, "checked": "1" * 32}}
    manifest = json.loads(files[verify_pack.MANIFEST]) | {"release": {"version": 2}}
    files[verify_pack.MANIFEST] = json.dumps(manifest).encode()
    (finding,) = verify_pack.check(sealed(entered(files, signed, own)))
    assert finding == (
        "the release of 2024 (version 1) was signed, that of 2024 (version 2) after it is not"
    )


def test_a_pack_that_nobody_here_knows_is_not_said_to_be_the_one_that_was_released(
    tmp_path, capsys, monkeypatch
):
    (tmp_path / "pack.zip").write_bytes(zipped(small_pack()))
    assert run(["verify", str(tmp_path / "pack.zip")]) == 0
    said = capsys.readouterr().out
    assert "agrees with itself; compare" in said and "as it was released" not in said
    assert "or signatures were taken out" in said
    assert run(["verify", str(tmp_path / "pack.zip"), "--quiet"]) == 0
    (said,) = capsys.readouterr().out.splitlines()
    assert "a forged pack agrees with itself too" in said


def test_a_list_that_cannot_be_read_is_a_finding_and_no_traceback():
    files = small_pack()
    files[LEDGER] = b'{"versions": 7}'
    (finding,) = verify_pack.check(sealed(files))
    assert "cannot be read" in finding
    files[LEDGER] = b"\xff\xfe"
    (finding,) = verify_pack.check(sealed(files))
    assert "cannot be read" in finding


@pytest.mark.parametrize(
    "name", ["../outside.html", "/etc/passwd", "C:/x.html", "a\\b.html", "a//b.html"]
)
def test_a_name_that_leads_out_of_the_pack_is_not_opened(name):
    with pytest.raises(InputError, match="not safe to open"):
        verify(zipped(small_pack() | {name: b"x"}))


@pytest.mark.parametrize("name", ["a\x1b[31m.html", "a\u202elmth", "a\nb.html", "d/" * 3000 + "a"])
def test_a_name_that_no_pack_gives_a_file_is_not_opened_and_is_shown_short(name):
    with pytest.raises(InputError, match="not safe to open") as refused:
        verify(zipped(small_pack() | {name: b"x"}))
    assert str(refused.value).isprintable() and len(str(refused.value)) < 150


def test_the_script_in_a_pack_sends_no_code_to_the_terminal(tmp_path, capsys):
    (tmp_path / "unpacked").mkdir()
    for name, content in (small_pack() | {"a\x1b[31m.html": b""}).items():
        (tmp_path / "unpacked" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "unpacked" / name).write_bytes(content)
    assert verify_pack.main([str(tmp_path / "unpacked")]) == 1
    said = capsys.readouterr().out
    assert "a\\x1b[31m.html was added" in said and "\x1b" not in said


def test_a_link_in_a_pack_is_not_opened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("reports/link.html")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="is a link"):
        verify(out.getvalue())


def test_a_name_that_stands_twice_is_not_opened():
    with pytest.raises(InputError, match="stands twice"):
        verify(zipped({"a.html": b"1", "A.html": b"2"}))


@pytest.mark.parametrize(
    "name",
    ["README.HTML", "README.html.", "README.html ", "readme\uff0ehtml", "tables.xl\u017fx"],
)
def test_a_name_that_some_disk_takes_for_another_is_not_opened(name):
    with pytest.raises(InputError, match="stands twice"):
        verify(zipped({"README.html": b"1", "tables.xlsx": b"1", name: b"2"}))


def test_a_folder_a_pipe_and_a_device_are_no_files_of_a_pack():
    for kind in (0o040755, 0o010644, 0o020644, 0o140644):
        member = zipfile.ZipInfo("reports/page.html")
        member.create_system, member.external_attr = 3, kind << 16
        with pytest.raises(InputError, match="or no file"):
            verify(zipped_with(small_pack(), member))
    with pytest.raises(InputError, match="not safe to open"):
        verify(zipped_with(small_pack(), zipfile.ZipInfo("../outside/")))


def zipped_with(files, member, content=b"", comment=b""):
    out = io.BytesIO(zipped(files))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(member, content)
        archive.comment = comment
    return out.getvalue()


def _in_front(whole):
    """Each offset is one further on, so that the zip is sound where it stands."""
    return b"#!/bin/sh\n" + whole


def _in_between(whole):
    """A member that the list at the end leaves out."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        start = archive.start_dir
    at = whole.index(b"PK\x01\x02", start)
    first = struct.unpack("<HHH", whole[at + 28 : at + 34])
    number = len(whole[at:].split(b"PK\x01\x02")) - 2
    size = len(whole) - start - 22 - 46 - first[0]
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, number, number, size, start, 0)
    return whole[:start] + whole[at + 46 + first[0] : -22] + end


def _within(whole):
    """Bytes after the end of what the last member was shrunk to."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        last, start = archive.infolist()[-1], archive.start_dir
    at = whole.rindex(b"PK\x01\x02")
    size = struct.pack("<I", last.compress_size + 6)
    head = last.header_offset
    body = whole[:head] + whole[head : head + 18] + size + whole[head + 22 : start] + b"hidden"
    listed = whole[start : at + 20] + size + whole[at + 24 : -22]
    end = whole[-22:-6] + struct.pack("<I", start + 6) + whole[-2:]
    return body + listed + end


def _other_front(whole):
    """The size at the front of the first member is another than the list at the end says."""
    return whole[:22] + struct.pack("<I", 1) + whole[26:]


def _other_name(whole):
    return whole[:30] + whole[30:31].swapcase() + whole[31:]


PLACES = {
    "after its end": lambda whole: whole + b"<script>",
    "as a comment": lambda whole: whole[:-2] + b"\x06\x00hidden",
    "before its beginning": _in_front,
    "a member that is not listed": _in_between,
    "behind a member": _within,
    "another size in front": _other_front,
    "another name in front": _other_name,
}


@pytest.mark.parametrize("forge", PLACES.values(), ids=PLACES)
def test_a_zip_that_two_programs_would_unpack_in_two_ways_is_not_opened(forge):
    whole = zipped(small_pack())
    assert verify(whole).findings == ()
    with pytest.raises(InputError, match=r"not safe to open|damaged on its way"):
        verify(forge(whole))


def test_a_comment_on_a_member_is_not_opened():
    member = zipfile.ZipInfo("reports/page.html")
    member.comment = b"hidden"
    with pytest.raises(InputError, match="not as the zip lists it"):
        verify(zipped_with(small_pack(), member))


def test_a_pack_that_fills_the_memory_is_not_read(tmp_path, capsys):
    with (tmp_path / "pack.zip").open("wb") as file:
        file.truncate(verify_pack.LARGEST_PACK + 1)  # holes: nothing is on the disk
    assert run(["verify", str(tmp_path / "pack.zip")]) == 2
    assert "larger than a pack can be" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["a link", "a dangling link", "a link to a folder", "a pipe"])
def test_what_is_no_file_of_an_unpacked_pack_is_not_passed_over(tmp_path, capsys, kind):
    folder, at = tmp_path / "unpacked", tmp_path / "unpacked" / "tables" / "x"
    for name, content in small_pack().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    assert verify_pack.main([str(folder)]) == 0
    if kind == "a pipe":
        os.mkfifo(at)
    else:
        targets = {"a link": "/etc/hosts", "a link to a folder": "/etc"}
        at.symlink_to(targets.get(kind, "nowhere"))
    assert verify_pack.main([str(folder)]) == 2
    assert "tables/x is a link, or no file" in capsys.readouterr().err


def test_what_lies_in_a_folder_of_compiled_python_is_a_file_like_any_other():
    files = small_pack() | {"reports/__pycache__/page.html": b""}
    (finding,) = verify_pack.check(files)
    assert finding.startswith("reports/__pycache__/page.html was added")


def test_a_bomb_is_not_unpacked():
    with pytest.raises(InputError, match="far more than a pack holds"):
        verify(zipped({"zeros.csv": b"0" * 30_000_000}))


def test_a_file_that_is_larger_than_it_says_is_not_read_to_its_end():
    content = zipped({"reports/page.html": b"x" * 5000})
    directory = content.rindex(b"PK\x01\x02")
    lying = content[: directory + 24] + struct.pack("<I", 10) + content[directory + 28 :]
    with pytest.raises(InputError, match=r"not safe to open|damaged on its way"):
        verify(lying)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 damaged"])
def test_what_is_no_zip_is_no_pack(content):
    with pytest.raises(InputError, match="not a pack"):
        verify(content)


def test_text_that_opens_like_a_formula_stays_text():
    from datetime import UTC, datetime

    import openpyxl
    import pandas as pd

    risky = ["=1+1", "+44", "-x", "@name", "plain"]
    table = PackTable("t", {"en": "=Title", "es": "Título"}, pd.DataFrame({"note": risky}))
    book = spreadsheet(
        [table], title="T", cover=[("A", "=B")], notes=[], created=datetime(2025, 1, 1, tzinfo=UTC)
    )
    sheet = openpyxl.load_workbook(io.BytesIO(book))["t"]
    assert [sheet.cell(row, 1).value for row in range(6, 11)] == risky
    assert {sheet.cell(row, 1).data_type for row in range(6, 11)} == {"s"}


def test_the_same_tables_make_the_same_spreadsheet_byte_for_byte():
    from datetime import UTC, datetime

    import pandas as pd

    table = PackTable("t", {"en": "Title", "es": "Título"}, pd.DataFrame({"value": ["1", ""]}))
    options = {"title": "T", "cover": [], "notes": [], "created": datetime(2025, 1, 1, tzinfo=UTC)}
    assert spreadsheet([table], **options) == spreadsheet([table], **options)


BESIDE = {"tables-simulated.xlsx": b"PK", "README.html": b"<p>a</p>", "exhibits.csv": b"page\n"}


def with_contents():
    """The small pack with the check sum of each of its files in the ledger."""
    files = {**small_pack(), **BESIDE}
    named = {*files} - {LEDGER, verify_pack.SUMS}
    (version,) = json.loads(files[LEDGER])["versions"]
    contents = {name: digest(files[name]) for name in named}
    return sealed(entered(files, version | {"contents": contents}))


@pytest.mark.parametrize("name", [*BESIDE, verify_pack.MANIFEST, "verify.py", "datapackage.json"])
def test_the_ledger_names_every_file_so_that_a_list_of_sums_made_anew_hides_no_change(name):
    files = with_contents()
    assert verify_pack.check(files) == []
    changed = {**files, name: files[name] + b" "}
    assert f"the ledger is about another {name}" in verify_pack.check(sealed(changed))
    del changed[name]
    assert any(name in line for line in verify_pack.check(sealed(changed)))
    added = {**files, "sbom.cdx.json": b"{}"}
    assert verify_pack.check(sealed(added)) == [
        "sbom.cdx.json was added: the ledger does not name it"
    ]


def test_what_the_ledger_does_not_name_is_said_not_to_be_covered():
    old = verify(zipped(sealed({**small_pack(), **BESIDE})))
    (line,) = [line for line in old.checked if line.startswith("NOT COVERED")]
    assert all(name in line for name in BESIDE) and TABLE not in line and not old.proven
    new = verify(zipped(with_contents())).checked
    assert "ledger: it names every file of the pack" in new
