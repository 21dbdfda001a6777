"""What is released beside the indicators, as tables of a pack: research, and bulletins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.disclosure.research_tables_released import COLUMNS, research_rows
from atips_analysis.publishing.pack_tables import PackTable, as_text
from atips_analysis.reporting.tidy import CODELIST, OWN_LABELS

LABELS = {
    "OPENED": ("Cases opened", "Casos abiertos"),
    "CHARGED": ("First charge", "Primera acusación"),
    "COMMITTED": ("Committed for trial", "Enviados a juicio"),
    "DISPOSED": ("Disposed of", "Resueltos"),
    "CONVICTED": ("Convicted of trafficking", "Con condena por trata"),
    "DEBT": ("Debt bondage, money withheld", "Servidumbre por deudas, dinero retenido"),
    "THREATS": ("Threats", "Amenazas"),
    "ABUSE": ("Psychological, physical or sexual abuse", "Abuso psicológico, físico o sexual"),
    "PROMISES": ("False promises", "Falsas promesas"),
    "MOVEMENT": ("Movement or medical care restricted", "Movimiento o atención médica limitados"),
    "NECESSITIES": (
        "Necessities or documents withheld",
        "Retención de lo necesario o de documentos",
    ),
    "HOURS": ("Excessive working hours", "Horas de trabajo excesivas"),
    "SUBSTANCES": ("Psychoactive substances", "Sustancias psicoactivas"),
    "OTHER": ("Other means", "Otros medios"),
    "NOT_RECORDED": ("No means recorded", "Sin medio registrado"),
    "opened to first charge": ("Opened to first charge", "De la apertura a la primera acusación"),
    "first charge to disposal": (
        "First charge to disposal",
        "De la primera acusación a la resolución",
    ),
    "age of cases without a charge": (
        "Age of cases without a charge",
        "Antigüedad de los casos sin acusación",
    ),
    "VICTIMS": ("Victims, those on no list included", "Víctimas, también las de ninguna lista"),
}


def research_table(public: Mapping[str, Any]) -> PackTable:
    """Rows of `research.json`: attrition, means of control, durations and the overlap of lists."""
    frame = pd.DataFrame(research_rows(public), columns=list(COLUMNS), dtype=object).map(as_text)
    labels = [
        _label(topic, code) for topic, code in zip(frame["topic"], frame["code"], strict=True)
    ]
    frame.insert(3, "category_en", [english for english, _ in labels])
    frame.insert(4, "category_es", [spanish for _, spanish in labels])
    return PackTable(
        "research",
        "Tables of the research pages",
        "Cuadros de las páginas de investigación",
        frame,
        "Cases opened in the years by the stages they reached; victims by means of control (several "
        "for one victim); medians in months; whether agencies' lists allow an estimate.",
    )


def _label(topic: str, code: str) -> tuple[str, str]:
    """English and Spanish: of a means by a category, the one and the other."""
    means, _, category = code.partition(":")
    told = LABELS.get(means, (means, means))
    if not category:
        return told
    dimension = topic.removeprefix("means by ")
    own = OWN_LABELS.get(dimension, {}).get(category)
    if own is None:
        codes = load_codebook().codelist(CODELIST.get(dimension, dimension))
        own = codes.label(category, "en"), codes.label(category, "es")
    return f"{told[0]}: {own[0]}", f"{told[1]}: {own[1]}"


def bulletin_table(file: Path) -> PackTable:
    """The table of a bulletin, as it was published."""
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    period = file.stem.removeprefix("bulletin-")
    return PackTable(
        file.stem,
        f"Bulletin {period}",
        f"Boletín {period}",
        frame,
        "Beside the same months of the year before.",
    )
