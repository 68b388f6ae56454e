"""A Word template filled in: the same fields give the same bytes."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, RichText

from evidence.deterministic import same_package
from reports import words
from reports.papers.fields import DocumentLink, Picture
from reports.papers.template import AGAIN, TemplateStop, checked, templates_environment

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_PICTURE_WIDTH = Mm(174)
_LINK_COLOUR = "1A5276"


class _DescribedImage(InlineImage):  # type: ignore[misc]  # of a library without types
    """A picture with its words, which are read out to whoever cannot see it."""

    def __init__(self, template: DocxTemplate, picture: Picture) -> None:
        super().__init__(template, io.BytesIO(picture.png), width=_PICTURE_WIDTH)
        self.words = picture.words

    def _insert_image(self) -> str:
        xml: str = super()._insert_image()
        return xml.replace("<wp:docPr ", f"<wp:docPr descr={quoteattr(self.words)} ", 1)


class _Hyperlink(RichText):  # type: ignore[misc]  # of a library without types
    """Words that open a document where they are clicked."""

    def __init__(self, template: DocxTemplate, link: DocumentLink) -> None:
        self.words, self.address = words.shown(link.words), words.shown(link.address)
        where = template.build_url_id(link.address)
        super().__init__(self.words, url_id=where, color=_LINK_COLOUR, underline=True)


def filled(data: bytes, name: str, values: DataclassInstance, day: datetime.date) -> bytes:
    """The template with these bytes, filled in; ``name`` is its path in a message, and ``day`` that
    on which the document says that it was made. Raises TemplateStop if it cannot be filled in."""
    checked(data, name, type(values))
    template = DocxTemplate(io.BytesIO(data))
    saved = io.BytesIO()
    try:
        template.render(
            {field.name: _value(getattr(values, field.name), template) for field in fields(values)},
            templates_environment(),
            autoescape=True,
        )
        made = template.docx.core_properties
        made.created = made.modified = datetime.datetime.combine(day, datetime.time())
        made.last_modified_by, made.revision = "", 1
        template.docx.save(saved)
    except Exception as error:
        if isinstance(error, OSError | MemoryError):
            raise
        raise TemplateStop(
            f"The template {name} could not be filled in ({words.shown(str(error))}). {AGAIN}"
        ) from error
    return same_package(saved, day)


def _value(value: object, template: DocxTemplate) -> object:
    """A field as the template has it: each hidden letter in a text is shown by its number."""
    if isinstance(value, str):
        return words.shown(value)
    if isinstance(value, tuple):
        return [_value(item, template) for item in value]
    if isinstance(value, Picture):
        return _DescribedImage(template, value)
    if isinstance(value, DocumentLink):
        return _Hyperlink(template, value)
    if is_dataclass(value):
        line: Mapping[str, object] = {
            field.name: _value(getattr(value, field.name), template) for field in fields(value)
        }
        return line
    return value
