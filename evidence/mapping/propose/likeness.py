"""How like an office's own words are to the accepted spellings of a register.

Words of offices that mean the same, and abbreviations, count as alike here. That is a reason to
propose something, and never to be certain of it.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from evidence.cells.day_words import MONTHS
from evidence.cells.text import normal_heading, spaced_once
from evidence.mapping.layout import HEADING_SEPARATOR

_LETTERS = re.compile(r"[A-Za-z]+")

#: What offices write, and the words that registers use for it. The longest phrase is replaced
#: first. Several words with a stroke are alternatives: the heading may mean any of them.
_PHRASES = {
    "1st day": "starts", "first day": "starts", "start date": "starts", "started": "starts",
    "start": "starts", "starting": "starts", "commenced": "starts", "joined": "starts",
    "in post from": "starts", "appointed": "starts", "last day": "ends", "leave date": "ends",
    "left": "ends", "leaver": "ends", "finish": "ends", "finished": "ends", "runs to": "ends",
    "run to": "ends", "valid to": "ends", "until": "ends", "expires": "ends", "expiry": "ends",
    "end date": "ends", "end": "ends", "ended": "ends", "since": "from", "live from": "in force",
    "effective": "in force", "in use from": "in force", "signed off by": "approved by",
    "signed off": "approved", "sign off": "approved", "authorised": "approved",
    "dated": "date", "done": "completed", "complete": "completed", "closed": "completed",
    "finalised": "completed", "achieved": "completed", "target": "due", "deadline": "due",
    "timescale": "due", "revised": "new due", "extended to": "new due", "slipped to": "new due",
    "lead": "owner", "led by": "owner", "responsible": "owner", "org": "organisation",
    "agency": "organisation", "partner": "organisation", "who for": "audience",
    "for whom": "audience", "recipients": "audience", "theme": "topic", "themes": "topic",
    "msg": "message", "kit": "toolkit", "ho": "home office", "dd": "due diligence",
    "yr": "year", "fy": "year", "mtg": "meeting", "number": "ref", "no": "ref", "num": "ref",
    "code": "ref", "id": "ref", "reference": "ref", "payroll": "staff ref", "p no": "staff ref",
    "employee": "staff", "surname": "name", "position": "job title", "post": "job title",
    "role": "job title", "contract": "kind", "type": "kind", "category": "kind",
    "spotted": "identified", "found": "identified", "noticed": "identified",
    "raised": "identified", "scored": "assessed", "informed": "told", "notified": "told",
    "requested": "asked", "help": "", "reply": "answered", "replied": "answered",
    "response": "answered", "responded": "answered", "result": "outcome", "finding": "outcome",
    "isa": "agreement", "doable": "achievable", "feasible": "achievable", "room": "venue",
    "space": "venue", "site": "venue", "hall": "venue", "premises": "venue", "rules": "policy",
    "open to": "public hire", "signatories": "signed", "signatory": "signed",
}  # fmt: skip
#: The same for a heading that is this word alone.
_WHOLE = {
    "by": "due", "who": "owner", "whose": "owner", "when": "date", "day": "date",
    "why": "reason", "decided": "decision", "dec": "decision", "act": "action",
    "review": "review due", "sent": "given", "live": "in force", "did": "given",
}  # fmt: skip
#: Abbreviations that mean nothing else in an office. A heading or a word with one of them is the
#: same as with the whole word, so that it can be certain.
_SHORT = {
    "agmt": "agreement", "assmt": "assessment", "asst": "assistant", "bkg": "booking",
    "chg": "change", "cttee": "committee", "comms": "communications", "cty": "county",
    "dd": "due diligence", "doc": "document", "docs": "document", "env": "environment",
    "exec": "executive", "ho": "home office", "info": "information", "mgr": "manager",
    "msg": "message", "mtg": "meeting", "off": "officer", "oblig": "obligation",
    "org": "organisation", "prop": "proportion", "qtr": "quarter",
    "rel": "release", "sig": "significant", "trg": "training", "yr": "year",
}  # fmt: skip
_FILLING = frozenset({
    "a", "an", "the", "of", "is", "are", "was", "be", "been", "it", "its", "and", "or", "to", "we",
    "our", "ll", "will", "on", "at", "in", "please", "with", "this", "that", "for", "s",
})  # fmt: skip
_ARTICLES = frozenset({"a", "an", "the", "of", "and"})
_LIGHT = {"date": 0.4, "ref": 0.6, "on": 0.2, "from": 0.6, "kind": 0.7, "new": 0.6, "due": 0.8}
_TOKEN = re.compile(r"[a-z0-9£]+|[✓✗]")
_STEMS = (("ies", "y"), ("ses", "s"), ("s", ""))
_PIECE = re.compile(r"[A-Z][a-z]*")
_MONTHS = frozenset(MONTHS)
_LONGEST_PHRASE = 5


@functools.lru_cache(maxsize=131072)
def headings_alike(heading: str, spellings: tuple[str, ...]) -> float:
    """How like a heading is to the nearest of the accepted spellings, from 0 to 1. Of two rows of
    headings, the lower one may be like it alone."""
    upper, _, last = heading.rpartition(HEADING_SEPARATOR)
    best = _nearest(last, spellings)
    return max(0.97 * best, _nearest(heading, spellings)) if upper else best


def _nearest(heading: str, spellings: tuple[str, ...]) -> float:
    letters = _first_letters(heading)
    return max(
        (
            _alike(heading, spelling)
            for spelling in spellings
            if not letters.isdisjoint(_first_letters(spelling))
        ),
        default=0.0,
    )


@functools.lru_cache(maxsize=16384)
def _first_letters(text: str) -> frozenset[str]:
    """The letters with which the words of a text, and what they mean, begin. Texts without a
    letter in common are not alike."""
    normal = normal_heading(text)
    words = (normal, *_whole_words(normal), *_plain_tokens(normal), *_tokens(normal))
    return frozenset(word[0] for word in words if word)


@functools.lru_cache(maxsize=65536)
def same_words(text: str, spelling: str) -> bool:
    """Whether two texts have the same words, whatever their order, number and abbreviations."""
    words = _whole_words(normal_heading(text))
    return bool(words) and words == _whole_words(normal_heading(spelling))


@functools.lru_cache(maxsize=16384)
def _whole_words(text: str) -> frozenset[str]:
    tokens = _TOKEN.findall(text.replace("’", "'").replace("'", " "))
    whole = " ".join(_SHORT.get(token, token) for token in tokens).split()
    return frozenset(_stem(word) for word in whole if word not in _ARTICLES)


@functools.lru_cache(maxsize=65536)
def _alike(heading: str, spelling: str) -> float:
    own, other = normal_heading(heading), normal_heading(spelling)
    if not own or not other:
        return 0.0
    if own == other:
        return 1.0
    if same_words(own, other):
        return 0.99
    best = fuzz.ratio(own, other, score_cutoff=88) / 100
    words, meanings = _plain_tokens(other), _tokens(other)
    plain, meant = _shared(_plain_tokens(own), words), _shared(_tokens(own), meanings)
    contained = 0.0
    telling = len(words) > 1 or (len(words) == 1 and words[0] not in _LIGHT)
    if telling and set(words) <= set(_plain_tokens(own)):
        contained = 0.68 if len(other) > 3 else 0.0
    return min(max(best, plain, contained, 0.93 * meant), 0.98)


@functools.lru_cache(maxsize=16384)
def _plain_tokens(text: str) -> tuple[str, ...]:
    """The words of a text without filling, each in its simplest form."""
    tokens = _TOKEN.findall(text.replace("’", "'").replace("'", " "))
    return tuple(dict.fromkeys(_stem(token) for token in tokens if token not in _FILLING))


@functools.lru_cache(maxsize=16384)
def _tokens(text: str) -> tuple[str, ...]:
    """The words of a text, with the registers' own words for those of offices."""
    words = _TOKEN.findall(_WHOLE.get(text, text).replace("’", "'").replace("'", " "))
    found: list[str] = []
    index = 0
    while index < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - index), 0, -1):
            phrase = " ".join(words[index : index + length])
            if phrase in _PHRASES:
                found.extend(_PHRASES[phrase].split())
                index += length
                break
        else:
            found.append(words[index])
            index += 1
    return tuple(dict.fromkeys(_stem(word) for word in found if word not in _FILLING))


