"""What several rooms' tests need is made once, however many of them ask at the same time."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


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
