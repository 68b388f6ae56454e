"""Makes the Word templates of the papers: ``python -m tests.paper_templates``.

Word documents cannot be reviewed line by line, so this module is what is reviewed; a test compares
the templates with it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from evidence.deterministic import EARLIEST, same_package
from rules.load import OWN_BOOK
from rules.papers import FOLDER, PAPER, STATEMENT

_FONT = "Arial"
_INK, _QUIET = RGBColor(0x0B, 0x0C, 0x0C), RGBColor(0x45, 0x50, 0x5A)
_LINE, _SHADE, _BLANK = "B1B8BE", "EEF1F3", "FFF3B0"
_WIDTH = 170  # millimetres between the margins


def paper() -> bytes:
    """The template of the paper on the position."""
    document = _document()
    _head(document)
    _heading(document, "Summary")
    _each(document, "sentence", "headline", "{{ sentence }}", "Strong")
    _each(document, "point", "points", "{{ point }}", "List Bullet")
    _text(document, "Asked of the meeting: ", "note this position, and agree who acts on what is "
          "overdue, and by when.")  # fmt: skip

    _heading(document, "What changed{% if since %} since {{ since }}{% endif %}")
    _block(document, "if since", lambda: _changes(document))
    _block(document, "if not since", lambda: _text(
        document, "", "There is no earlier check to compare with."
    ))  # fmt: skip

    _heading(document, "Overdue")
    _block(document, "if overdue", lambda: _table(
        document, "line", "overdue",
        {
            "Duty and owner": ("{{ line.title }}", "~{{ line.owner }}"),
            "Since": ("{{ line.status }}",),
            "Why": ("{{ line.why }}",),
            "Next step": ("{{ line.step }}",),
        },
        (47, 21, 51, 51),
    ))  # fmt: skip
    _block(document, "if not overdue", lambda: _text(
        document, "", "No duty that was judged is overdue."
    ))  # fmt: skip
    _if(document, "more_overdue", "{{ more_overdue }}", "Quiet")
    _if(document, "not_judged", "{{ not_judged }}")
    _block(document, "if missed", lambda: (
        _text(document, "Missed in the last 12 months", ", and in no count:"),
        _each(document, "period", "missed", "{{ period }}", "List Bullet"),
        _if(document, "more_missed", "{{ more_missed }}", "Quiet"),
    ))  # fmt: skip

    _heading(document, "Coming up")
    _block(document, "if coming", lambda: _table(
        document, "line", "coming",
        {
            "Last day": ("{{ line.day }}",),
            "Duty": ("{{ line.title }}",),
            "Owner": ("{{ line.owner }}",),
        },
        (34, 92, 44),
    ))  # fmt: skip
    _block(document, "if not coming", lambda: _text(
        document, "", "Nothing has its last day within 12 months."
    ))  # fmt: skip
    _if(document, "more_coming", "{{ more_coming }}", "Quiet")
    _block(document, "if new_rules", lambda: (
        _text(document, "Changes of the rules", " that begin within a year:"),
        _each(document, "rule", "new_rules", "{{ rule }}", "List Bullet"),
        _if(document, "more_new_rules", "{{ more_new_rules }}", "Quiet"),
    ))  # fmt: skip

    _heading(document, "The position in a picture")
    _text(document, "", "{{ picture }}", keep=True)
    _text(document, "", "{{ picture.words }}", "Quiet")
    _sign_offs(document)
    return _saved(document)


def statement() -> bytes:
    """The template of the assurance statement."""
    document = _document()
    _head(document, " for the year {{ year }}")
    _text(document, "How to complete this statement: ", "the facts come from the {{ office or "
          "'spreadsheets' }}'s own records. What is marked in yellow is for a person to judge and "
          "to write. Delete this paragraph then.", "Blank")  # fmt: skip
    _heading(document, "Summary")
    _each(document, "sentence", "headline", "{{ sentence }}", "Strong")
    _mark(document, "for part in parts")
    _heading(document, "{{ part.number }}. {{ part.heading }}")
    _text(document, "", "{{ part.counted }}")
    _each(document, "sentence", "part.not_assessed", "{{ sentence }}", "Strong")
    _block(document, "if part.facts", lambda: _table(
        document, "fact", "part.facts",
        {
            "Duty": ("*{{ fact.title }}", "{{ fact.requires }}"),
            "Facts and evidence": (
                "*{{ fact.status }}",
                "{%p for reason in fact.reasons %}", "{{ reason }}", "{%p endfor %}",
                "{%p for row in fact.evidence %}", "~{{ row }}", "{%p endfor %}",
                "{%p for reading in fact.readings %}", "~{{ reading }}", "{%p endfor %}",
            ),
        },
        (62, 108),
    ))  # fmt: skip
    _block(document, "if part.judgement", lambda: _blanks(document))
    _mark(document, "endfor")
    _heading(document, "Declaration")
    _table(document, "", "", {"Signed": ("", ""), "Post": ("", ""), "Date": ("", "")}, (74, 56, 40),
           shade=_BLANK)  # fmt: skip
    _sign_offs(document)
    return _saved(document)


# Parts ------------------------------------------------------------------------------------------


def _head(document: Document, more: str = "") -> None:
    document.add_paragraph("{{ title }}" + more, style="Title")
    _text(document, "", "{% if audience %}For the {{ audience }}. {% endif %}"
          "{% if office %}{{ office }}. {% endif %}Position at {{ as_of }}.", "Quiet")  # fmt: skip
    _each(document, "notice", "notices", "{{ notice }}", "Notice")


def _changes(document: Document) -> None:
    _text(document, "", "{{ changed }}")
    _each(document, "row", "gone", "{{ row }}", "List Bullet")
    _if(document, "more_gone", "{{ more_gone }}", "Quiet")
    _block(document, "if changes", lambda: _table(
        document, "line", "changes",
        {
            "Duty": ("{{ line.title }}",),
            "Was": ("{{ line.was }}",),
            "Now": ("{{ line.now }}",),
            "Why": ("{{ line.why }}",),
        },
        (58, 26, 28, 58),
    ))  # fmt: skip
    _block(document, "if not changes", lambda: _text(document, "", "No duty has another status."))
    _if(document, "more_changes", "{{ more_changes }}", "Quiet")


def _sign_offs(document: Document) -> None:
    _heading(document, "Sign-off of the report")
    _each(document, "line", "sign_offs", "{{ line }}", "List Bullet")
    _block(document, "if not sign_offs", lambda: _text(
        document, "", "Nobody has signed off this report yet."
    ))  # fmt: skip
    _text(document, "", "{{ limits }} {{ source }}", "Quiet")


def _blanks(document: Document) -> None:
    """A yellow box for each question that a person has to answer."""
    table = _grid(document, 1, (_WIDTH,))
    for mark in ("{%tr for question in part.judgement %}", "", "{%tr endfor %}"):
        cell = table.add_row().cells[0]
        _fill(cell, (mark,) if mark else ("*To be completed: {{ question }}", "", ""))
        if not mark:
            _shade(cell, _BLANK)
    table._tbl.remove(table.rows[0]._tr)
    _text(document, "", "")


def _block(document: Document, condition: str, make: Callable[[], object]) -> None:
    _mark(document, condition)
    make()
    _mark(document, "endif")


def _if(document: Document, field: str, text: str, style: str = "Normal") -> None:
    _block(document, f"if {field}", lambda: _text(document, "", text, style))


def _each(document: Document, line: str, listed: str, text: str, style: str) -> None:
    _mark(document, f"for {line} in {listed}")
    _text(document, "", text, style)
    _mark(document, "endfor")


def _mark(document: Document, block: str) -> None:
    document.add_paragraph(f"{{%p {block} %}}", style="Quiet")


def _heading(document: Document, text: str) -> None:
    document.add_paragraph(text, style="Heading 1")


def _text(
    document: Document, bold: str, text: str, style: str = "Normal", *, keep: bool = False
) -> Paragraph:
    paragraph = document.add_paragraph(style=style)
    if bold:
        paragraph.add_run(bold).bold = True
    paragraph.add_run(text)
    paragraph.paragraph_format.keep_with_next = keep or None
    return paragraph


# Tables -----------------------------------------------------------------------------------------


def _table(
    document: Document,
    line: str,
    listed: str,
    columns: Mapping[str, Sequence[str]],
    widths: Sequence[int],
    shade: str = "",
) -> None:
    """A table with a row for each line of a list, or one row without a list. A text that begins with
    * is bold, and one with ~ is small."""
    table = _grid(document, len(columns), widths)
    head = table.rows[0]
    for cell, title in zip(head.cells, columns, strict=True):
        _fill(cell, (f"*{title}",))
        _shade(cell, _SHADE)
    _property(head._tr.get_or_add_trPr(), "w:tblHeader")
    if listed:
        _fill(table.add_row().cells[0], (f"{{%tr for {line} in {listed} %}}",))
    row = table.add_row()
    _property(row._tr.get_or_add_trPr(), "w:cantSplit")
    for cell, texts in zip(row.cells, columns.values(), strict=True):
        _fill(cell, texts)
        if shade:
            _shade(cell, shade)
    if listed:
        _fill(table.add_row().cells[0], ("{%tr endfor %}",))
    for each in table.rows:
        for cell, width in zip(each.cells, widths, strict=True):
            cell.width = Mm(width)
    document.add_paragraph(style="Small gap")


def _grid(document: Document, columns: int, widths: Sequence[int]) -> Table:
    table = document.add_table(rows=1, cols=columns)
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.LEFT, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        _property(borders, f"w:{side}", val="single", sz="4", color=_LINE)
    for side in ("left", "right", "insideV"):
        _property(borders, f"w:{side}", val="nil")
    table._tbl.tblPr.append(borders)
    return table


def _fill(cell: _Cell, texts: Sequence[str]) -> None:
    for number, text in enumerate(texts):
        paragraph = cell.paragraphs[0] if not number else cell.add_paragraph()
        paragraph.style = "Cell small" if text.startswith("~") else "Cell"
        run = paragraph.add_run(text.lstrip("*~"))
        run.bold = True if text.startswith("*") else None


def _shade(cell: _Cell, colour: str) -> None:
    _property(cell._tc.get_or_add_tcPr(), "w:shd", val="clear", color="auto", fill=colour)


def _property(inside: BaseOxmlElement, tag: str, **values: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)
    inside.append(element)
    return element


# The document -----------------------------------------------------------------------------------


def _document() -> Document:
    """An empty A4 page with the styles, the marking at its head, and its number at its foot."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(17), Mm(15)
    section.header_distance = section.footer_distance = Mm(8)
    _style(document, "Normal", 9.5, after=3)
    _style(document, "Title", 17, bold=True, after=2)
    _style(document, "Heading 1", 11.5, bold=True, before=7, after=2)
    _style(document, "List Bullet", 9.5, after=1)
    _style(document, "Strong", 10, bold=True, after=3, base="Normal")
    _style(document, "Quiet", 8, after=3, colour=_QUIET, base="Normal")
    _style(document, "Notice", 9, after=3, base="Normal", line=_QUIET)
    _style(document, "Blank", 9, after=3, base="Normal", shade=_BLANK)
    _style(document, "Cell", 8.5, after=0, base="Normal")
    _style(document, "Cell small", 7.5, after=0, colour=_QUIET, base="Normal")
    _style(document, "Small gap", 3, after=0, base="Normal")
    for part, text in (
        (section.header, "{{ marking }}"),
        (section.footer, "{{ marking }}  ·  page "),
    ):
        paragraph = part.paragraphs[0]
        paragraph.style, paragraph.alignment = "Quiet", WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(text)
    for instruction in ("PAGE", " of ", "NUMPAGES"):
        if instruction.isupper():
            field = _property(section.footer.paragraphs[0]._p, "w:fldSimple", instr=instruction)
            run = _property(field, "w:r")
            _property(run, "w:t").text = "1"
        else:
            section.footer.paragraphs[0].add_run(instruction)
    return document


