"""E-mail addresses in cells."""

from __future__ import annotations

from typing import NamedTuple

_NOT_IN_ADDRESS = frozenset(' @,;:<>"()[]\\')


class MailAddress(NamedTuple):
    """An address by the parts before and after its @."""

    user: str
    domain: str


def mail_address(text: str) -> MailAddress | None:
    """The address that a text is; None if it is none that a mail can be sent to as it is."""
    user, _, domain = text.strip().rpartition("@")
    letters = f"{user}{domain}"
    plain = letters.isascii() and letters.isprintable() and _NOT_IN_ADDRESS.isdisjoint(letters)
    return MailAddress(user, domain) if user and domain and plain else None
