"""Two roles sign a pack with two keys; verifying says in one line what does not hold."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from atips_analysis.cli import run
from atips_analysis.commands.init import write_project
from atips_analysis.errors import InputError
from atips_analysis.project import Project
from atips_analysis.release import verify_pack
from atips_analysis.release.pack import zipped
from atips_analysis.release.pack_metadata import check_sums
from atips_analysis.release.pack_verification import verify
from atips_analysis.release.signing import (
    ROLES,
    HasSigned,
    load_signers,
    make_key,
    private_key_file,
    published_keys,
    signed_by,
)

LEDGER = "ledger/2024-simulated.json"
TABLE = "tables/indicators-simulated.csv"


@pytest.fixture
def project(tmp_path, monkeypatch):
    root = tmp_path / "project"
    write_project(root)
    monkeypatch.chdir(root)
    return Project(root)


@pytest.fixture
def types(monkeypatch):
    """Lets a test type lines at a terminal that is none."""
    return lambda *lines: monkeypatch.setattr(
        "sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines))
    )


@pytest.fixture
def keys(project, types):
    """A project with a key for each role, one of them with a passphrase."""
    types("a long passphrase")
    assert run(["keys", "--role", "checked", "--quiet"]) == 0
    types("")
    assert run(["keys", "--role", "approved", "--quiet"]) == 0
    return project


def signed_pack(project, types, change=lambda files: files, signers=None) -> bytes:
    """A small pack that both roles have signed; `change` is done to it before it is signed."""
    if signers is None:
        types("a long passphrase")
        signers = load_signers(project)
    files = dict.fromkeys((name.format(mark="-simulated") for name in verify_pack.NEEDED), b"{}")
    files[TABLE] = b"sex,value,status\nTotal,18,OK\n"
    files["sdmx/indicators-simulated.csv"] = b"OBS_VALUE,CONF_STATUS\n18,F\n"
    about = {"year": 2024, "simulated": True, "edition": "a", "release": {"version": 1}}
    files[verify_pack.MANIFEST] = json.dumps({**about, "files": {}}).encode()
    cell = ["victims", "2024", "", 18, [[verify_pack.row_id({"sex": "Total"}), "value"]]]
    release = {"edition": "a", "threshold": 5, "cells": [cell], "tables": [], "sums": []}
    entry = {
        "version": 1,
        "edition": "a",
        "files": {},
        "date": "2025-01-01",
        "checked_by": "A",
        "approved_by": "B",
        "follows": None,
        "signed_by": signed_by(signers),
        "table": hashlib.sha256(files[TABLE]).hexdigest(),
        "release": {**release, "figures": [], "unrevised": {}},
    }
    entry["seal"] = verify_pack.seal_of(entry)
    files[LEDGER] = json.dumps({"year": 2024, "versions": [entry]}).encode()
    files |= {f"keys/{one.role}.pem": one.public for one in signers}
    files = change(files)
    files[verify_pack.SUMS] = check_sums(files)
    signatures = {
        f"signatures/{one.role}.sig": one.sign(files[verify_pack.SUMS]) for one in signers
    }
    return zipped(files | signatures)


def opened(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def found(pack: bytes, project: Project | None = None, *, asked: bool = False) -> tuple[str, ...]:
    where = published_keys(project) if project else None
    return verify(pack, keys=where, keys_asked=asked).findings


# -- keys --------------------------------------------------------------------------------------


def test_a_private_key_is_its_owner_s_alone_and_lies_where_git_does_not_look(keys):
    for role in ROLES:
        file = private_key_file(keys, role)
        assert file.is_relative_to(keys.data / "keys")
        if os.name == "posix":
            assert file.stat().st_mode & 0o777 == 0o600
            assert file.parent.stat().st_mode & 0o777 == 0o700
    ignored = (keys.root / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "data/keys/" in ignored


def test_a_passphrase_locks_the_private_key(keys, types):
    assert b"ENCRYPTED" in private_key_file(keys, "checked").read_bytes()
    types("another passphrase")
    with pytest.raises(InputError, match=r"checked.key: the passphrase is not its own"):
        load_signers(keys)
    types("")
    with pytest.raises(InputError, match=r"checked.key: has a passphrase, and none was given"):
        load_signers(keys)


def test_where_no_key_is_set_up_nobody_signs(project):
    assert load_signers(project) == ()


def test_one_role_with_a_key_and_the_other_without_is_refused(keys, types):
    private_key_file(keys, "approved").unlink()
    with pytest.raises(InputError, match="the key of the role 'approved' is not here"):
        load_signers(keys)


def test_both_roles_with_the_same_key_are_refused(keys, types):
    shutil.copyfile(private_key_file(keys, "approved"), private_key_file(keys, "checked"))
    shutil.copyfile(published_keys(keys) / "approved.pem", published_keys(keys) / "checked.pem")
    with pytest.raises(InputError, match="both roles have the same key"):
        load_signers(keys)


def test_a_published_key_that_is_not_the_private_one_s_is_named(keys, types):
    types("a long passphrase")
    shutil.copyfile(published_keys(keys) / "approved.pem", published_keys(keys) / "checked.pem")
    with pytest.raises(InputError, match=r"checked.pem: is not the public half"):
        load_signers(keys)


def test_a_key_is_not_made_over_another_unless_it_is_said_and_old_packs_still_verify(
    keys, types, capsys
):
    old = signed_pack(keys, types)
    types("")
    assert run(["keys", "--role", "checked"]) == 2
    assert "there is a key for 'checked'; --replace makes another" in capsys.readouterr().err
    types("a long passphrase")
    assert run(["keys", "--role", "checked", "--replace", "--quiet"]) == 0
    assert found(old, keys) == ()
    assert found(signed_pack(keys, types), keys) == ()


def test_the_same_pack_is_signed_with_the_same_bytes(keys, types):
    assert signed_pack(keys, types) == signed_pack(keys, types)


# -- verifying ---------------------------------------------------------------------------------


def test_a_signed_pack_holds_and_says_by_which_keys(keys, types):
    types("a long passphrase")
    prints = signed_by(load_signers(keys))
    verdict = verify(signed_pack(keys, types), keys=published_keys(keys))
    assert verdict.findings == ()
    (line,) = [one for one in verdict.checked if one.startswith("signatures")]
    assert all(one in line for one in prints.values()) and "they are the council's" in line


def test_without_published_keys_the_reader_is_told_to_compare_them(keys, types):
    (line,) = [
        one for one in verify(signed_pack(keys, types)).checked if one.startswith("signatures")
    ]
    assert "compare the keys with those published" in line


def test_a_file_that_was_changed_is_one_line(keys, types):
    files = opened(signed_pack(keys, types))
    files["README.html"] = b"{} "
    (line,) = found(zipped(files), keys)
    assert line == "README.html was changed: its SHA-256 is not the one in SHA256SUMS"


def test_a_file_that_was_changed_with_the_list_of_sums_is_found_by_each_signature(keys, types):
    files = opened(signed_pack(keys, types))
    unsigned = {
        name: content
        for name, content in files.items()
        if name != verify_pack.SUMS and not name.startswith("signatures/")
    }
    forged = check_sums({**unsigned, "README.html": b"{} "})
    files |= {"README.html": b"{} ", verify_pack.SUMS: forged}
    first, second = found(zipped(files), keys)
    assert first.startswith("signatures/approved.sig is no signature of this pack")
    assert second.startswith("signatures/checked.sig is no signature of this pack")


def test_a_signature_of_the_other_role_is_one_line(keys, types):
    files = opened(signed_pack(keys, types))
    files["signatures/checked.sig"] = files["signatures/approved.sig"]
    (line,) = found(zipped(files), keys)
    assert line.startswith("signatures/checked.sig is no signature of this pack by the key of")


def test_a_signature_that_was_taken_out_is_one_line(keys, types):
    files = opened(signed_pack(keys, types))
    del files["signatures/approved.sig"]
    (line,) = found(zipped(files), keys)
    assert line == "signatures/approved.sig is missing: the ledger says that 'approved' has signed"


def test_a_pack_signed_by_somebody_else_is_told_from_the_council_s(keys, types, tmp_path):
    stranger = tmp_path / "stranger"
    write_project(stranger)
    other = Project(stranger)
    for role, phrase in zip(ROLES, ("a long passphrase", ""), strict=True):
        types(phrase)
        make_key(other, role)
    lines = found(signed_pack(other, types), keys)
    assert len(lines) == 2
    assert all("signed with a key that is not the council's" in line for line in lines)


def test_a_key_that_the_ledger_does_not_name_is_one_line(keys, types):
    def swapped(files):
        return {**files, "keys/checked.pem": files["keys/approved.pem"]}

    (line,) = found(signed_pack(keys, types, swapped), keys)
    assert line == "keys/checked.pem is another key than the ledger names for 'checked'"


def test_a_stranger_s_key_is_not_passed_off_by_the_council_s_beside_it_in_the_file(
    keys, types, tmp_path
):
    """Readers of PEM skip what stands around a key: one took the first in the file, one the other."""
    types("a long passphrase")
    council = load_signers(keys)
    stranger = Project(tmp_path / "stranger")
    write_project(stranger.root)
    for role in ROLES:
        types("")
        make_key(stranger, role)
    types("", "")
    forgers = load_signers(stranger)
    for between in (b"\n", b"\n\n", b"=\n"):
        forged = []
        for own, theirs in zip(council, forgers, strict=True):
            both = own.public.split(b"\n")[1] + between + theirs.public
            signer = HasSigned(theirs.role, both, b"")
            forged.append((signer, theirs, own.fingerprint))
        pack = forged_pack(keys, types, forged)
        assert found(pack, keys) and found(pack), between
        forged = [(signer, theirs, "") for signer, theirs, _ in forged]
        assert found(forged_pack(keys, types, forged)), "a key that has no name"


def forged_pack(project, types, forged) -> bytes:
    """A pack whose ledger names the council's keys, and that others have signed."""

    class Forger:
        def __init__(self, signer, theirs, stated):
            self.role, self.public = signer.role, signer.public
            self.fingerprint, self.sign = stated, theirs.sign

    return signed_pack(project, types, signers=[Forger(*one) for one in forged])