def _style(
    document: Document,
    name: str,
    size: float,
    *,
    after: float,
    before: float = 0,
    bold: bool = False,
    colour: RGBColor = _INK,
    base: str = "",
    line: RGBColor | None = None,
    shade: str = "",
) -> None:
    """Gives a style of a paragraph its form; one with a ``base`` is new."""
    if base:
        if name in document.styles:  # of characters
            document.styles[name].delete()
        style = document.styles.add_style(name, 1)
        style.base_style = document.styles[base]
    else:
        style = document.styles[name]
    font = style.font
    font.name, font.size, font.bold, font.color.rgb = _FONT, Pt(size), bold, colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), _FONT)
    form = style.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), 1.05
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)
    if line is not None:
        borders = OxmlElement("w:pBdr")
        _property(borders, "w:left", val="single", sz="18", space="6", color=str(line))
        properties.insert_element_before(borders, "w:shd", "w:spacing", "w:ind")
    if shade:
        fill = OxmlElement("w:shd")
        for key, value in (("val", "clear"), ("color", "auto"), ("fill", shade)):
            fill.set(qn(f"w:{key}"), value)
        properties.insert_element_before(fill, "w:spacing", "w:ind")


def _saved(document: Document) -> bytes:
    made = document.core_properties
    made.author, made.comments, made.title, made.last_modified_by = "", "", "{{ title }}", ""
    made.revision, made.language = 1, "en-GB"
    saved = io.BytesIO()
    document.save(saved)
    return same_package(saved, EARLIEST)


TEMPLATES: Mapping[str, Callable[[], bytes]] = {PAPER: paper, STATEMENT: statement}


def main() -> None:
    """Writes the templates into the rulebook."""
    for name, make in TEMPLATES.items():
        (OWN_BOOK / FOLDER / name).write_bytes(make())


if __name__ == "__main__":
    main()
