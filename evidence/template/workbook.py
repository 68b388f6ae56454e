"""The blank workbook: a sheet about it, one for each register and one of options."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from evidence.deterministic import save_workbook_bytes
from evidence.register import Registers
from evidence.sheets.sheet_matching import OPTIONS_SHEET
from evidence.template.about_sheet import write_about
from evidence.template.guide import TemplateGuide
from evidence.template.options_sheet import OptionsSheet
from evidence.template.register_sheet import RegisterSheet

#: The colour of the tabs of the sheets to start with.
_START_TAB = "FF70AD47"


def template_bytes(registers: Registers, guide: TemplateGuide | None = None) -> bytes:
    """The blank workbook's bytes: a sheet about it, one for each register and one of options.
    Equal arguments give equal bytes.

    Read back as evidence, the workbook has every register, with the rows of the guide and no
    others, and no problem but what those rows may contain. Its example rows do not count.
    """
    guide = guide or TemplateGuide()
    book = Workbook()
    book.properties.creator = "Due Regard"
    book.properties.title = guide.title
    about = book.active
    assert isinstance(about, Worksheet)
    write_about(about, registers, guide)
    in_order = guide.in_order(registers)
    sheets = {register.id: book.create_sheet(register.sheets[0]) for register in in_order}
    options = OptionsSheet(book.create_sheet(OPTIONS_SHEET), registers, guide)
    for register in in_order:
        RegisterSheet(sheets[register.id], register, registers, options, guide).write()
    for register_id in guide.first:
        sheets[register_id].sheet_properties.tabColor = _START_TAB
    return save_workbook_bytes(book)
