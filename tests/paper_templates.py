"""Makes the Word templates of the papers: ``python -m tests.paper_templates``.

Word documents cannot be reviewed line by line, so this module is what is reviewed; a test compares
the templates with it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from evidence.deterministic import EARLIEST, same_package
from rules.load import OWN_BOOK
from rules.papers import FOLDER, PAPER, STATEMENT

_FONT = "Arial"
_INK, _QUIET = RGBColor(0x0B, 0x0C, 0x0C), RGBColor(0x45, 0x50, 0x5A)
_LINE, _SHADE, _BLANK = "B1B8BE", "EEF1F3", "FFF3B0"
_WIDTH = 174  # millimetres between the margins
_ANSWER = 28  # millimetres for an answer, at least


def paper() -> bytes:
    """The template of the paper on the position."""
    document = _document()
    _head(document)
    with _block(document, "if matters"):
        _heading(document, "For the {{ head }}")
        _each(document, "matter", "matters", "{{ matter }}", "List Bullet")
        _if(document, "more_matters", "{{ more_matters }}", "Quiet")
    _heading(document, "Summary")
    _text(document, "{{ verdict }}", "Strong")
    _each(document, "duty", "crossed", "{{ duty }}", "List Bullet")
    _each(document, "sentence", "headline", "{{ sentence }}", "Normal")
    _if(document, "depends", "{{ depends }}")
    _text(document, "{{ picture }}").paragraph_format.space_before = Pt(6)
    _heading(document, "The meeting is asked to")
    _each(document, "item", "asked", "{{ item }}", "List Bullet")
    _overdue(document)
    _unknown(document)
    _changes(document)
    _coming(document)
    _heading(document, "Basis and limits")
    _each(document, "line", "sign_offs", "{{ line }}", "Rests")
    _if(document, "not sign_offs", "Nobody has signed off this report yet.", "Rests")
    _each(document, "caveat", "caveats", "{{ caveat }}", "Rests")
    _text(document, "{{ limits }} {{ source }}", "Rests")
    _if(document, "abbreviations", "{{ abbreviations }}", "Rests")
    return _saved(document)


def statement() -> bytes:
    """The template of the assurance statement."""
    document = _document()
    _head(document, "For {{ year }}. ")
    how = "the facts come from the spreadsheets. What is marked in yellow is for a person to judge "
    _text(
        document,
        f"{how}and to complete. Delete this paragraph when you have finished.",
        "Blank",
        bold="How to complete this statement: ",
    )
    _heading(document, "Summary")
    _text(document, "{{ scope }}")
    _text(document, "{{ headline }}", "Strong")
    with _block(document, "if overdue"):
        _text(document, ":", bold="Overdue", keep=True)
        _each(document, "duty", "overdue", "{{ duty }}", "List Bullet")
    with _block(document, "if breaches"):
        _text(document, ":", bold="Not kept in time", keep=True)
        _each(document, "breach", "breaches", "{{ breach }}", "List Bullet")
    with _block(document, "for part in parts"):
        _heading(document, "{{ part.number }}. {{ part.heading }}", "{{ part.counted }}")
        with _block(document, "if part.not_assessed"):
            _text(document, "{{ part.not_assessed }}", "Strong", keep=True)
        with _block(document, "if part.facts"):
            _facts(document)
        with _block(document, "if part.judgement"):
            _blanks(document)
    with _block(document, "if others"):
        _heading(document, "Duties that this statement does not cover", "{{ others }}")
        _each(document, "duty", "others_overdue", "{{ duty }}", "List Bullet")
    _heading(document, "Basis and limits")
    _each(document, "caveat", "caveats", "{{ caveat }}", "Rests")
    _text(document, "{{ limits }} {{ source }}", "Rests")
    _if(document, "abbreviations", "{{ abbreviations }}", "Rests")
    _heading(document, "Sign-off of the report")
    _each(document, "line", "sign_offs", "{{ line }}", "List Bullet")
    _if(document, "not sign_offs", "Nobody has signed off this report yet.")
    _heading(document, "Declaration")
    _table(document, {"Signed": ("", "", ""), "Post": ("",), "Date": ("",)}, (76, 56, 42))
    with _block(document, "if annex"):
        _heading(document, "Annex: evidence")
        row = "{{ row.number }}. {{ row.words }}{% for link in row.links %} {{r link }}{% endfor %}"
        _each(document, "row", "annex", row, "Rests")
    with _block(document, "if readings"):
        _heading(document, "Annex: how the SOP was interpreted")
        _each(document, "reading", "readings", "{{ reading }}", "Rests bullet")
    return _saved(document)


# Parts ------------------------------------------------------------------------------------------


def _head(document: Document, more: str = "") -> None:
    _text(document, "{{ title }}", "Title")
    audience = "{% if audience %}For the {{ audience }}. {% endif %}"
    office = "{% if office %}{{ office }}. {% endif %}"
    _text(document, f"{audience}{office}{more}Position at {{{{ as_of }}}}.", "Quiet")
    _each(document, "notice", "notices", "{{ notice }}", "Notice")


def _changes(document: Document) -> None:
    with _block(document, "if since"):
        _heading(document, "What changed since {{ since }}")
        _if(document, "changed", "{{ changed }}")
        _if(document, "gone", "{{ gone }}")
        with _block(document, "if changes"):
            columns = {
                "Duty": ("{{ line.title }}",),
                "Was": ("{{ line.was }}",),
                "Now": ("{{ line.now }}",),
                "Why": ("{{ line.why }}",),
            }
            _table(document, columns, (52, 25, 26, 71), "line in changes", whole=True)
        _if(document, "not changes and not more_changes", "No duty has another status.")
        _if(document, "more_changes", "{{ more_changes }}", "Rests")


def _overdue(document: Document) -> None:
    _heading(document, "Overdue duties, the longest overdue first")
    _if(document, "kinds", "{{ kinds }}", "Rests")
    with _block(document, "if overdue"):
        columns = {
            "Duty and owner": ("{{ line.title }}", "{{ line.owner }}"),
            "Overdue": ("{{ line.status }}", "{{ line.deadline }}"),
            "Record": ("{{ line.kind }}",),
            "Why": ("{{ line.why }}",),
            "Agreed date": ("",),
        }
        _table(document, columns, (45, 27, 21, 63, 18), "line in overdue")
    _if(document, "not overdue", "No duty that was assessed is overdue.")
    _if(document, "more_overdue", "{{ more_overdue }}", "Rests")
    with _block(document, "if partners"):
        _text(document, ":", bold="Overdue duties of partners", keep=True)
        _each(document, "duty", "partners", "{{ duty }}", "List Bullet")
        _if(document, "more_partners", "{{ more_partners }}", "Quiet")
    with _block(document, "if missed"):
        each = (
            "{% for period in missed %}{{ period }}{% if not loop.last %}; {% endif %}{% endfor %}"
        )
        rest = "{% if more_missed %}; {{ more_missed }}{% endif %}."
        _text(document, f": {each}{rest}", bold="Missed in the last 12 months")
    with _block(document, "if met_late"):
        _text(document, ": {{ met_late }}", bold="Done late")


def _unknown(document: Document) -> None:
    with _block(document, "if unknown"):
        _heading(document, "What is not known")
        columns = {
            "What": ("{{ line.why }}",),
            "Duties": ("{{ line.duties }}",),
            "What to do": ("{{ line.step }}",),
            "By whom": ("{{ line.owner }}",),
        }
        _table(document, columns, (56, 58, 36, 24), "line in unknown", whole=True)
        _if(document, "more_unknown", "{{ more_unknown }}")


def _coming(document: Document) -> None:
    _heading(document, "Coming up, to {{ coming_until }}")
    with _block(document, "if coming"):
        columns = {
            "Last day": ("{{ line.day }}",),
            "Who, and what": ("{{ line.duties }}",),
        }
        _table(document, columns, (29, 145), "line in coming")
    _if(document, "not coming", "No last day is in this time.")
    _if(document, "more_coming", "{{ more_coming }}")
    with _block(document, "if new_rules"):
        rules = "Changes of the rules"
        _text(document, " that begin within a year:", bold=rules, keep=True)
        _each(document, "rule", "new_rules", "{{ rule }}", "List Bullet")
        _if(document, "more_new_rules", "{{ more_new_rules }}", "Quiet")


def _facts(document: Document) -> None:
    columns = {
        "Duty": ("*{{ fact.title }}", "{{ fact.requires }}"),
        "Facts": (
            "*{{ fact.status }}",
            *("{%p for reason in fact.reasons %}", "{{ reason }}", "{%p endfor %}"),
            *("{%p for point in fact.points %}", "{{ point }}", "{%p endfor %}"),
            *("{%p if fact.evidence %}", "~{{ fact.evidence }}", "{%p endif %}"),
        ),
    }
    _table(document, columns, (66, 108), "fact in part.facts")


def _blanks(document: Document) -> None:
    """A yellow box for each question that a person has to answer."""
    table = _grid(document, (_WIDTH,))
    for mark in ("{%tr for question in part.judgement %}", "", "{%tr endfor %}"):
        row = _add_row(table)
        cell = row.cells[0]
        _fill(cell, (mark,) if mark else ("*To be completed: {{ question }}",))
        if not mark:
            row.height = Mm(_ANSWER)
            _property(row._tr.get_or_add_trPr(), "w:cantSplit")
            _shade(cell, _BLANK)
    table._tbl.remove(table.rows[0]._tr)
    _text(document, "", "Small gap")


@contextmanager
def _block(document: Document, begin: str) -> Iterator[None]:
    """A block of the template language around what is added meanwhile."""
    _text(document, f"{{%p {begin} %}}", "Quiet")
    yield
    _text(document, f"{{%p end{begin.split(maxsplit=1)[0]} %}}", "Quiet")


def _if(document: Document, field: str, text: str, style: str = "Normal") -> None:
    with _block(document, f"if {field}"):
        _text(document, text, style)


def _each(document: Document, line: str, listed: str, text: str, style: str) -> None:
    with _block(document, f"for {line} in {listed}"):
        _text(document, text, style)


def _heading(document: Document, text: str, below: str = "") -> None:
    """Adds a heading, and in the same paragraph a line below it that stays on its page."""
    paragraph = document.add_paragraph(style="Heading 1")
    paragraph.add_run(text)
    if below:
        paragraph.add_run().add_break()
        run = paragraph.add_run(below)
        run.bold, run.font.size = False, Pt(9.5)


def _text(
    document: Document, text: str, style: str = "Normal", *, bold: str = "", keep: bool = False
) -> Paragraph:
    """Adds a paragraph, with ``bold`` words before its text; ``keep``: on the page of the next."""
    paragraph = document.add_paragraph(style=style)
    if bold:
        paragraph.add_run(bold).bold = True
    paragraph.add_run(text)
    paragraph.paragraph_format.keep_with_next = keep or None
    return paragraph


# Tables -----------------------------------------------------------------------------------------


def _table(
    document: Document,
    columns: Mapping[str, Sequence[str]],
    widths: Sequence[int],
    lines: str = "",
    *,
    whole: bool = False,
) -> None:
    """A table with a row for each line, such as ``line in overdue``, or one row to be completed. A
    text that begins with * is bold, and one with ~ is small. ``whole``: all on one page, if it is
    not longer."""
    table = _grid(document, widths)
    head = table.rows[0]
    for cell, title in zip(head.cells, columns, strict=True):
        _fill(cell, (f"*{title}",))
        _shade(cell, _SHADE)
    _property(head._tr.get_or_add_trPr(), "w:tblHeader")
    if lines:
        _fill(_add_row(table).cells[0], (f"{{%tr for {lines} %}}",))
    row = _add_row(table)
    _property(row._tr.get_or_add_trPr(), "w:cantSplit")
    for cell, texts in zip(row.cells, columns.values(), strict=True):
        _fill(cell, texts)
        if not lines:
            _shade(cell, _BLANK)
    if lines:
        _fill(_add_row(table).cells[0], ("{%tr endfor %}",))
    for each in table.rows:
        for cell, width in zip(each.cells, widths, strict=True):
            cell.width = Mm(width)
            for paragraph in cell.paragraphs if whole else ():
                paragraph.paragraph_format.keep_with_next = True
    _text(document, "", "Small gap")


def _add_row(table: Table) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    return row


def _grid(document: Document, widths: Sequence[int]) -> Table:
    """A table with one row and lines between its rows."""
    table: Table = document.add_table(rows=1, cols=len(widths))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.LEFT, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    indent = OxmlElement("w:tblInd")
    indent.set(qn("w:w"), "60")
    indent.set(qn("w:type"), "dxa")
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        if side in ("top", "bottom", "insideH"):
            _property(borders, f"w:{side}", val="single", sz="4", color=_LINE)
        else:
            _property(borders, f"w:{side}", val="nil")
    margins = OxmlElement("w:tblCellMar")
    for side, size in (("top", "25"), ("left", "60"), ("bottom", "25"), ("right", "60")):
        _property(margins, f"w:{side}", w=size, type="dxa")
    properties = table._tbl.tblPr
    properties.insert_element_before(indent, "w:tblLayout", "w:tblLook")
    properties.insert_element_before(borders, "w:tblLayout", "w:tblLook")
    properties.insert_element_before(margins, "w:tblLook")
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
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(15), Mm(14)
    section.header_distance = section.footer_distance = Mm(8)
    _style(document, "Normal", 9.5, after=3)
    _style(document, "Title", 17, bold=True, after=2)
    _style(document, "Heading 1", 11.5, bold=True, before=7, after=2)
    _style(document, "List Bullet", 9.5, after=1)
    _style(document, "Strong", 10, bold=True, after=3, base="Normal")
    _style(document, "Quiet", 8, after=3, colour=_QUIET, base="Normal")
    _style(document, "Rests", 8.5, after=2, base="Normal")
    _style(document, "Rests bullet", 8.5, after=1, base="List Bullet")
    _style(document, "Notice", 9, after=3, base="Normal", line=_QUIET)
    _style(document, "Blank", 9, after=3, base="Normal", shade=_BLANK)
    _style(document, "Cell", 8, after=0, base="Normal")
    _style(document, "Cell small", 7.5, after=1, colour=_QUIET, base="Normal")
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
