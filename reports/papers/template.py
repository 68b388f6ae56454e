"""A Word template checked before it is filled in: which field is wrong, and in which paragraph."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from dataclasses import fields as fields_of
from typing import TypeAlias, get_args, get_type_hints

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from evidence.containers.package import Package
from evidence.regular_file import MEGABYTE
from evidence.visible import visible
from reports.papers.fields import DocumentLink, Picture
from rules.problem import nearest

#: The most bytes that a template may unpack to, pictures included.
MAX_UNPACKED = 64 * MEGABYTE

AGAIN = (
    "To begin again from the original, move the template away and run: dueregard papers --templates"
)

_P, _T, _BR, _ROW = map(qn, ("w:p", "w:t", "w:br", "w:tr"))
#: An old copy of each text box.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
#: What stands between the marks of a field, a block and a note. A block or a field of the library
#: may begin with the part of the document that it takes the place of, such as a row (tr).
_TAG = re.compile(r"\{(?:\{(?P<field>[^{}]*)\}|%(?P<block>[^%]*)%|#[^#]*#)\}")
_PREFIX = re.compile(r"\A(p|tr|tc|r)(?=\s)")
_MARK = re.compile(r"\{[{%#]|[}%#]\}")
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_ENDS = {"endfor": "for", "endif": "if"}
_INSIDE: Mapping[str, tuple[str, ...]] = {"else": ("for", "if"), "elif": ("if",)}
#: The library's own marks for the cells of a table.
_CELLS = frozenset(("colspan", "cellbg", "vm", "hm"))
_SHOWN = 80
_MOST_FAULTS = 5

#: The types of the names that a place of a template knows; None for what is not followed.
_Scope: TypeAlias = Mapping[str, object]


class TemplateStop(Exception):
    """A template cannot be filled in. ``str()`` of it is the whole message."""


@dataclass(frozen=True, slots=True)
class TemplateParagraph:
    """A paragraph of a template: its text as Word shows it, and that of its row in a table, '' for
    none."""

    text: str
    row: str

    @property
    def words(self) -> str:
        """Its first words, in quotes."""
        text = " ".join(self.text.split())
        return f"'{visible(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…')}'"


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """Something wrong in a template: the index of the paragraph, and a sentence."""

    at: int
    message: str


def templates_environment() -> SandboxedEnvironment:
    """Where templates are read: they can reach nothing but their fields, and texts are escaped."""
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def checked(data: bytes, name: str, fields: type) -> Document:
    """The template with these bytes, if it can be filled in with ``fields``, which is a class of
    reports.papers.fields; ``name`` is its path in a message. Raises TemplateStop with everything
    that is wrong in it."""
    document = _opened(data, name)
    lines = [
        f"  In the paragraph {paragraphs[fault.at].words}: {fault.message}"
        for paragraphs in _parts(document)
        for fault in _faults(paragraphs, fields)
    ]
    if lines:
        more = [f"  And {len(lines) - _MOST_FAULTS} more."] if len(lines) > _MOST_FAULTS else []
        names = ", ".join(field.name for field in fields_of(fields))
        raise TemplateStop(
            "\n".join(
                [
                    f"The template {name} cannot be used:",
                    *lines[:_MOST_FAULTS],
                    *more,
                    f"The fields are: {names}.",
                ]
            )
        )
    return document


def _opened(data: bytes, name: str) -> Document:
    try:
        package = Package(data, MAX_UNPACKED)
        for part in package.names():
            content = package.read(part)
            # no office program declares one: the only way to swell when read
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                raise ValueError(part)
        return docx.Document(io.BytesIO(data))
    except Exception as error:
        if isinstance(error, MemoryError):
            raise
        raise TemplateStop(
            f"The template {name} is not a Word document that can be read. Open it in Word and "
            f"save it as a Word document (.docx). {AGAIN}"
        ) from error


# Paragraphs -------------------------------------------------------------------------------------


def _parts(document: Document) -> Iterator[list[TemplateParagraph]]:
    """The paragraphs of the text, and of each header and footer."""
    yield _paragraphs(document.element.body)
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/header", "/footer")) and not relation.is_external:
            yield _paragraphs(relation.target_part.element)


def _paragraphs(inside: BaseOxmlElement) -> list[TemplateParagraph]:
    found = []
    for paragraph in inside.iter(_P):
        if next(paragraph.iterancestors(_FALLBACK), None) is None:
            row = next(paragraph.iterancestors(_ROW), None)
            found.append(TemplateParagraph(_text(paragraph), "" if row is None else _text(row)))
    return found


def _text(element: BaseOxmlElement) -> str:
    """The text of a paragraph without those in it (text boxes), or of a row."""
    return "".join(
        (part.text or "") if part.tag == _T else " "
        for part in element.iter(_T, _BR)
        if element.tag == _ROW or next(part.iterancestors(_P)) is element
    )


# Faults -----------------------------------------------------------------------------------------


def _faults(paragraphs: Sequence[TemplateParagraph], fields: type) -> list[TemplateFault]:
    """What is wrong in one part of a template: first its marks and blocks, and where these are
    right, its fields."""
    faults = [*_form(paragraphs)]
    if faults:
        return faults
    lines = ["".join(_plain_tags(paragraph.text)) for paragraph in paragraphs]
    environment = templates_environment()
    try:
        tree = environment.parse("\n".join(lines))
        environment.from_string("\n".join(lines))  # knows which filters there are
    except TemplateSyntaxError as error:
        at = min(error.lineno, len(lines)) - 1
        return [TemplateFault(at, f"this cannot be read as a field ({error.message}).")]
    check = _FieldCheck()
    check.block(tree.body, get_type_hints(fields))
    return check.faults


def _plain_tags(text: str) -> Iterator[str]:
    """The fields and blocks of a paragraph as the template language has them."""
    for tag in _TAG.finditer(text.translate(_QUOTES)):
        block, field = tag["block"], tag["field"]
        inner = _PREFIX.sub("", block or field or "", count=1)
        if field is not None:
            yield f"{{{{{inner}}}}}"
        elif block is not None and _word(inner) not in _CELLS:
            yield f"{{%{inner}%}}"


def _word(inner: str) -> str:
    """The first word in a block."""
    return next(iter(inner.strip("-+ ").split()), "")


def _form(paragraphs: Sequence[TemplateParagraph]) -> Iterator[TemplateFault]:
    """What is wrong with the marks of fields, and with the beginnings and ends of blocks."""
    begun = list[tuple[str, int, str]]()
    for at, paragraph in enumerate(paragraphs):
        text = paragraph.text
        if _MARK.search(_TAG.sub("", text)):
            yield TemplateFault(
                at, "a field is not complete. Write {{ before it and }} after it, or {% and %}."
            )
            continue
        for tag in _TAG.finditer(text):
            inner = tag["block"] if tag["block"] is not None else tag["field"] or ""
            prefix = _PREFIX.match(inner)
            if prefix and (message := _place(prefix[0], tag[0], paragraph)):
                yield TemplateFault(at, message)
            if tag["block"] is not None:
                word = _word(_PREFIX.sub("", inner, count=1))
                if message := _nested(word, tag[0], begun):
                    yield TemplateFault(at, message)
                if word in _ENDS.values():
                    begun.append((word, at, tag[0]))
    for word, at, tag_ in begun:
        prefix_ = _PREFIX.match(tag_[2:])
        end = f"{{%{prefix_[0] if prefix_ else ''} end{word} %}}"
        yield TemplateFault(at, f"the block {visible(tag_)} has no end. Add {end} below it.")


def _place(prefix: str, tag: str, paragraph: TemplateParagraph) -> str:
    """What is wrong with where a tag is that its paragraph or row makes way for; '' for nothing."""
    if prefix in ("tr", "tc") and not paragraph.row:
        return f"{visible(tag)} is not in a table. Write {{%p in place of {{%{prefix}."
    if prefix == "tr" and paragraph.row.strip() != tag:
        return f"{visible(tag)} needs a row of its own: everything else in it is left out."
    if prefix == "p" and paragraph.text.strip() != tag:
        return f"{visible(tag)} needs a paragraph of its own: other words in it are left out."
    return ""


def _nested(word: str, tag: str, begun: list[tuple[str, int, str]]) -> str:
    """What is wrong with a block inside those that have begun; '' for nothing. The end of the last
    one takes it from them."""
    if word in _ENDS:
        if not begun or begun[-1][0] != _ENDS[word]:
            return f"{visible(tag)} ends no block. Remove it, or add its beginning above it."
        begun.pop()
    elif word in _INSIDE:
        if not begun or begun[-1][0] not in _INSIDE[word]:
            return f"{visible(tag)} is in no block. Remove it, or add its beginning above it."
    elif word not in _ENDS.values() and word not in _CELLS:
        return f"{visible(tag)} is not possible here. A block begins with for or if."
    return ""


class _FieldCheck:
    """Follows the names of a template, and collects those that are no fields."""

    def __init__(self) -> None:
        self.faults: list[TemplateFault] = []

    def block(self, inside: Sequence[nodes.Node], scope: _Scope) -> None:
        """Checks what stands in a block whose names are those of ``scope``."""
        for node in inside:
            if isinstance(node, nodes.For):
                self._loop(node, scope)
            elif isinstance(node, nodes.If):
                self._type(node.test, scope)
                for part in (node.body, node.elif_, node.else_):
                    self.block(part, scope)
            elif isinstance(node, nodes.Output):
                for shown in node.nodes:
                    self._must_be_text(shown, self._type(shown, scope))
            else:
                self._type(node, scope)

    def _loop(self, node: nodes.For, scope: _Scope) -> None:
        listed = self._type(node.iter, scope)
        item = None
        if listed is not None and not (item := _item(listed)):
            self._add(node, f"'{_named(node.iter)}' is no list, so it has no lines.")
        inner = {**scope, "loop": None}
        if isinstance(node.target, nodes.Name):
            inner[node.target.name] = item
        if node.test is not None:
            self._type(node.test, inner)
        self.block(node.body, inner)
        self.block(node.else_, scope)

    def _type(self, node: nodes.Node, scope: _Scope) -> object:
        """The type of an expression; None if it is not followed."""
        if isinstance(node, nodes.Name):
            if node.name not in scope:
                self._add(node, f"there is no field '{node.name}'.{_meant(node.name, scope)}")
            return scope.get(node.name)
        if isinstance(node, nodes.Getattr):
            owner = self._type(node.node, scope)
            if owner is None:
                return None
            own = get_type_hints(owner) if is_dataclass(owner) else {}
            if node.attr in own:
                return own[node.attr]
            has = f"It has: {', '.join(own)}." if own else "It has no fields."
            self._add(node, f"'{_named(node.node)}' has no field '{node.attr}'. {has}")
            return None
        for child in node.iter_child_nodes():
            self._type(child, scope)
        return None

    def _must_be_text(self, node: nodes.Node, type_: object) -> None:
        if type_ is not None and _item(type_):
            self._add(
                node,
                f"'{_named(node)}' is a list. Write its lines one by one, between "
                f"{{%p for line in {_named(node)} %}} and {{%p endfor %}}.",
            )
        elif is_dataclass(type_) and type_ not in (Picture, DocumentLink):
            own = ", ".join(f"{_named(node)}.{name}" for name in get_type_hints(type_))
            self._add(node, f"'{_named(node)}' is several fields. Write one of: {own}.")

    def _add(self, node: nodes.Node, message: str) -> None:
        self.faults.append(TemplateFault(node.lineno - 1, message))


def _item(listed: object) -> object:
    """The type of the lines of a list; None for what is no list."""
    return next(iter(get_args(listed)), None)


def _named(node: nodes.Node) -> str:
    """An expression as the template has it, if it is a name."""
    if isinstance(node, nodes.Getattr):
        return f"{_named(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "this"


def _meant(name: str, known: _Scope) -> str:
    close = nearest(name, known)
    return f" Write '{close}' if that is what you mean." if close else ""
