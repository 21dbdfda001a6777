"""A page's content security policy: it runs and wears what the house gave it, known by hash.

Nothing that slipped into a page could run, be loaded or be sent: no script but those named, no
style attribute, no address but pictures that lie in the page itself. Pandoc aligns cells and
sets widths by style attributes; they become classes with a rule each.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

PLACE = "ATIPS-STYLE-OF-THIS-PAGE"
STYLED = re.compile(
    r'<(?P<tag>[a-z][a-z0-9]*)(?P<before>[^<>]*?) style="(?P<style>[^"]*)"(?P<after>[^<>]*)>'
)
ALIGNED = re.compile(r"text-align: ?(left|right|center);?")
WIDE = re.compile(r"width: ?(\d{1,3})%;?")
CLASS = re.compile(r' class="([^"]*)"')
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def policy(scripts: Iterable[str]) -> str:
    """What a page may do, its style not named yet; `scripts` as they stand between their tags."""
    named = " ".join(f"'{_hash(script)}'" for script in scripts)
    return (
        f"default-src 'none'; img-src data:; font-src data:; style-src '{PLACE}'; script-src {named}; "
        "base-uri 'none'; form-action 'none'"
    )


def sealed(html: str) -> str:
    """The page with classes in place of style attributes, and its style named in its policy.

    A page without a policy of ours (a site's, which brings its own frame) stays as it is.
    """
    if PLACE not in html:
        return html
    rules: dict[str, str] = {}

    def classed(found: re.Match[str]) -> str:
        name, rule = _rule(found["style"])
        if rule:
            rules[name] = rule
        attributes = f"{found['before']}{found['after']}"
        if not name:
            return f"<{found['tag']}{attributes}>"
        if CLASS.search(attributes):
            attributes = CLASS.sub(rf' class="\1 {name}"', attributes, count=1)
        else:
            attributes = f' class="{name}"{attributes}'
        return f"<{found['tag']}{attributes}>"

    head, tag, body = html.partition("</head>")
    body = STYLED.sub(classed, body)
    added = "".join(f".{name}{{{rule}}}\n" for name, rule in sorted(rules.items()))
    head = head.replace("</style>", f"{added}</style>", 1)
    style = STYLE.search(head)
    return head.replace(PLACE, _hash(style[1]) if style else "none") + tag + body


def _rule(style: str) -> tuple[str, str]:
    """The class that stands for a style attribute and its rule; empty for what no page needs."""
    aligned, wide = ALIGNED.fullmatch(style.strip()), WIDE.fullmatch(style.strip())
    if aligned:
        return f"to-{aligned[1]}", f"text-align:{aligned[1]}"
    return (f"wide-{wide[1]}", f"width:{wide[1]}%") if wide else ("", "")


def _hash(text: str) -> str:
    return (
        f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"
    )
