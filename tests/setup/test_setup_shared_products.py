"""What several rooms' tests need is made once, however many of them ask at the same time."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
NOTES_ITS_WORKER = """
import json, os, pathlib, pytest

@pytest.mark.parametrize("number", range(6))
def test_it(number):
    with open(pathlib.Path(__file__).parents[1] / "workers.txt", "a") as file:
        file.write(json.dumps([pathlib.Path(__file__).name, os.environ["PYTEST_XDIST_WORKER"]]) + "\\n")
"""


def test_a_shared_product_is_made_once_and_whole_before_anybody_reads_it(once):
    made = []

    def make(folder: Path) -> None:
        made.append(folder)
        time.sleep(0.3)
        (folder / "whole.txt").write_text("whole")

    def read(_: int) -> str:
        return (once("tried-at-once", make) / "whole.txt").read_text()

    with ThreadPoolExecutor(4) as asking:
        assert set(asking.map(read, range(4))) == {"whole"}
    assert len(made) == 1


def test_a_file_is_run_by_one_worker_and_a_folder_that_shares_a_product_too(tmp_path):
    for folder, files in {"codebook": "ab", "site": "cd"}.items():
        (tmp_path / folder).mkdir()
        for name in files:
            (tmp_path / folder / f"test_{name}.py").write_text(NOTES_ITS_WORKER)
    shutil.copyfile(CONFTEST, tmp_path / "conftest.py")
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    lines = (tmp_path / "workers.txt").read_text().splitlines()
    assert len(lines) == 24
    workers = {name: set() for name in ("test_a.py", "test_b.py", "site")}
    for file, worker in map(json.loads, lines):
        workers["site" if file in ("test_c.py", "test_d.py") else file].add(worker)
    assert all(len(own) == 1 for own in workers.values()), workers
