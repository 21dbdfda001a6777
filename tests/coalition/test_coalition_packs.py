"""Which packs make a region: each verified, of one year, a country each; and what is said of others."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from atips_analysis.coalition.sealed_packs import check_together, open_pack, open_packs
from atips_analysis.errors import InputError
from atips_analysis.release.signing import Signer


def contents(file):
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files, target):
    """The files as a zip, with check sums that fit them."""
    files = {name: content for name, content in files.items() if name != "SHA256SUMS"}
    sums = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in {**files, "SHA256SUMS": "".join(sums).encode()}.items():
            archive.writestr(name, content)
    target.write_bytes(out.getvalue())
    return target


def refusal(*files, **asked):
    with pytest.raises(InputError) as refused:
        open_packs(files, **asked)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_each_pack_names_its_country_in_every_language(packs):
    assert [pack.area for pack in packs] == ["QMX", "QNX", "QQX", "QTX"]
    assert packs[1].name("es") == "Bahía Larga"
    assert {pack.year for pack in packs} == {2024}
    assert all(pack.simulated for pack in packs)


def test_the_definitions_of_every_indicator_travel_in_the_pack(packs):
    told = packs[0].definitions.loc["PROT-01"]
    assert all(told[f"definition_{lang}"] for lang in ("en", "es"))


def test_a_truncated_zip_is_left_out_and_named_and_the_others_go_on(files, tmp_path):
    damaged = tmp_path / "half.zip"
    damaged.write_bytes(files[0].read_bytes()[:50_000])
    found, refused = open_packs([*files[1:], damaged])
    assert len(found) == len(files) - 1
    (line,) = refused
    assert line.startswith("half.zip: not a pack") and "ask the sender" in line


def test_what_is_no_file_is_named(files, tmp_path):
    _, refused = open_packs([*files, tmp_path / "nowhere.zip"])
    assert refused == ("nowhere.zip: no such file; name the zip of a release",)


def test_one_pack_is_no_region(files):
    said = refusal(files[0])
    assert said.startswith("one country is no region; name the packs of two or more")
    assert files[0].name in said


def test_two_packs_of_one_country_are_refused_by_name(files, tmp_path):
    again = shutil.copy(files[0], tmp_path / "again.zip")
    said = refusal(*files, again)
    assert files[0].name in said and "again.zip" in said
    assert said.endswith("are both of Alta Serena; name one of them")


def test_packs_of_two_years_are_refused_with_the_year_of_each(files, made, maker, tmp_path):
    other = tmp_path / "other.zip"
    other.write_bytes(maker.seal(made["QQX"], tmp_path / "work", year=2023))
    said = refusal(files[0], other)
    assert said == (
        f"packs of several years (2023: other.zip; 2024: {files[0].name}); name packs of one year"
    )


def test_a_pack_that_names_no_country_is_of_an_older_format(files, tmp_path):
    older = contents(files[0])
    manifest = json.loads(older["reports/manifest.json"])
    del manifest["country"]
    older["reports/manifest.json"] = json.dumps(manifest).encode()
    _, (line,) = open_packs([*files[1:], zipped(older, tmp_path / "older.zip")])
    assert "older.zip: is of an older format" in line and "released again" in line


def test_a_pack_without_definitions_is_of_an_older_format(files, tmp_path):
    older = contents(files[0])
    del older["tables/definitions.csv"]
    _, (line,) = open_packs([*files[1:], zipped(older, tmp_path / "older.zip")])
    assert "is of an older format" in line


def test_a_table_that_was_changed_after_the_release_does_not_match(files, tmp_path):
    changed = contents(files[0])
    name = "tables/indicators-simulated.csv"
    changed[name] = changed[name].replace(b",9,", b",8,", 1)
    _, (line,) = open_packs([*files[1:], zipped(changed, tmp_path / "changed.zip")])
    assert line.startswith("changed.zip: does not match and is left out")
    assert "ask Alta Serena for the pack as it was released" in line


def test_a_table_that_contradicts_its_own_ledger_does_not_match_though_it_was_sealed(
    files, made, maker, tmp_path
):
    one = made["QNX"]
    table = one.table.copy()
    total = table.query("indicator_id == 'PROS-01' and period == '2024' and by_1 == ''").index[0]
    table.loc[total, "value"] += 40
    file = tmp_path / "wrong.zip"
    file.write_bytes(maker.seal(replace(one, table=table), tmp_path / "work"))
    _, (line,) = open_packs([files[0], *files[2:], file])
    assert "wrong.zip: does not match and is left out" in line
    assert "PROS-01 CASE, 2024, Total: the table does not print what was released" in line


@pytest.mark.parametrize("name", ["<b>Sea</b>", "=1+1", "Sea\x1b[31m"])
def test_a_name_that_a_page_or_a_terminal_would_obey_is_refused(files, tmp_path, name):
    forged = contents(files[0])
    manifest = json.loads(forged["reports/manifest.json"])
    manifest["country"]["name"]["es"] = name
    forged["reports/manifest.json"] = json.dumps(manifest).encode()
    _, (line,) = open_packs([*files[1:], zipped(forged, tmp_path / "forged.zip")])
    assert "names its country in a way that no release does" in line


@pytest.mark.parametrize("manifest", [b"[" * 100_000, b'{"year": Infinity}', b"[]", b"\xff"])
def test_a_manifest_that_python_gives_up_on_leaves_its_pack_out(files, tmp_path, manifest):
    forged = contents(files[0]) | {"reports/manifest.json": manifest}
    _, (line,) = open_packs([*files[1:], zipped(forged, tmp_path / "forged.zip")])
    assert line.startswith("forged.zip: is no pack of a release: its manifest cannot be read")


def test_simulated_records_never_stand_beside_real_ones(packs):
    with pytest.raises(InputError, match="may not stand beside real ones; leave it out"):
        check_together([packs[0], replace(packs[1], simulated=False)], [])


@pytest.fixture(scope="module")
def signers():
    return tuple(
        Signer(role, Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))
        for number, role in enumerate(("checked", "approved"), start=1)
    )


@pytest.fixture(scope="module")
def signed(made, maker, signers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("signed")
    file = folder / "signed.zip"
    file.write_bytes(maker.seal(made["QMX"], folder / "work", signers=signers))
    return file


def published(signers, folder):
    folder.mkdir(parents=True)
    for one in signers:
        (folder / f"{one.role}.pem").write_bytes(one.public)
    return folder.parent


def test_a_pack_says_whether_it_is_signed_and_whether_the_keys_are_known(
    files, signed, signers, tmp_path
):
    keys = published(signers, tmp_path / "keys" / "QMX")
    assert open_pack(files[0]).signed == "no"
    assert open_pack(signed).signed == "yes"
    assert open_pack(signed, keys).signed == "known"


def test_a_pack_that_the_country_s_keys_did_not_sign_is_left_out(files, signed, signers, tmp_path):
    others = tuple(
        replace(one, key=Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))
        for number, one in enumerate(signers, start=8)
    )
    keys = published(others, tmp_path / "keys" / "QMX")
    for file in (signed, files[0]):
        with pytest.raises(InputError, match="does not match and is left out"):
            open_pack(file, keys)
