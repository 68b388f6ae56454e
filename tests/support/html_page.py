"""An HTML page as a test sees it: its elements, and the text of any part of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "link", "input", "br", "img", "hr", "rect", "path", "circle"}


@dataclass
class Element:
    """One element with what is in it, in order."""

    tag: str
    attributes: dict[str, str]
    inside: list[Element | str] = field(default_factory=list)

    def text(self) -> str:
        """All text in it, its spaces made single."""
        return " ".join(self._raw().split())

    def _raw(self) -> str:
        if self.tag in {"style", "script"}:
            return ""
        blocks = {"td", "th", "tr", "li", "p", "dt", "dd", "div", "caption", "summary", "h4"}
        parts = [one if isinstance(one, str) else one._raw() for one in self.inside]
        return "".join([" " if self.tag in blocks else "", *parts])

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """Every element in it with this tag and these attributes, in the page's order."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        found = []
        for one in self.inside:
            if isinstance(one, Element):
                if tag in {"", one.tag} and wanted.items() <= one.attributes.items():
                    found.append(one)
                found += one.all(tag, **attributes)
        return found

    def one(self, tag: str = "", **attributes: str) -> Element:
        """The only element in it with this tag and these attributes."""
        (found,) = self.all(tag, **attributes)
        return found


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(made)
        if tag not in _VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parsed(html: bytes) -> Element:
    """The page's elements; fails where an element is not closed in its turn."""
    parser = _Parser()
    parser.feed(html.decode("utf-8"))
    parser.close()
    (root,) = parser.open
    return root
