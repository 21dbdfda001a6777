"""How a language writes a number: the one place that says what parts thousands."""

from __future__ import annotations

from atips_analysis.words.catalogues import locale_of
from atips_analysis.words.translator import translator

FROM = 10_000
"""Where a space parts thousands, a number of four digits stays in one piece.

So ISO 80000-1 (7.3.1) and the *Ortografía* of the Spanish academies (2010) have it.
"""


def decimal_text(value: float, lang: str, pattern: str) -> str:
    """A number as the language writes it: 12,345.6; 12 345.6, with spaces that do not break.

    Parameters
    ----------
    value : float
    lang : str
        A language that has a catalogue; its locale has the decimal sign, its catalogue what parts
        thousands.
    pattern : str
        As Unicode's CLDR writes them: ``#,##0.##``.
    """
    from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

    locale = locale_of(lang)
    thousands = translator(lang).pgettext("a number as it is written", "1,000,000")[1]
    if thousands.isspace() and abs(value) < FROM:
        pattern = pattern.replace(",", "")
    text = str(format_decimal(value, format=pattern, locale=locale))
    whole, point, rest = text.partition(get_decimal_symbol(locale))
    return whole.replace(get_group_symbol(locale), thousands) + point + rest
