"""`README.html` of a pack: what is in it and how to check it, in English and in Spanish."""

from __future__ import annotations

from html import escape

from atips_analysis.project import Project
from atips_analysis.publishing.pack_metadata import Particulars
from atips_analysis.publishing.page import page_html
from atips_analysis.publishing.publication import publication_from, theme_words

ENGLISH = {
    "id": "what-this-is",
    "lang": "en",
    "title": "What this is",
    "lead": "Statistics on trafficking in persons that were checked by one role and approved by "
    "another ({checked}; {approved}) and sealed on {date} as version {version}.",
    "simulated": "Everything here was made from SIMULATED RECORDS to show how the package works. "
    "No number that comes from records is a figure of {country}, and no body stands behind it.",
    "contents": "What is in it",
    "files": (
        ("reports/index.html", "the reports as web pages, most of them as PDF too"),
        (
            "tables{mark}.xlsx",
            "every table in one spreadsheet: cover, contents, notes, one table a sheet",
        ),
        ("tables/", "the same tables as CSV (UTF-8); datapackage.json describes each column"),
        ("sdmx/", "the table of indicators as SDMX-CSV 2.0, with its structure (SDMX-JSON 2.0)"),
        ("ledger/", "what was printed and what was hidden in this release and in earlier ones"),
        ("baselines/", "frozen baselines, if any: their tables, each with its seal"),
        ("ro-crate-metadata.json", "the same for machines: what is here and what made it"),
        ("SHA256SUMS", "the check sum of every file"),
    ),
    "hidden": "Hidden numbers",
    "hidden_text": "Counts of persons from 1 to {top} are not published, and enough others are hidden "
    "(status C) that none of them can be worked out from totals, from other tables, from earlier "
    "releases or from figures that others publish. A table that would be hidden for the most part is "
    "rounded to multiples of 5 instead (status R): each number is less than 10 away from the count. "
    "A zero of status Z is a true zero. A hidden number is "
    "neither zero nor missing: do not fill it in.",
    "check": "How to check it",
    "steps": (
        "With Python 3.8 or later and nothing else: unpack this pack and run <code>python "
        "verify.py</code>, or run it on the zip: <code>python verify.py {zip}</code>. It needs no "
        "network. It ends with 0 when the pack is complete, unchanged and adds up.",
        "With the package atips-analysis: <code>atips verify {zip}</code> also repeats the attack "
        "on this release, all earlier ones and the frozen baselines together.",
        "A pack that was forged as a whole agrees with itself: compare the SHA-256 of the zip with "
        "the one that the sender gives you by another way.",
    ),
}
SPANISH = {
    "id": "que-es",
    "lang": "es",
    "title": "Qué es este paquete",
    "lead": "Estadísticas sobre la trata de personas que una función revisó y otra aprobó "
    "({checked}; {approved}), selladas el {date} como versión {version}.",
    "simulated": "Todo lo que hay aquí se hizo con REGISTROS SIMULADOS para mostrar cómo funciona el "
    "paquete. Ningún número que provenga de registros es una cifra de {country_es}, y ninguna "
    "institución lo respalda.",
    "contents": "Qué contiene",
    "files": (
        ("reports/index.html", "los informes como páginas web, la mayoría también en PDF"),
        (
            "tables{mark}.xlsx",
            "todos los cuadros en una hoja de cálculo: portada, índice, notas y un cuadro por hoja",
        ),
        ("tables/", "los mismos cuadros en CSV (UTF-8); datapackage.json describe cada columna"),
        ("sdmx/", "el cuadro de indicadores en SDMX-CSV 2.0, con su estructura (SDMX-JSON 2.0)"),
        ("ledger/", "lo que se mostró y lo que se ocultó en esta publicación y en las anteriores"),
        ("baselines/", "líneas de base congeladas, si las hay: sus cuadros, cada uno con su sello"),
        ("ro-crate-metadata.json", "lo mismo para máquinas: qué hay aquí y con qué se hizo"),
        ("SHA256SUMS", "la suma de verificación de cada archivo"),
    ),
    "hidden": "Números ocultos",
    "hidden_text": "Los recuentos de personas de 1 a {top} no se publican, y se ocultan otros (estado C), "
    "los suficientes para que ninguno pueda deducirse de los totales, de otros cuadros, de "
    "publicaciones anteriores ni de cifras que otros publican. Un cuadro que quedaría oculto en su "
    "mayor parte se redondea a múltiplos de 5 (estado R): cada número dista menos de 10 del recuento. "
    "Un cero de estado Z es un cero verdadero. Un "
    "número oculto no es cero ni falta: no lo complete.",
    "check": "Cómo comprobarlo",
    "steps": (
        "Con Python 3.8 o posterior y nada más: descomprima el paquete y ejecute <code>python "
        "verify.py</code>, o ejecútelo sobre el zip: <code>python verify.py {zip}</code>. No necesita "
        "conexión. Termina con 0 cuando el paquete está completo, sin cambios y suma.",
        "Con el programa atips-analysis: <code>atips verify {zip}</code> repite además el ataque a "
        "esta publicación, a todas las anteriores y a las líneas de base congeladas juntas.",
        "Un paquete falsificado por entero concuerda consigo mismo: compare el SHA-256 del zip con "
        "el que el remitente le dé por otra vía.",
    ),
}


