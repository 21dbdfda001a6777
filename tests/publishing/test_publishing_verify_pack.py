"""The script that travels in a pack: what it accepts, what it finds, what it refuses to open."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import struct
import zipfile

import pytest

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
        (finding,) = verify_pack.check(changed)
        assert what in finding


def test_a_file_that_no_list_names_is_found():
    (finding,) = verify_pack.check(small_pack() | {"more.html": b""})
    assert finding.startswith("more.html was added")


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
