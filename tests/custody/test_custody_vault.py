"""A laptop that is stolen: the confidential side encrypted at rest, and in backups."""

from __future__ import annotations

import shutil

import pytest
from typer.main import get_command

from atips_analysis.cli import WHILE_LOCKED, app, run
from atips_analysis.custody.locking import LOCKING, UNLOCKING

from .contents import contents

pytestmark = pytest.mark.slow
RAN = ("data/.writing",)


def lines(captured) -> list[str]:
    return captured.readouterr().err.strip().splitlines()


def test_a_stolen_laptop_that_is_locked_holds_no_byte_of_a_row(project, key):
    codes = {
        value for table in ("victims", "services") for value in _codes(project.databank, table)
    }
    assert len(codes) > 10
    assert run(["lock", "--quiet"]) == 0
    for folder in project.confidential:
        assert not folder.exists()
    everything = b"".join(contents(project.root).values())
    assert not [code for code in codes if code.encode() in everything]
    assert b"AGE-SECRET-KEY" not in everything
    assert project.vault.stat().st_mode & 0o077 == 0


def _codes(databank, table) -> set[str]:
    from atips_analysis.databank import open_databank

    return set(open_databank(databank).frame(table)["victim_id"].dropna())


def test_unlocking_gives_back_every_byte_and_time(project, key):
    before = contents(project.root, RAN)
    times = {name: (project.root / name).stat().st_mtime for name in before}
    assert run(["lock", "--quiet"]) == 0
    assert run(["unlock", "--key-file", str(key), "--quiet"]) == 0
    assert contents(project.root, RAN) == before
    kept = [name for name in before if not name.startswith("data/council/recipients")]
    assert {name: (project.root / name).stat().st_mtime for name in kept} == {
        name: times[name] for name in kept
    }
    assert run(["databank", "verify", "--databank", "data/databank"]) == 0


@pytest.mark.parametrize("name", sorted({*get_command(app).commands} - WHILE_LOCKED))
def test_no_command_begins_anew_what_is_locked(project, key, capfd, name):
    run(["lock", "--quiet"])
    capfd.readouterr()
    assert run([name]) == 2
    (line,) = lines(capfd)
    assert line.endswith("locked; atips unlock --key-file FILE")
    assert not [folder for folder in project.confidential if folder.exists()]
    assert run([name, "--help"]) == 0


@pytest.mark.parametrize("words", [["doctor"], ["audit", "t.csv"], ["template", "DHS"], ["lock"]])
def test_what_works_while_it_is_locked_leaves_nothing_confidential(project, key, capfd, words):
    run(["lock", "--quiet"])
    run(words)
    assert not [folder for folder in project.confidential if folder.exists()]


def test_another_key_a_changed_file_and_one_cut_short_open_nothing(project, key, tmp_path, capfd):
    other = tmp_path / "other.agekey"
    recipients = (project.council / "recipients.txt").read_text()
    run(["lock", "--new-key", str(other), "--quiet"])
    (project.council / "recipients.txt").write_text(recipients)
    run(["lock", "--quiet"])
    whole = project.vault.read_bytes()
    changed = whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:]
    for name, content, code, said in (
        (other, whole, 2, "the key does not open it"),
        (key, whole[:-20], 1, "was cut short or changed"),
        (key, changed, 1, "was cut short or changed"),
        (key, b"PK not age", 2, "not a file that atips lock or atips backup wrote"),
    ):
        project.vault.write_bytes(content)
        capfd.readouterr()
        assert run(["unlock", "--key-file", str(name)]) == code
        (line,) = lines(capfd)
        assert said in line
        assert not project.databank.exists() and not (project.data / UNLOCKING).exists()


def test_a_secret_key_is_never_made_or_used_beside_what_it_opens(project, key, capfd):
    capfd.readouterr()
    assert run(["lock", "--new-key", "here.agekey"]) == 2
    shutil.copyfile(key, "copied.agekey")
    run(["lock", "--quiet"])
    assert run(["unlock", "--key-file", "copied.agekey"]) == 2
    assert all("must not lie in the project" in line for line in lines(capfd))
    assert run(["lock", "--new-key", str(key)]) == 2
    assert key.stat().st_mode & 0o077 == 0


def test_without_a_public_key_nothing_is_locked_or_backed_up(project, tmp_path, capfd):
    assert run(["lock"]) == 2
    assert run(["backup", "--out", str(tmp_path / "b.age")]) == 2
    assert all("atips lock --new-key FILE" in line for line in lines(capfd))
    assert project.databank.is_dir()


def test_what_came_in_while_it_was_locked_is_neither_lost_nor_mixed(project, key, capfd):
    run(["lock", "--quiet"])
    new = project.data / "submissions" / "IMM_2024.xlsx"
    new.parent.mkdir()
    new.write_bytes(b"new")
    capfd.readouterr()
    assert run(["unlock", "--key-file", str(key)]) == 2
    assert "IMM_2024.xlsx: lies where what is locked belongs" in lines(capfd)[-1]
    assert new.read_bytes() == b"new"
    new.unlink()
    assert run(["unlock", "--key-file", str(key), "--quiet"]) == 0