def _stem(word: str) -> str:
    if len(word) > 3:
        for ending, instead in _STEMS:
            if word.endswith(ending) and not word.endswith("ss"):
                return word[: len(word) - len(ending)] + instead
    return word


def _shared(own: Sequence[str], other: Sequence[str]) -> float:
    """The share of the words of two texts that are in both, by weight."""
    if {word[0] for word in own}.isdisjoint(word[0] for word in other):
        return 0.0
    weight = {word: _LIGHT.get(word, 1.0) for word in (*own, *other)}
    left, shared = list(other), 0.0
    for word in own:
        best = max(left, key=lambda candidate: word_alike(word, candidate), default=None)
        if best is not None and (alike := word_alike(word, best)) >= 0.75:
            left.remove(best)
            shared += alike * (weight[word] + weight[best])
    total = sum(weight[word] for word in own) + sum(weight[word] for word in other)
    return shared / total if total else 0.0


@functools.lru_cache(maxsize=65536)
def word_alike(word: str, other: str) -> float:
    """How like two single words are: one may be short for the other."""
    if word == other:
        return 1.0
    if word[:1] != other[:1]:
        return 0.0
    short, long = sorted((word, other), key=len)
    if len(short) >= 3 and long.startswith(short):
        return 0.92
    if _shortens(short, long):
        return 0.85
    letters = fuzz.ratio(word, other) / 100
    return letters if letters >= 0.84 else 0.0


