"""What the feedback workbook says, in one language each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The sentences and headings of a feedback workbook."""

    guide: str
    to_correct: str
    title: str
    confidential: str
    simulated: str
    nothing: str
    some: str
    checked: str
    arrived: str
    account: tuple[str, ...]
    nil: str
    missing: str
    steps_title: str
    steps: tuple[str, ...]
    notes: str
    list_headings: tuple[str, ...]
    severity: dict[str, str]
    verdict_heading: str
    remedy_heading: str
    see: str
    verdicts: dict[str, str]
    blank: str
    more_notes: str


WORDS = {
    "en": Words(
        guide="Read me first",
        to_correct="To correct",
        title="Feedback on {file}",
        confidential=(
            "Confidential: this workbook holds the records that you sent. Keep it and send it "
            "back in the confidential way agreed with the Monitoring and Evaluation Committee."
        ),
        simulated="SIMULATED RECORDS – not records of real persons",
        nothing="All rows were accepted. There is nothing to correct. Thank you.",
        some=(
            "{accepted} of {read} rows were accepted. {quarantined} cannot be used until they are "
            "corrected: they are left out of every figure until then."
        ),
        checked="{warnings} rows were accepted and have a point to check.",
        arrived="What arrived",
        account=(
            "Sheet",
            "Rows read",
            "Accepted",
            "To correct",
            "Repeated (counted once)",
            "Remark",
        ),
        nil="Nothing to report, as the cover says: counted as zero.",
        missing=(
            "No row, and the cover does not say that there was nothing to report: send the rows, "
            "or write Yes under “Nothing to report” on the sheet Cover."
        ),
        steps_title="What to do",
        steps=(
            "Open the sheet “To correct”: each line says what is wrong, in which row, and what to "
            "do. A click on the cell number leads there.",
            "Correct the coloured cells. Red cells keep the row out of the figures; yellow cells "
            "are used as they are, and should be checked; grey rows repeat another row.",
            "Change nothing else. The columns “Verdict” and “What to do” need not be "
            "emptied; they are not read.",
            "On the sheet Cover, fill in the contact role. Save the workbook and send it back; it "
            "replaces the file that you sent.",
        ),
        notes="For information: nothing to correct",
        list_headings=(
            "No.",
            "Importance",
            "Sheet",
            "Row in your file",
            "Cell here",
            "Column",
            "Value",
            "What is wrong",
            "What to do",
            "File",
        ),
        severity={
            "critical": "Must be corrected",
            "warning": "Please check",
            "info": "For information",
        },
        verdict_heading="Verdict",
        remedy_heading="What to do",
        see="To correct: {numbers}",
        verdicts={"accepted": "accepted", "quarantined": "to correct", "duplicate": "repeated"},
        blank="(blank)",
        more_notes="Comments stop here; all points stand in the sheet “To correct”.",
    ),
    "es": Words(
        guide="Léame primero",
        to_correct="Por corregir",
        title="Comentarios sobre {file}",
        confidential=(
            "Confidencial: este libro contiene los registros que usted envió. Guárdelo y devuélvalo "
            "por la vía confidencial acordada con el Comité de Monitoreo y Evaluación."
        ),
        simulated="SIMULATED RECORDS – REGISTROS SIMULADOS, no son de personas reales",
        nothing="Se aceptaron todas las filas. No hay nada que corregir. Gracias.",
        some=(
            "Se aceptaron {accepted} de {read} filas. {quarantined} no pueden usarse hasta que se "
            "corrijan: hasta entonces quedan fuera de toda cifra."
        ),
        checked="{warnings} filas se aceptaron y tienen un punto por revisar.",
        arrived="Lo que llegó",
        account=(
            "Hoja",
            "Filas leídas",
            "Aceptadas",
            "Por corregir",
            "Repetidas (cuentan una vez)",
            "Observación",
        ),
        nil="Nada que informar, según la portada: se cuenta como cero.",
        missing=(
            "Ninguna fila, y la portada no dice que no hubo nada que informar: envíe las filas o "
            "escriba Sí en «Nada que informar» en la hoja Cover."
        ),
        steps_title="Qué hacer",
        steps=(
            "Abra la hoja «Por corregir»: cada línea dice qué está mal, en qué fila y qué hacer. "
            "Un clic en la celda lo lleva allí.",
            "Corrija las celdas de color. Las rojas dejan la fila fuera de las cifras; las "
            "amarillas se usan como están y conviene revisarlas; las filas grises repiten otra.",
            "No cambie nada más. Las columnas «Dictamen» y «Qué hacer» no hace falta vaciarlas; "
            "no se leen.",
            "En la hoja Cover anote el cargo de contacto. Guarde el libro y devuélvalo; reemplaza "
            "el archivo que envió.",
        ),
        notes="Para su información: nada que corregir",
        list_headings=(
            "N.º",
            "Importancia",
            "Hoja",
            "Fila en su archivo",
            "Celda aquí",
            "Columna",
            "Valor",
            "Qué está mal",
            "Qué hacer",
            "Archivo",
        ),
        severity={
            "critical": "Debe corregirse",
            "warning": "Por favor revise",
            "info": "Para su información",
        },
        verdict_heading="Dictamen",
        remedy_heading="Qué hacer",
        see="Por corregir: {numbers}",
        verdicts={"accepted": "aceptada", "quarantined": "por corregir", "duplicate": "repetida"},
        blank="(en blanco)",
        more_notes="Los comentarios terminan aquí; todos los puntos están en «Por corregir».",
    ),
}
