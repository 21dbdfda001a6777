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
from atips_analysis.words import languages
from atips_analysis.words.documents import words_of


@for_readers()
def write_pseudonym_page(out: Path) -> None:
    """Write the page to a file that ends in .html.

    Raises MachineError if the file cannot be written.
    """
    write_text(out, pseudonym_page())


def pseudonym_page() -> str:
    """The page's HTML: the same bytes from the same version."""
    from jinja2 import Environment, StrictUndefined

    folder = resources.files("atips_analysis.intake.agency") / "pseudonym_page"
    template, style, script = (
        (folder / name).read_text(encoding="utf-8") for name in ("page.html", "page.css", "page.js")
    )
    said = {
        lang: vars(words_of(Path(__file__).parent / "pseudonym_page/words.toml", lang))
        for lang in languages()
    }
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