def test_a_pack_of_before_there_were_keys_is_said_not_to_be_signed(keys, types):
    pack = signed_pack(keys, types, signers=())
    verdict = verify(pack)
    assert verdict.findings == () and not verdict.proven
    assert any(line.startswith("not signed") for line in verdict.checked)
    (line,) = found(pack, keys, asked=True)
    assert line.startswith("not signed")
    (line,) = found(pack, keys)  # the council signs, and no ledger here knows of this one
    assert line.startswith("not signed")


def test_a_signature_that_nobody_is_said_to_have_made_was_added(keys, types):
    files = opened(signed_pack(keys, types, signers=()))
    files["signatures/checked.sig"] = b"0" * 64
    (line,) = found(zipped(files), keys)
    assert line == "signatures/checked.sig was added: SHA256SUMS does not list it"


def test_the_command_says_it_and_ends_with_1(keys, types, tmp_path, capsys):
    pack = tmp_path / "atips-2024.zip"
    pack.write_bytes(signed_pack(keys, types))
    public = str(published_keys(keys))
    assert run(["verify", str(pack), "--keys", public]) == 0
    assert "signatures: both hold" in capsys.readouterr().out
    files = opened(pack.read_bytes())
    files["signatures/checked.sig"] = bytes(64)
    pack.write_bytes(zipped(files))
    assert run(["verify", str(pack), "--keys", public]) == 1
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 1 and said[0].startswith("does not match: signatures/checked.sig")
    assert run(["verify", str(pack), "--keys", str(tmp_path)]) == 2
    assert "holds no public key (.pem)" in capsys.readouterr().err


def test_openssl_checks_a_signature_as_the_page_in_the_pack_says(keys, types, tmp_path):
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("there is no openssl here")
    for name, content in opened(signed_pack(keys, types)).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    for role in ROLES:
        command = [program, "pkeyutl", "-verify", "-pubin", "-inkey", f"keys/{role}.pem"]
        command += ["-rawin", "-in", "SHA256SUMS", "-sigfile", f"signatures/{role}.sig"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    (tmp_path / "SHA256SUMS").write_bytes(b"forged")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode != 0


def test_the_script_in_the_pack_says_what_it_did_not_check(keys, types, tmp_path):
    script = Path(verify_pack.__file__)
    for signers, said in ((None, "not checked here: the signatures"), ((), "not signed")):
        pack = tmp_path / "pack.zip"
        pack.write_bytes(signed_pack(keys, types, signers=signers))
        done = subprocess.run(
            [sys.executable, str(script), str(pack)], capture_output=True, text=True, cwd=tmp_path
        )
        assert done.returncode == 0, done.stdout
        assert said in done.stdout
