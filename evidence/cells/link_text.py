r"""Links to documents: an address that begins with https:// or file://, or a whole path.

Nothing else is a link: ``javascript:alert(1)``, ``=HYPERLINK(...)`` and ``plan.docx`` are not
links. No link is ever opened by the program."""

from __future__ import annotations

import re
from urllib.parse import quote

#: The most characters that a link in a workbook can have, with some to spare.
_LONGEST = 2000
_LINK = re.compile(
    r'https://[\w.-]+(?::[0-9]{1,5})?(?:[/?#][^"<>\\]*)?'
    r'|file://[^"<>\\]+'
    r'|(?:[a-z]:[\\/]|\\\\\w|/\w)[^"<>|*?]*',
    re.IGNORECASE,
)
#: The beginning of a link that is already an address, not a path.
_ADDRESS = re.compile("https:|file:", re.IGNORECASE)


def is_link(text: str) -> bool:
    """Whether a text without spaces around it is a link, with no hidden character in it."""
    return len(text) <= _LONGEST and text.isprintable() and bool(_LINK.fullmatch(text))


def address_of(text: str) -> str:
    r"""The address to which a cell's text leads; '' if the text is not a link. ``C:\a b.docx``
    leads to ``file:///C:/a%20b.docx``, and ``\\server\plan.docx`` to ``file://server/plan.docx``.
    """
    text = text.strip()
    if not is_link(text):
        return ""
    if _ADDRESS.match(text):
        return text.replace(" ", "%20")
    path = quote(text.replace("\\", "/"), safe="/:")
    return f"file:{path}" if path.startswith("//") else f"file:///{path.removeprefix('/')}"
