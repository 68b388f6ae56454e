"""Pseudonyms of bodies: made with a secret key, and the same in every report with that key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

#: A key shorter than this could be guessed.
LEAST_KEY_BYTES = 32

_LETTERS = 12


class KeyProblem(Exception):
    """A key cannot be used; ``str()`` says why and what to do."""


@dataclass(frozen=True, slots=True, repr=False)
class Pseudonyms:
    """The pseudonyms that a key gives."""

    key: bytes

    def __post_init__(self) -> None:
        """Raises KeyProblem if the key is too short."""
        if len(self.key) < LEAST_KEY_BYTES:
            raise KeyProblem(
                f"has {len(self.key)} bytes, and a key needs at least {LEAST_KEY_BYTES}: give the "
                "file that an earlier report was made with, or a new name to make a new key."
            )

    def of(self, body: str) -> str:
        """``K7QF-2M4X-PA3C``: 60 bits of the HMAC-SHA256 of the name."""
        digest = hmac.new(self.key, body.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        letters = base64.b32encode(digest).decode()[:_LETTERS]
        return "-".join(letters[start : start + 4] for start in range(0, _LETTERS, 4))


def new_key() -> bytes:
    """A new key at random, as the text of a key file."""
    return f"{secrets.token_hex(LEAST_KEY_BYTES)}\n".encode()