def test_a_disk_that_is_full_while_locking_leaves_all_in_place(project, key, monkeypatch):
    before = contents(project.root, RAN)

    def full(*_):
        raise OSError(28, "No space left on device", "confidential.age")

    with monkeypatch.context() as patched:
        patched.setattr("pyrage.encrypt_io", full)
        assert run(["lock", "--quiet"]) == 3
    assert contents(project.root, RAN) == before
    assert not (project.data / LOCKING).exists()


def test_a_backup_restores_the_same_bytes_into_an_empty_folder(project, key, tmp_path, capfd):
    file, again = tmp_path / "medium" / "monday.age", tmp_path / "again"
    again.mkdir()
    assert run(["backup", "--out", str(file), "--key-file", str(key)]) == 0
    assert "encrypted, and verified" in capfd.readouterr().out
    assert run(["restore", str(file), "--key-file", str(key), "--out", str(again)]) == 0
    assert contents(again) == contents(project.root, ("data/work", *RAN, "GLOSSARY.md"))
    assert (again / "reports/2024/pack/atips-2024.zip").read_bytes() == b"sealed or raw"


def test_a_restored_folder_is_a_project_that_works(project, key, tmp_path, monkeypatch, capfd):
    file, again = tmp_path / "monday.age", tmp_path / "again"
    run(["backup", "--out", str(file), "--quiet"])
    run(["restore", str(file), "--key-file", str(key), "--out", str(again), "--quiet"])
    monkeypatch.chdir(again)
    assert run(["databank", "verify", "--databank", "data/databank"]) == 0
    consolidate = ["--submissions", "data/submissions", "--databank", "data/databank", "--quiet"]
    editions = {path.name for path in (again / "data/databank/editions").iterdir()}
    assert run(["consolidate", *consolidate]) == 0
    assert {path.name for path in (again / "data/databank/editions").iterdir()} == editions
    assert (again / "data/databank").stat().st_mode & 0o077 == 0


def test_a_backup_never_lies_beside_what_it_is_of_and_never_over_what_is_there(
    project, key, tmp_path, capfd
):
    capfd.readouterr()
    assert run(["backup", "--out", "here.age"]) == 2
    assert "lost with it" in lines(capfd)[0]
    file = tmp_path / "monday.age"
    run(["backup", "--out", str(file), "--quiet"])
    assert run(["restore", str(file), "--key-file", str(key), "--out", str(project.data)]) == 2
    assert "holds something" in lines(capfd)[0]


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_damaged_backup_restores_nothing_and_check_says_so(project, key, tmp_path, damage):
    file, out = tmp_path / "monday.age", tmp_path / "again"
    run(["backup", "--out", str(file), "--quiet"])
    assert run(["restore", str(file), "--key-file", str(key), "--check", "--quiet"]) == 0
    whole = bytearray(file.read_bytes())
    if damage == "cut":
        del whole[-1000:]
    else:
        whole[len(whole) // 2] ^= 1
    file.write_bytes(whole)
    assert run(["restore", str(file), "--key-file", str(key), "--check", "--quiet"]) == 1
    assert run(["restore", str(file), "--key-file", str(key), "--out", str(out), "--quiet"]) == 1
    assert not out.exists() and sorted(path.name for path in tmp_path.iterdir()) == [
        *("monday.age", "project", "stick"),
    ]


def test_what_was_locked_is_backed_up_locked(project, key, tmp_path):
    run(["lock", "--quiet"])
    file, again = tmp_path / "monday.age", tmp_path / "again"
    assert run(["backup", "--out", str(file), "--key-file", str(key), "--quiet"]) == 0
    run(["restore", str(file), "--key-file", str(key), "--out", str(again), "--quiet"])
    assert (again / "data/confidential.age").read_bytes() == project.vault.read_bytes()


@pytest.mark.parametrize("name", ["../out", "/tmp/out", "a/../../out", "a\\..\\out"])
def test_a_vault_that_names_a_place_outside_is_refused(project, key, tmp_path, name):
    from atips_analysis.custody.vault import (
        Member,
        decrypt,
        encrypt,
        identity,
        recipients,
        write_below,
    )
    from atips_analysis.errors import FindingsError

    (tmp_path / "one").write_bytes(b"1")
    encrypt([Member(name, tmp_path / "one")], recipients(project), tmp_path / "evil.age")
    with pytest.raises(FindingsError, match="nothing of it is used"):
        decrypt(tmp_path / "evil.age", identity(key, None), write_below(tmp_path / "in" / "deep"))
    assert not (tmp_path / "in").exists() and not (tmp_path / "out").exists()
