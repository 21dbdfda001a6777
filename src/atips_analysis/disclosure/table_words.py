"""What offices write in tables of counts: words for all, marks for hidden, names of columns.

English and Spanish. This is the one place where `atips protect` and `atips audit` know them from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


def _listed(words: str) -> frozenset[str]:
    return frozenset(word.strip() for line in words.splitlines() for word in line.split("|"))


MARGIN_WORDS = _listed(
    """
    total|totals|grand total|subtotal|sub total|all|overall|sum|everyone|everybody|any|both
    both sexes|total general|gran total|todos|todas|todo|toda|ambos|ambas|ambos sexos|suma|suma total
    totales|en total|conjunto|all categories|no breakdown|not broken down|sin desglose
    """
) - {""}
MARGIN_OPENINGS = (
    "total ", "totals ", "grand total", "all ", "todos los ", "todas las ", "todo el ", "toda la ",
    "total general", "ambos ", "both ",
)  # fmt: skip
NOT_A_MARGIN = re.compile(r"\b(other|others|else|rest|otros?|otras?|demas|resto)\b")

MARGIN_OF_SDMX = "_T"

HIDDEN = frozenset({"C", "P", "S"})
NO_FIGURE = frozenset({"M", "NC", "NAP"})
STATUSES = HIDDEN | NO_FIGURE | {"OK", "Z", "E", "PV", "R"}
STATUS_NAME = re.compile(
    r"^(?:obs |conf\.? |cell |suppression )?(status|flag|mark|estado|situacion|marca)$"
)
CERTAINLY_HIDDEN = _listed(
    """
    |c|(c)|[c]|:c|s|(s)|[s]|p|x|(x)|*|**|***|#|hidden|[hidden]|suppressed|[suppressed]|supp|supp.
    redacted|[redacted]|confidential|[confidential]|conf|conf.|masked|withheld|low|[low]|(low)|n.p.|np
    not published|not for publication|oculto|suprimido|suprimida|confidencial|reservado|protegido
    secreto|secreto estadistico
    """
)
PERHAPS_HIDDEN = frozenset(
    {".", "..", "...", "…", "-", "–", "—", "--", "n/a", "na", "nan", "n.a.", "n.d.", "nd", "[x]",
     "[z]", ":", "null", "none", "●", "•", "†", "‡"}
)  # fmt: skip
"""Marks that other offices also use for "nothing": a reader cannot tell them from a zero."""
UNDERSTOOD = (
    "c, [c], x, *, s, .., -, <5, 1-4, [low], [REDACTED], suppressed, n/a, NaN, suprimido or nothing"
)

BEHIND_A_NUMBER = re.compile(r"(?<=\d)(?:\s+[epk])+\s*$")
"""Marks that our pages set behind a number: estimated, provisional, kept as printed earlier."""

BELOW = re.compile(r"(?:<|under|below|less than|fewer than|menos de|menor que)\s*(\d+)")
AT_MOST = re.compile(r"(?:<=|≤|up to|at most|hasta|max\.?)\s*(\d+)")
AT_LEAST = re.compile(
    r"(?:(?:>=|≥|at least|al menos)\s*(\d+)|(\d+)\s*\+|(\d+) (?:or more|o más|y más))"
)
SPAN = re.compile(r"(\d+)\s*(?:-|–|—|to|a|…|\.\.)\s*(\d+)")

LABEL_NAME = re.compile(
    r"(?:^|[ _])(en|es|label|labels|etiqueta|rotulo|category|categoria|description|descripcion|"
    r"name|nombre|text|texto)$"
)
NUMBER_NAME = re.compile(
    r"%|\b(percent|percentage|pct|per ?cent|porcentaje|por ciento|rate|rates|tasa|share|shares|"
    r"proportion|proporcion|ratio|razon|mean|media|average|avg|promedio|median|mediana|rank|ranking|"
    r"rango|per 1\d{2,}|per 1 ?000|por cada|ci|ic|lower|upper|se|sd|std|deviation|desviacion|index|"
    r"indice|change|cambio|variacion|growth|population|poblacion|numerator|denominator|value|n)\b"
)
TEXT_NAME = re.compile(
    r"^(note|notes|nota|notas|method|metodo|source|fuente|vintage|unit|unidad|"
    r"updated|last updated|actualizado|date|fecha|comment|comments|comentario|footnote)$"
)
STATISTIC = frozenset({"statistic", "estadistico"})
PERIOD_NAME = re.compile(
    r"\b(period|periodo|year|years|ano|anos|año|años|quarter|trimestre|month|mes|semester|semestre)\b"
)


@dataclass(frozen=True)
class Mark:
    """What a printed cell tells: a range (`high` may be infinite) or, where None, a number."""

    low: float
    high: float


def plain(text: object) -> str:
    """Lower case, without accents, underscores and spaces around: how names are compared."""
    bare = unicodedata.normalize("NFKD", str(text).casefold())
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[_\s]+", " ", bare).split())


def is_margin_word(text: object) -> bool:
    """Whether a category means "all of them": Total, All, Todos, Total general, All ages, …"""
    word = plain(text).strip(" .:*()[]")
    if word in MARGIN_WORDS or word in ("", "nan") or str(text).strip() == MARGIN_OF_SDMX:
        return True
    return word.startswith(MARGIN_OPENINGS) and not NOT_A_MARGIN.search(word)


def mark_of(text: str, *, zeros: bool) -> Mark | None:
    """What a mark for a hidden count tells; None when it is no mark that is known.

    Parameters
    ----------
    zeros : whether the table shows zeros, so that a hidden count is at least 1. What is certainly
        hidden is at least 1 in any case: this house shows zeros.
    """
    word = plain(text)
    least = 1.0 if zeros else 0.0
    if word in CERTAINLY_HIDDEN:
        return Mark(1.0, float("inf"))
    if word in PERHAPS_HIDDEN:
        return Mark(least, float("inf"))
    inner = word.strip("[]() ")
    if found := BELOW.fullmatch(inner):
        return Mark(least, float(int(found[1]) - 1))
    if found := AT_MOST.fullmatch(inner):
        return Mark(least, float(found[1]))
    if found := AT_LEAST.fullmatch(inner):
        return Mark(float(next(part for part in found.groups() if part)), float("inf"))
    if found := SPAN.fullmatch(inner):
        return Mark(float(found[1]), float(found[2]))
    return None
