"""`make clean` takes away what can be built again, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
def test_cleaning_up_spares_the_agencies_data_bank_and_sealed_packs(tmp_path):
    shutil.copyfile(HERE / "Makefile", tmp_path / "Makefile")
    kept = [
        tmp_path / "data" / "databank" / "editions" / "0123456789ab" / "manifest.json",
        tmp_path / "data" / "databank" / "review.csv",
        tmp_path / "data" / "submissions" / "DHS_2024.xlsx",
        tmp_path / "reports" / "2023-simulated" / "pack" / "atips-2023.zip",
    ]
    gone = [
        tmp_path / "data" / "work" / "note.json",
        tmp_path / "data" / "databank" / "example" / "latest",
        tmp_path / "reports" / "2024-simulated" / "index.html",
    ]
    for file in [*kept, *gone]:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x", encoding="utf-8")
    subprocess.run(["make", "clean"], cwd=tmp_path, check=True, capture_output=True)
    assert all(file.is_file() for file in kept)
    assert not any(file.exists() for file in gone)
