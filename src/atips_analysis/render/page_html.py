"""What a web page shows, and what it loads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

# Elements that show no running text of the page: programs, lists of links, formulas, drawings.
HIDDEN = frozenset({"head", "script", "style", "nav", "math", "svg", "template"})
CODE = frozenset({"code", "pre", "kbd", "samp"})
INLINE = frozenset(
    {"a", "abbr", "b", "cite", "code", "del", "em", "i", "kbd", "mark", "q", "s", "small", "span"}
    | {"strong", "u", "var", "wbr"}
)
LOADS = frozenset({"src", "srcset", "poster", "data", "background", "ping", "action", "formaction"})
LOADS_BY_LINK = frozenset({"link", "image", "use", "base", "feimage"})
ELSEWHERE = re.compile(r"(?:^|[\s,=])(?:(?:https?|ftp|wss?):|//)\S*", re.IGNORECASE)
STYLE_LOADS = re.compile(
    r"@import\b[^;]*|(?:url|image-set)\(\s*[\"']?\s*(?:(?:https?|ftp):|//)[^)]*", re.IGNORECASE
)


@dataclass
class PageSeen:
    """A web page as it is seen: its text, the same without code, how many tables and pictures it
    has, and what comes from elsewhere.
    """

    text: str = ""
    prose: str = ""
    tables: int = 0
    pictures: int = 0
    loads: list[str] = field(default_factory=list)


def read_page(html: str) -> PageSeen:
    """Read a whole page as a browser does that runs no program."""
    reader = _PageReader()
    reader.feed(html)
    reader.close()
    reader.page.text, reader.page.prose = "".join(reader.pieces), "".join(reader.prose)
    return reader.page


class _PageReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = PageSeen()
        self.pieces: list[str] = []
        self.prose: list[str] = []
        self.hidden = 0
        self.code = 0
        self.style = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._note_loads(tag, {name: value or "" for name, value in attributes})
        self.style = tag == "style"
        if not self.hidden:
            self.page.tables += tag == "table"
            self.page.pictures += tag in {"img", "svg", "object"}
        self.hidden += tag in HIDDEN
        self.code += tag in CODE
        self._part(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self.style = False
        if tag in HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        if tag in CODE:
            self.code = max(0, self.code - 1)
        self._part(tag)

    def handle_data(self, data: str) -> None:
        if self.style:
            self.page.loads += STYLE_LOADS.findall(data)
        if not self.hidden:
            self._show(re.sub(r"[ \t\r\n]+", " ", data))

    def _part(self, tag: str) -> None:
        if not self.hidden and tag not in INLINE:
            self._show(" " if tag in {"sup", "sub"} else "\n")

    def _show(self, text: str) -> None:
        self.pieces.append(text)
        if not self.code:
            self.prose.append(text)

    def _note_loads(self, tag: str, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            loads = name in LOADS or (name in {"href", "xlink:href"} and tag in LOADS_BY_LINK)
            refresh = tag == "meta" and name == "content" and "http-equiv" in attributes
            plain = value.replace("\\", "/")  # as browsers read it
            if (loads or refresh) and not plain.lstrip().startswith("data:"):
                self.page.loads += [load.strip(" ,=") for load in ELSEWHERE.findall(plain)]
            if name == "style":
                self.page.loads += STYLE_LOADS.findall(value)