def pack_page(
    particulars: Particulars,
    project: Project,
    *,
    checked_by: str,
    approved_by: str,
    threshold: int,
    file_name: str,
) -> bytes:
    """The page as HTML that loads nothing from elsewhere."""
    profile = project.profile
    publication = publication_from(
        profile,
        lang="en",
        simulated=particulars.simulated,
        title=particulars.title,
        subtitle="What this pack holds and how to check it · Qué contiene y cómo comprobarlo",
        period=str(particulars.year),
        layout="brief",
        draft=False,
        made_from=(),
    )
    words = theme_words(project.extension, publication)
    facts = {
        "checked": escape(checked_by),
        "approved": escape(approved_by),
        "date": particulars.date,
        "version": particulars.version,
        "country": escape(particulars.country),
        "country_es": escape(profile["country"]["name_es"]),
        "top": threshold - 1,
        "zip": escape(file_name),
        "mark": "-simulated" if particulars.simulated else "",
    }
    body = "\n".join(_section(text, facts, particulars.simulated) for text in (ENGLISH, SPANISH))
    contents = "<ul>" + "".join(
        f'<li><a href="#{text["id"]}" lang="{text["lang"]}">{text["title"]}</a></li>'
        for text in (ENGLISH, SPANISH)
    )
    status = (words["status"], words["status_released"])
    records = [(words["records"], words["records_simulated"])] if particulars.simulated else []
    lines = [
        status,
        *records,
        ("Edition", particulars.edition),
        ("Version", f"atips-analysis {particulars.software}"),
    ]
    html = page_html(publication, words, contents + "</ul>", body, lines, project.extension)
    return html.encode("utf-8")


def _section(text: dict, facts: dict, simulated: bool) -> str:
    files = "".join(
        f"<dt>{_link(name.format(**facts))}</dt><dd>{escape(what)}</dd>"
        for name, what in text["files"]
    )
    warning = f"<p><strong>{text['simulated'].format(**facts)}</strong></p>" if simulated else ""
    steps = "".join(f"<li>{step.format(**facts)}</li>" for step in text["steps"])
    return (
        f'<section id="{text["id"]}" lang="{text["lang"]}"><h2>{text["title"]}</h2>'
        f"<p>{text['lead'].format(**facts)}</p>{warning}"
        f"<h3>{text['contents']}</h3><dl>{files}</dl>"
        f"<h3>{text['hidden']}</h3><p>{text['hidden_text'].format(**facts)}</p>"
        f"<h3>{text['check']}</h3><ul>{steps}</ul></section>"
    )


def _link(name: str) -> str:
    return name if name.endswith("/") else f'<a href="{name}">{name}</a>'
