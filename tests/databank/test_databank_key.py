"""The key that decides between patterns of hidden cells: the data bank's own, secret, never redrawn."""

from __future__ import annotations

import os

import pytest

from atips_analysis.databank.disclosure_key import (
    ANSWERS,
    DATABANK,
    begin_key,
    key_name,
    key_of,
    read_key,
    refuse_lost,
)
from atips_analysis.errors import InputError
from atips_analysis.project import find_project


@pytest.fixture
def answered(tmp_path):
    """A data bank from which something was answered under a key."""
    (tmp_path / ANSWERS).mkdir()
    begin_key(tmp_path)
    (tmp_path / ANSWERS / "00001-abc.json").write_text("{}", encoding="utf-8")
    (tmp_path / "editions/0a1b").mkdir(parents=True)
    (tmp_path / "editions/0a1b/manifest.json").write_text('{"simulated": false}')
    return tmp_path


def test_the_first_edition_of_agencies_records_draws_a_key_that_stays(store, victim):
    first = store([victim])
    file = first.folder.parent.parent / DATABANK
    key = read_key(file)
    assert len(key) == 64
    store([victim | {"status": "POTENTIAL"}])
    assert read_key(file) == key


def test_simulated_records_draw_none_and_use_the_tracked_one(store, victim):
    edition = store([victim | {"source": "simulated"}])
    databank = edition.folder.parent.parent
    assert not (databank / DATABANK).exists()
    assert key_of(find_project(), databank, simulated=True)


@pytest.mark.skipif(os.name != "posix", reason="rights are the folder's owner's on Windows")
def test_only_its_owner_may_read_the_key(tmp_path):
    begin_key(tmp_path)
    assert (tmp_path / DATABANK).stat().st_mode & 0o077 == 0


def test_two_data_banks_have_two_keys(tmp_path):
    keys = set()
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        begin_key(tmp_path / name)
        keys.add(key_of(find_project(), tmp_path / name, simulated=False))
    assert len(keys) == 2
    assert all(key.decode() not in key_name(key) for key in keys)


def test_a_lost_key_is_refused_and_never_drawn_again(answered):
    (answered / DATABANK).unlink()
    for asked in (begin_key, lambda bank: key_of(find_project(), bank, simulated=False)):
        with pytest.raises(InputError, match=r"the key is lost .*restore it from the last backup"):
            asked(answered)
    assert not (answered / DATABANK).exists()


def test_a_key_that_is_put_back_is_used(answered):
    kept = (answered / DATABANK).read_bytes()
    (answered / DATABANK).unlink()
    (answered / DATABANK).write_bytes(kept)
    begin_key(answered)
    assert key_of(find_project(), answered, simulated=False) == kept.strip()


def test_a_table_of_agencies_records_names_the_key_of_their_data_bank(store, victim):
    from atips_analysis.disclosure.indicator_table import protect_table
    from atips_analysis.indicators import compute, parse_period
    from atips_analysis.indicators.denominators import mid_year_population
    from atips_analysis.indicators.rows import rows_of

    project, bank = find_project(), store([victim])
    databank = bank.folder.parent.parent
    raw = compute(
        rows_of(bank), [parse_period("2024")], ["PROT-01"], population=mid_year_population(project)
    )
    made = protect_table(raw, project, databank=databank)
    assert made.public_account["key"] == key_name(read_key(databank / DATABANK))


def test_doctor_lists_the_key_and_says_that_it_is_lost(answered, monkeypatch):
    from atips_analysis.build.officers_files import officers_room, wrong_files
    from atips_analysis.project import Project

    monkeypatch.setattr(Project, "databank", answered)
    project = find_project()
    (line,) = (what for name, what in officers_room(project) if name.endswith(DATABANK))
    assert "secret" in line and read_key(answered / DATABANK).decode() not in line
    assert not [fault for fault in wrong_files(project) if "key" in fault]
    (answered / DATABANK).unlink()
    (fault,) = (fault for fault in wrong_files(project) if "the key is lost" in fault)
    assert "\n" not in fault


def test_who_only_practised_has_lost_no_key_and_gets_one_with_the_first_real_return(store, victim):
    databank = store([victim | {"source": "simulated"}]).folder.parent.parent
    (databank / ANSWERS).mkdir(exist_ok=True)
    (databank / ANSWERS / "00001-build.json").write_text("{}")
    refuse_lost(databank)
    store([victim])
    assert read_key(databank / DATABANK)
