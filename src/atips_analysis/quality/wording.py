"""The words that an agency reads, for the rules that follow from the codebook alone.

`{value}` stands for the submitted value, `{detail}` for what it contradicts.
"""

from __future__ import annotations

from atips_analysis.codebook import Codebook, Column

WORDS = ("reason_en", "remedy_en", "reason_es", "remedy_es")
NOT_KNOWN = ("UNK", "UNKNOWN", "U", "NOT_SPECIFIED")
SHORT_LIST = 12


def required(column: Column, codebook: Codebook) -> dict[str, str]:
    """A needed value is blank."""
    reason_en, reason_es = f"{column.label_en} is blank.", f"Falta: {column.label_es}."
    remedy_en, remedy_es = f"Fill in {column.label_en}.", f"Complete: {column.label_es}."
    codes = codebook.codelist(column.codelist).codes if column.codelist else ()
    for code in NOT_KNOWN:
        if code in codes:
            known = codebook.codelist(column.codelist)
            remedy_en += f" If it is not known, choose “{known.label(code, 'en')}”."
            remedy_es += f" Si no se conoce, elija «{known.label(code, 'es')}»."
            break
    return _words(reason_en, remedy_en, reason_es, remedy_es)


def wrong_format(column: Column, codebook: Codebook) -> dict[str, str]:
    """A value is not of the column's type, or not in its code list."""
    if column.type in ("code", "codes"):
        return _not_in_list(column, codebook)
    en, es = {
        "bool": (
            ("is neither yes nor no", "Write yes or no."),
            ("no es ni sí ni no", "Escriba sí o no."),
        ),
        "month": (
            (
                "is not a month that can be read without guessing",
                "Write the year and the month as yyyy-mm, for example 2024-03 for March 2024.",
            ),
            (
                "no es un mes que pueda leerse sin adivinar",
                "Escriba el año y el mes como aaaa-mm, por ejemplo 2024-03 para marzo de 2024.",
            ),
        ),
        "year": (
            ("is not a year", "Write the year with four digits, for example 2024."),
            ("no es un año", "Escriba el año con cuatro cifras, por ejemplo 2024."),
        ),
        "count": (
            ("is not a whole number from 0", "Write a whole number, without words or decimals."),
            ("no es un número entero desde 0", "Escriba un número entero, sin texto ni decimales."),
        ),
        "age": (
            (
                "is not an age in whole years from 0 to 110",
                "Write the age in years, or leave it blank.",
            ),
            ("no es una edad en años de 0 a 110", "Escriba la edad en años o déjela en blanco."),
        ),
        "id": (
            (
                "is not a code (letters, digits and . _ / : - without blanks)",
                "Write the pseudonym or code, never a name, a telephone number or a note.",
            ),
            (
                "no es un código (letras, cifras y . _ / : - sin espacios)",
                "Escriba el seudónimo o código, nunca un nombre, un teléfono ni una nota.",
            ),
        ),
    }[column.type]
    return _words(
        f"{column.label_en}: “{{value}}” {en[0]}.",
        en[1],
        f"{column.label_es}: «{{value}}» {es[0]}.",
        es[1],
    )


def name_like(column: Column) -> dict[str, str]:
    """A pseudonym without a digit may be a name."""
    return _words(
        f"{column.label_en}: “{{value}}” holds no digit and may be a name.",
        "Replace names by the pseudonyms that atips pseudonymise makes; delete this file's copies.",
        f"{column.label_es}: «{{value}}» no tiene cifras y puede ser un nombre.",
        "Sustituya los nombres por los seudónimos de atips pseudonymise; borre las copias.",
    )


def pseudonym(column: Column) -> dict[str, str]:
    """A pseudonym or case code of another make than the house's."""
    if column.name == "case_id":
        return _words(
            f"{column.label_en}: “{{value}}” is not a code of the M&E Committee.",
            "Use the code BZ-CASE-yyyy-nnnn that the Committee gave, never the police number.",
            f"{column.label_es}: «{{value}}» no es un código del Comité de M&E.",
            "Use el código BZ-CASE-aaaa-nnnn del Comité, nunca el número policial.",
        )
    return _words(
        f"{column.label_en}: “{{value}}” is not a pseudonym made by atips pseudonymise.",
        "Make pseudonyms with atips pseudonymise, so that the agencies' records can be linked.",
        f"{column.label_es}: «{{value}}» no es un seudónimo hecho con atips pseudonymise.",
        "Haga los seudónimos con atips pseudonymise para poder vincular los registros.",
    )


def month_implausible(column: Column) -> dict[str, str]:
    """A month before 1990 or after the year of the return."""
    return _words(
        f"{column.label_en}: {{value}} lies before 1990 or after the year of this return.",
        "Correct the month, or send the row in the return of its year.",
        f"{column.label_es}: {{value}} es anterior a 1990 o posterior al año de este informe.",
        "Corrija el mes o envíe la fila en el informe de su año.",
    )


def month_outside_total(column: Column) -> dict[str, str]:
    """A monthly total of another year than the return's."""
    return _words(
        f"{column.label_en}: {{value}} is not a month of the year that this return is for.",
        "Correct the month, or send the total in the return of its year.",
        f"{column.label_es}: {{value}} no es un mes del año de este informe.",
        "Corrija el mes o envíe el total en el informe de su año.",
    )


def month_outside_event(column: Column) -> dict[str, str]:
    """An event of an earlier year than the return's: it may have been counted already."""
    return _words(
        f"{column.label_en}: {{value}} is not a month of the year that this return is for.",
        "Check that this was not reported before; it is counted in the month written here.",
        f"{column.label_es}: {{value}} no es un mes del año de este informe.",
        "Verifique que no se haya informado antes; se cuenta en el mes aquí escrito.",
    )


def known_columns_only() -> dict[str, str]:
    """No column but those of the codebook: no names, no free text, nothing finer than district."""
    return _words(
        "The sheet has a column that the form does not have.",
        "Remove the column: names, contacts, places finer than district and notes are refused.",
        "La hoja tiene una columna que no está en el formulario.",
        "Elimine la columna: no se aceptan nombres, contactos, lugares más finos ni notas.",
    )


def _not_in_list(column: Column, codebook: Codebook) -> dict[str, str]:
    codelist = codebook.codelist(column.codelist)
    english = [codelist.label(code, "en") for code in codelist.codes]
    spanish = [codelist.label(code, "es") for code in codelist.codes]
    remedy_en, remedy_es = "Choose from the list in the form", "Elija de la lista del formulario"
    if len(english) <= SHORT_LIST:
        remedy_en += ": " + "; ".join(english)
        remedy_es += ": " + "; ".join(spanish)
    reason_en = f"{column.label_en}: “{{value}}” is not in the list."
    reason_es = f"{column.label_es}: «{{value}}» no está en la lista."
    if column.codelist == "form_of_exploitation":
        reason_en = f"{reason_en[:-1]} of forms, or is a group of forms."
        reason_es = f"{reason_es[:-1]} de formas o es un grupo de formas."
    if column.type == "codes":
        remedy_en += "; several are separated by semicolons"
        remedy_es += "; si son varios, sepárelos con punto y coma"
    return _words(reason_en, f"{remedy_en}.", reason_es, f"{remedy_es}.")


def _words(reason_en: str, remedy_en: str, reason_es: str, remedy_es: str) -> dict[str, str]:
    return dict(zip(WORDS, (reason_en, remedy_en, reason_es, remedy_es), strict=True))
