"""The public page on data quality speaks of rules in words."""

from __future__ import annotations

import json
import re
from pathlib import Path

from atips_analysis.project import find_project
from atips_analysis.reporting.quality_page import RULES

HERE = find_project(Path(__file__).parent)


def test_every_rule_of_the_suites_has_words() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in HERE.expectations.glob("*.json"))
    rules = {json.loads(name) for name in re.findall(r'"rule": ("[^"]*")', text)}
    assert rules <= set(RULES)
