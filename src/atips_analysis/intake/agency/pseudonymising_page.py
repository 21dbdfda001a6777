"""Pseudonyms without Python: one page that makes the codes of `atips pseudonymise` in a browser.

An agency opens the file, without a network. The page's rules are its script, `page.js`; the
tables that the rules read (particles, sounds, months, headers, code lists) are those of this
package, written into the page. Its content policy lets it load nothing and send nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import unicodedata
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

from babel import Locale

from atips_analysis.cleaning.months import NAMES
from atips_analysis.codebook import Codebook, load_codebook
from atips_analysis.files import for_readers, write_text
from atips_analysis.intake.agency import pseudonymised_files as files
from atips_analysis.intake.agency import pseudonyms
from atips_analysis.intake.cover import SIMULATED
from atips_analysis.words import languages, translator


@for_readers()
def write_pseudonym_page(out: Path) -> None:
    """Write the page to a file that ends in .html.

    Raises
    ------
    MachineError
        If the file cannot be written.
    """
    write_text(out, pseudonym_page())


def pseudonym_page() -> str:
    """The page's HTML: the same bytes from the same version."""
    from jinja2 import Environment, StrictUndefined

    folder = resources.files("atips_analysis.intake.agency") / "pseudonym_page"
    template, style, script = (
        (folder / name).read_text(encoding="utf-8") for name in ("page.html", "page.css", "page.js")
    )
    said = {lang: _words_of_page(lang) for lang in languages()}
    rules = _rules(load_codebook()) | {"words": said}
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
        .from_string(template)
        .render(
            policy=policy,
            style=style,
            script=script,
            rules=json.dumps(rules, ensure_ascii=False, separators=(",", ":")).replace(
                "<", "\\u003c"
            ),
            words=said["en"],
            languages={lang: _own_name(lang) for lang in said},
            code_columns=files.CODE_COLUMNS,
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _own_name(lang: str) -> str:
    name = str(Locale(lang).get_display_name(lang))
    return name[:1].upper() + name[1:]


def _rules(codebook: Codebook) -> dict[str, Any]:
    headers = files.codebook_headers(codebook)
    lists = sorted({name for names in headers.values() for name in names if name})
    return {
        "code_length": pseudonyms.CODE_LENGTH,
        "shortest_key": pseudonyms.SHORTEST_KEY,
        "most_said_before": pseudonyms.MOST_SAID_BEFORE,
        "fewest_values": pseudonyms.FEWEST_VALUES,
        "fewest_steps": pseudonyms.FEWEST_STEPS,
        "particles": sorted(pseudonyms.PARTICLES),
        "sounds": [
            [pattern, letters.replace("\\1", "$1")] for pattern, letters in pseudonyms.SOUNDS
        ],
        "months": NAMES,
        "folds": _folds(),
        "combining": _ranges(
            number for number in range(sys.maxunicode + 1) if unicodedata.combining(chr(number))
        ),
        "first_names": sorted(files.NEEDED["first names"]),
        "surnames": sorted(files.NEEDED["surnames"]),
        "birth": sorted(files.NEEDED["date of birth"]),
        "tells_who": files.TELLS_WHO.pattern,
        "first_rows": files.FIRST_ROWS,
        "partial_keys": pseudonyms.PARTIAL_KEYS,
        "partial_labels": [pseudonyms.plain(name) for name in pseudonyms.PARTIAL_KEYS],
        "code_labels": {
            own: sorted(files.code_labels(own, codebook)) for own in files.CODE_COLUMNS
        },
        "person_streams": sorted(files.person_streams(codebook)),
        "headers": {header: sorted(names - {""}) for header, names in sorted(headers.items())},
        "lists": {name: sorted(files.values_of([name], codebook)) for name in lists},
        "simulated": SIMULATED.pattern,
    }


def _folds() -> dict[str, str]:
    """Letters that `str.casefold` changes otherwise than a browser's `toLowerCase` does."""
    return {
        letter: letter.casefold()
        for letter in map(chr, range(sys.maxunicode))
        if letter.casefold() != letter.lower()
    }


def _ranges(numbers: Iterable[int]) -> str:
    """Code points as a class of a JavaScript expression with the flag u."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return "".join(
        f"\\u{{{low:x}}}" if low == high else f"\\u{{{low:x}}}-\\u{{{high:x}}}"
        for low, high in found
    )


def _words_of_page(lang: str) -> dict[str, str]:
    """What the page says in a language; names in braces are filled in the browser."""
    _ = translator(lang)
    return {
        "title": _("Names become codes"),
        "language": _("Language"),
        "promise": _(
            "This page works on your computer alone, without a network. Names, key and codes are neither kept nor sent: close the page, and they are gone."
        ),
        "no_script": _("This page needs JavaScript; open it in a browser that allows it."),
        "key_title": _("1. The key"),
        "key_help": _(
            "The same secret key at every agency gives the same person the same code. The Council gives it to you; keep it away from the data."
        ),
        "key_file": _("Key file"),
        "key_text": _("Or the key itself"),
        "key_good": _(
            "The key can be used. Its mark is {mark}: at every agency it must be the same."
        ),
        "key_odd": _(
            "The key lacks a digit, or has one too many. Copy it again, or choose its file."
        ),
        "no_key_yet": _("There is no key yet"),
        "new_key_help": _(
            "One person makes the key, once for all agencies, and hands it over. A second key would give the same person another code."
        ),
        "new_key": _("Make a new key and save it as a file"),
        "key_too_short": _(
            "The key is too short: {bytes} bytes of {least}. Ask the Council for the key of all agencies."
        ),
        "key_repeats": _(
            "The key repeats itself and can be guessed. Ask the Council for the key of all agencies."
        ),
        "key_sequence": _(
            "The key is a sequence and can be guessed. Ask the Council for the key of all agencies."
        ),
        "key_words": _(
            "The key is made of words and can be guessed. Ask the Council for the key of all agencies."
        ),
        "table_title": _("2. The table with names"),
        "table_help": _(
            "A header row with first names, surnames and date of birth, each in a column of its own; dates day first, or yyyy-mm-dd."
        ),
        "table_file": _("CSV file"),
        "table_text": _("Or paste the columns from Excel, with their header"),
        "code_column": _("Whose codes"),
        "code_by_name": _("As the file's name tells"),
        "victim_id": _("Victims (victim_id)"),
        "person_id": _("Persons accused (person_id)"),
        "result_title": _("3. The table with codes"),
        "save": _("Save the table with codes"),
        "done": _("Rows: {rows}. Persons: {persons}."),
        "left_out": _("Columns left out because they may tell who a person is: {columns}."),
        "no_birth": _(
            "No date of birth that could be read, so that persons of the same name share a code: rows {rows}. Write it with its year in four digits (1999-03-15; in Excel: Format Cells) and begin again."
        ),
        "month_first": _(
            "The month stands first in rows {rows}, but these rows were read day first: {others}. Write all dates as 1999-03-15 (in Excel: Format Cells) and begin again."
        ),
        "no_name": _(
            "No first name or no surname, and so no code: rows {rows}. Fill them in and begin again.",
        ),
        "and_more": _("and {number} more"),
        "key_first": _("Give the key first."),
        "no_header": _(
            "No header was found: copy the table together with its header row, which names first names, surnames and date of birth, each in a column of its own."
        ),
        "half_header": _(
            "The header in row {row} has no column of its own for: {columns}. Where one column holds the whole name, split it (in Excel: Data, Text to Columns), and name each part."
        ),
        "first_names": _("first names"),
        "surnames": _("surnames"),
        "birth": _("date of birth"),
        "no_rows": _("No row stands below the header."),
        "two_births": _("Two columns hold a date of birth; keep one."),
        "name_in_column": _(
            "Column {column}, row {row} holds a name; put a value of the list there.",
        ),
        "full_name": _(
            "Row {row} of the result would hold a person's name; remove it and begin again."
        ),
        "not_closed": _(
            "A quotation mark is not closed, or stands inside a cell: save the table as CSV again."
        ),
        "workbook": _(
            "This is a workbook. Save its sheet as CSV, or mark the columns in Excel and paste them below."
        ),
        "unreadable": _("The table cannot be read; save it as CSV again."),
    }