_WORDS = frozenset(word for phrase in (*_PHRASES, *_WHOLE) for word in phrase.split())


def _shortens(short: str, long: str) -> bool:
    """Whether a word is short for another: mtg for meeting, defd for deferred. Its letters after
    the first few are in the other, in their order, and are not vowels."""
    alike = (a == b for a, b in zip(short, long, strict=False))
    start = sum(itertools.takewhile(bool, alike))
    rest = short[1:] if start < 3 else short[start:]
    if len(short) < 2 or short in _WORDS or set(rest) & set("aeiou") or len(long) - len(short) < 2:
        return False
    letters = iter(long[len(short) - len(rest) :])
    if not all(letter in letters for letter in rest):
        return False
    return short[-1] == long[-1] or len(short) > 2


def codes_alike(word: str, spelling: str) -> float:
    """How like a word of the office is to an accepted word for a code."""
    own, other = normal_heading(word), normal_heading(spelling)
    if own == other:
        return 1.0
    tokens, others = _plain_tokens(own), _plain_tokens(other)
    if not tokens or not others:
        return 0.0
    if tokens == others or same_words(own, other):
        return 0.97
    if len(tokens) == 1 and len(others) > 1 and _is_initials(spaced_once(word), spelling):
        return 0.85
    if all(word.isdigit() or word in _MONTHS for word in tokens):
        return 0.0
    tokens = tuple(t for t in tokens if not t.isdigit() and t not in _MONTHS)
    if tokens == others:
        return 0.95
    letters = fuzz.ratio(own, other) / 100 if min(len(own), len(other)) > 5 else 0.0
    shared = _shared(_joined_initials(tokens, others), others)
    if set(others) <= set(tokens):  # the office says more
        shared = max(shared, 0.8)
    return min(max(shared, letters if letters >= 0.85 else 0.0), 0.96)


def _is_initials(word: str, phrase: str) -> bool:
    """Whether a word is the first letters of a phrase, such as BM of Business Manager."""
    parts = _LETTERS.findall(phrase)
    small = {"and", "of", "the", "for"}
    initials = ["".join(p[0] for p in parts), "".join(p[0] for p in parts if p not in small)]
    if len(word) > 1 and word.casefold() in (text.casefold() for text in initials):
        return True
    pieces = [piece.casefold() for piece in _PIECE.findall(word)]
    words = [part.casefold() for part in parts if part not in small]
    return (
        len(pieces) > 1
        and len(pieces) == len(words)
        and all(word.startswith(piece) for word, piece in zip(words, pieces, strict=True))
    )


def _joined_initials(tokens: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """The words of a text, with one that is the first letters of a part of another text replaced
    by that part: aas by annual assurance statement."""
    found: list[str] = []
    for token in tokens:
        runs = (others[i : i + len(token)] for i in range(len(others)))
        run = next((r for r in runs if "".join(word[0] for word in r) == token), ())
        found.extend(run if len(token) > 2 and run else (token,))
    return tuple(found)
