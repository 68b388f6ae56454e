"""How like an office's own words are to the accepted spellings of a register.

Words of offices that mean the same, and abbreviations, count as alike here. That is a reason to
propose something, and to be certain of it only where each word is whole or shortened past
mistaking.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from evidence.cells.day_words import MONTHS
from evidence.cells.text import normal_heading, spaced_once
from evidence.mapping.layout import HEADING_SEPARATOR

_LETTERS = re.compile(r"[A-Za-z]+")

#: What offices write, and the words that registers use for it. The longest phrase is replaced
#: first. Several words with a stroke are alternatives: the heading may mean any of them.
_PHRASES = {
    "1st day": "starts", "abandoned": "cancelled", "about": "about/covers/subject",
    "accountable": "owner", "achieved": "completed", "actioned": "completed", "activity": "kind",
    "actual": "", "actually": "", "addressee": "to", "adopted": "agreed", "agency": "organisation",
    "applies from": "in force from", "appointed": "starts", "archived": "ended",
    "arrived": "starts", "authorised": "approved", "began": "starts/from", "begins": "starts/from",
    "bookable": "for hire", "called off": "cancelled", "came in": "received/opened",
    "came to light": "identified", "category": "kind", "ceased": "ends", "cex": "chief executive",
    "checked": "checked/reviewed", "circulation": "audience", "class": "kind",
    "closed": "completed", "code": "ref", "commenced": "starts/from",
    "commencement": "starts/in force from", "commissioner": "pcc", "complete": "completed",
    "complete by": "due", "completed": "completed/passed", "concerning": "subject/covers",
    "conclusion": "outcome", "contacted": "contacted/told", "content": "content",
    "contract": "kind", "cost": "amount", "dated": "date", "dd": "due diligence", "deadline": "due",
    "delegate": "staff", "delivered": "completed", "departed": "ends", "departure": "ends",
    "discharged": "completed", "distribution": "audience", "doable": "achievable",
    "done": "completed", "dt": "date", "e learning": "training", "effective": "in force from",
    "emp": "staff", "employee": "staff", "end": "ends/to", "end date": "ends/to",
    "ended": "ends/to", "examined": "reviewed/checked", "exit": "ends", "expires": "ends",
    "expiry": "ends", "extended to": "new due", "feasible": "achievable", "finalised": "completed",
    "finding": "outcome", "findings": "outcome", "finish": "ends/completed", "finish by": "due",
    "finished": "completed/ends", "first day": "starts", "first seen": "identified",
    "fix by": "due", "for whom": "audience", "found": "identified", "from whom": "from",
    "funding": "amount", "fy": "year", "gateway": "lawful basis", "goes live": "in force from",
    "ground": "basis", "hall": "venue", "handed over": "given", "help": "", "hire dt": "starts",
    "hired": "starts", "ho": "home office", "holder": "held by", "id": "ref",
    "in post from": "starts", "in use from": "in force from", "indicator": "measure success",
    "informed": "told", "inspected": "reviewed/checked", "into force": "in force from",
    "isa": "agreement", "issued": "issued/sent/given", "job": "job title", "joined": "starts",
    "kit": "toolkit", "know when": "measure success", "kpi": "measure success", "lapsed": "ended",
    "lapses": "ends", "last": "", "last day": "ends", "latest": "", "lead": "owner",
    "learner": "staff", "learning": "training", "leave date": "ends", "leaver": "ends",
    "led by": "owner", "left": "ends", "legal power": "lawful basis", "lettable": "for hire",
    "live from": "in force from", "location": "venue", "logged": "identified/opened/received",
    "look again": "review due", "looked at": "reviewed/checked", "maker": "",
    "mentioned": "message", "met on": "held", "method": "kind",
    "minutes approved": "minutes circulated", "minutes issued": "minutes circulated",
    "minutes out": "minutes circulated", "minutes sent": "minutes circulated",
    "moved to": "new due", "msg": "message", "mtg": "meeting", "nature": "kind", "needed by": "due",
    "next check": "review due", "next look": "review due", "no": "ref", "noted": "identified",
    "notes circulated": "minutes circulated", "notes issued": "minutes circulated",
    "notes out": "minutes circulated", "notes sent": "minutes circulated", "noticed": "identified",
    "notified": "told", "num": "ref", "number": "ref", "objective": "priority",
    "online": "published", "open to": "public hire", "operative": "in force from",
    "org": "organisation", "outside groups": "public hire", "outsiders": "public hire",
    "p no": "staff ref", "panel": "board", "partner": "organisation", "pay": "staff",
    "pay no": "staff ref", "pay ref": "staff ref", "payroll": "staff ref", "position": "job title",
    "post": "job title", "posted": "sent", "postholder": "held by", "premises": "venue",
    "price": "amount", "programme": "course", "property": "venue", "provided": "given/sent",
    "publication": "published", "published": "published/issued", "put back to": "new due",
    "ra": "risk assessed", "raised": "identified/agreed/opened", "rcvd": "received",
    "re": "subject/covers", "re-look": "review due", "readers": "audience",
    "readership": "audience", "recd": "received", "recipient": "to", "recipients": "audience",
    "reference": "ref", "regarding": "subject/covers", "released": "issued/sent/published",
    "rep": "attendance", "replaced by": "superseded", "replied": "answered", "reply": "answered",
    "reported": "identified/reported", "requested": "asked", "resolution": "outcome",
    "responded": "answered", "response": "answered", "responsible": "owner", "result": "outcome",
    "retired": "ended", "revised": "new due", "role": "job title", "room": "venue", "route": "kind",
    "rules": "policy", "run by": "delivered by", "run to": "ends", "runs out": "ends",
    "runs to": "ends", "scored": "assessed", "scrapped": "cancelled", "screened": "checked",
    "search": "check", "seat": "attendance", "sender": "from", "sent": "sent/given",
    "session": "course/training", "show": "outcome", "shows": "outcome", "sign off": "approved",
    "signatories": "signed", "signatory": "signed", "signed off": "approved",
    "signed off by": "approved by", "since": "from", "site": "venue", "slipped to": "new due",
    "space": "venue", "spotted": "identified", "start": "starts/from/in force/agreed",
    "start date": "starts/from/in force", "started": "starts/from", "starting": "starts/from",
    "stood down": "cancelled", "stopped": "cancelled", "strand": "priority/topic",
    "submitted": "given/sent", "success looks like": "measure success", "sum": "amount",
    "supplier": "provider", "surname": "name", "tabled": "on agenda",
    "takes effect": "in force from", "target": "due", "term dt": "leaving date",
    "terminated": "leaving", "theme": "topic", "themes": "topic", "there": "present",
    "tier": "level", "till": "to/ends", "timescale": "due", "to be done by": "due",
    "to whom": "to/audience", "took place": "held", "topic": "topic/item/subject",
    "trainee": "staff", "type": "kind", "until": "to/ends", "valid to": "ends",
    "verdict": "outcome", "vetted": "checked", "via": "kind/source", "wanted": "hire/event",
    "we know when": "measure success", "we will know": "measure success", "web": "published",
    "website": "published", "went live": "sent/in force", "went out": "sent",
    "what happened": "outcome", "what was done": "outcome", "what we said": "answer",
    "who attended": "attended", "who by": "done by", "who did it": "done by", "who for": "audience",
    "who from": "from", "who to": "to/audience", "who went": "attended",
    "will know": "measure success", "worker": "staff", "yr": "year", "£": "amount",
}  # fmt: skip
#: The same for a heading that has no other word.
_WHOLE = {
    "act": "action", "by": "due", "day": "date", "dec": "decision", "decided": "decision",
    "did": "given", "in": "starts/received", "live": "in force", "out": "ends/sent",
    "re": "covers/subject", "review": "review due", "sent": "given", "sort": "kind",
    "what": "kind/item/subject", "when": "date", "who": "owner", "whose": "owner", "why": "reason",
}  # fmt: skip
#: Abbreviations that mean nothing else in an office. A heading or a word with one of them is the
#: same as with the whole word, so that it can be certain.
_SHORT = {
    "agmt": "agreement", "assmt": "assessment", "asst": "assistant", "bkg": "booking",
    "chg": "change", "comms": "communications", "cttee": "committee", "cty": "county",
    "dd": "due diligence", "doc": "document", "docs": "document", "dt": "date",
    "env": "environment", "exec": "executive", "gp": "group", "ho": "home office",
    "info": "information", "mgr": "manager", "msg": "message", "mtg": "meeting",
    "oblig": "obligation", "off": "officer", "org": "organisation", "prop": "proportion",
    "qtr": "quarter", "rel": "release", "sig": "significant", "trg": "training",
    "yr": "year",
}  # fmt: skip
#: Words that turn what a heading means, or say that a day is another one: 'Not on agenda', 'Planned
#: completion date'.
_TURNING = frozenset({
    "not", "never", "non", "without", "un", "planned", "plan", "proposed", "expected", "target",
    "forecast", "provisional", "draft", "drafted", "estimated", "projected", "intended",
    "scheduled", "anticipated", "next", "previous", "old", "former", "due", "booked", "requested",
    "invited", "enrolled", "be", "will", "if", "why", "reason", "until", "before", "tbc", "by",
    "expiry", "expires", "renew", "renewal", "valid", "awaiting", "pending", "rep", "pre", "need",
    "needs", "needed", "assigned", "author", "requester",
})  # fmt: skip
#: Words for the day that took the place of another one, or whose place another took.
_CHANGED = frozenset({
    "actual", "actually", "rearranged", "rescheduled", "postponed", "moved", "changed", "revised",
    "new", "corrected", "original", "originally", "continuous",
})  # fmt: skip
#: Words that add nothing to a heading: 'Actual completion date', 'Cancelled Y/N'.
_EMPTY = frozenset({"actual", "y", "n"})
#: Words that ask for what the others name: 'Which meeting', 'Passed Y/N'. Without them a heading is
#: nearly the same.
_ASKING = frozenset({
    "which", "what", "who", "whom", "name", "relevant", "actual", "actually", "us", "our", "y", "n",
    "p", "f", "off", "did",
    "when", "made",
})  # fmt: skip
#: Words that may be in the heading of any column.
_VAGUE = frozenset({
    "date", "dates", "day", "when", "time", "on", "of", "by", "in", "at", "the", "a", "name",
    "start", "end", "from", "to", "status", "year", "details", "done",
})  # fmt: skip
_FILLING = frozenset({
    "a", "an", "the", "of", "is", "are", "was", "be", "been", "it", "its", "and", "or", "to", "we",
    "our", "ll", "will", "on", "at", "in", "please", "with", "this", "that", "for", "s",
})  # fmt: skip
#: Words that say that a heading names a day, and not which.
_OF_DAY = frozenset({"date", "on"})
_ARTICLES = frozenset({"a", "an", "the", "of", "and"})
_LIGHT = {"date": 0.4, "ref": 0.6, "on": 0.2, "from": 0.6, "kind": 0.7, "new": 0.6, "due": 0.8}
_TOKEN = re.compile(r"[a-z0-9£]+|[✓✗]")
_STEMS = (("ies", "y"), ("ses", "s"), ("s", ""))
_PIECE = re.compile(r"[A-Z][a-z]*")
_MONTHS = frozenset(MONTHS)
_LONGEST_PHRASE = 5
_MOST_EXPANSIONS = 9


@functools.lru_cache(maxsize=131072)
def headings_alike(heading: str, spellings: tuple[str, ...]) -> float:
    """Returns how like a heading is to the nearest of the accepted spellings, from 0 to 1. Of a
    heading from two rows, one row may be enough, more often the lower."""
    upper, _, last = heading.rpartition(HEADING_SEPARATOR)
    best = _nearest(last, spellings)
    if not upper:
        return best
    return max(0.97 * best, 0.9 * _nearest(upper, spellings), _nearest(heading, spellings))


def _nearest(heading: str, spellings: tuple[str, ...]) -> float:
    """How like a heading is to the nearest of the spellings, from 0 to 1. It counts a little less
    where the heading asks ('When was it held?'), or where only its initials are a spelling
    ('Disclosure and Barring Service' for 'DBS')."""
    letters = _first_letters(heading)
    best = max(
        (
            _alike(heading, spelling)
            for spelling in spellings
            if not letters.isdisjoint(_first_letters(spelling))
        ),
        default=0.0,
    )
    tokens = _TOKEN.findall(normal_heading(heading))
    plain = [token for token in tokens if token not in _ASKING]
    if len(plain) < len(tokens) and not _VAGUE.issuperset(plain):
        best = max(best, 0.95 * _nearest(" ".join(plain), spellings))
    words = [word for word in _LETTERS.findall(heading) if word.casefold() not in _FILLING]
    initials = "".join(word[0] for word in words).casefold()
    if len(initials) > 2 and any(initials in _TOKEN.findall(s.casefold()) for s in spellings):
        best = max(best, 0.95 * _nearest(initials, spellings))
    return best


@functools.lru_cache(maxsize=16384)
def _first_letters(text: str) -> frozenset[str]:
    """The letters with which the words of a text, and what they mean, begin. Texts without a
    letter in common are not alike."""
    normal = normal_heading(text)
    expansions = itertools.chain.from_iterable(_expansions(normal))
    words = (normal, *_whole_words(normal), *_plain_tokens(normal), *expansions)
    return frozenset(word[0] for word in words if word)


@functools.lru_cache(maxsize=65536)
def same_words(text: str, spelling: str, *, of_day: bool = False) -> bool:
    """Whether two texts have the same words, whatever their order, number and abbreviations.
    ``of_day``: both name a day, so that 'Date completed' is 'completed on'."""
    words, other = (_whole_words(normal_heading(phrase)) for phrase in (text, spelling))
    # 'Completion' may be a planned one, and 'Start date' the start of anything
    if of_day and words & _OF_DAY and not _VAGUE.issuperset(words):
        words, other = words - _OF_DAY, other - _OF_DAY
    return bool(words) and words == other


@functools.lru_cache(maxsize=16384)
def _tokens(text: str) -> Sequence[str]:
    return _TOKEN.findall(normal_heading(text))


@functools.lru_cache(maxsize=65536)
def misspelt(text: str, spelling: str) -> bool:
    """Whether a text is a misspelling: one letter within a long word is too many, too few, wrong or
    in a wrong place. The start and the ending of the word must be right, so that 'reviewer' is not
    taken for 'reviewed'. A text of one word must be longer."""
    tokens, words = _tokens(text), _tokens(spelling)
    if len(tokens) != len(words):
        return False
    unlike = [pair for pair in zip(tokens, words, strict=True) if pair[0] != pair[1]]
    if len(unlike) != 1:
        return False
    ((word, other),) = unlike
    long = min(len(word), len(other)) >= (6 if len(words) > 1 else 9)
    same_ends = word[:2] == other[:2] and word[-2:] == other[-2:]
    return long and same_ends and OSA.distance(word, other, score_cutoff=1) == 1


@functools.lru_cache(maxsize=16384)
def heading_of_row(heading: str, title: str) -> str:
    """A heading without the words of its register's title: 'owner' for 'Action owner' in Actions;
    '' if the words that are left may name any column."""
    rows = {_stem(word) for word in _TOKEN.findall(normal_heading(title))} | _EMPTY
    tokens = _TOKEN.findall(normal_heading(heading))
    left = [token for token in tokens if _stem(token) not in rows]
    return "" if len(left) == len(tokens) or _VAGUE.issuperset(left) else " ".join(left)


@functools.lru_cache(maxsize=65536)
def turned(heading: str, spellings: tuple[str, ...]) -> bool:
    """Whether a heading has a word that changes its meaning, such as 'planned', which no accepted
    spelling has."""
    words, *known = map(_turning_words, (heading, *spellings))
    return not words.issubset(itertools.chain.from_iterable(known))


def _turning_words(text: str) -> frozenset[str]:
    plain = normal_heading(text).replace("due diligence", "dd")
    return _TURNING.intersection(_TOKEN.findall(plain))


def changed(heading: str, spellings: tuple[str, ...]) -> bool:
    """Whether a heading says that its day took the place of another, and no spelling does."""
    words = _CHANGED.intersection(_TOKEN.findall(normal_heading(heading)))
    return bool(words.difference(*(_TOKEN.findall(normal_heading(s)) for s in spellings)))


def turning(text: str) -> bool:
    """Whether a text has a word that changes the meaning of the others, such as 'planned'."""
    return not _TURNING.isdisjoint(_TOKEN.findall(normal_heading(text)))


@functools.lru_cache(maxsize=65536)
def shortened(text: str, spelling: str) -> bool:
    """Whether a text has the words of a spelling, in their order, each whole or an unmistakable
    short form: 'Warks Police', 'Defd to Jan'. If there is only one word, the beginning of it is not
    enough: 'Partners' is not 'partnership'."""
    tokens = _TOKEN.findall(normal_heading(text))
    if turning(text) or tokens[:1] == ["to"]:
        return False
    shorts = [token for token in tokens if not (token.isdigit() or token in _MONTHS | {"to"})]
    words = _TOKEN.findall(normal_heading(spelling))
    if len(shorts) != len(words) or shorts == words:
        return False
    if len(words) == 1 and words[0].startswith(shorts[0]):
        return False
    return all(
        word == other
        or (len(words) > 1 and len(word) > 3 and other.startswith(word))
        or (len(word) > (2 if len(words) > 1 else 3) and shortens(word, other))
        for word, other in zip(shorts, words, strict=True)
    )


@functools.lru_cache(maxsize=16384)
def _whole_words(text: str) -> frozenset[str]:
    tokens = _TOKEN.findall(text.replace("’", "'").replace("'", " "))
    whole = " ".join(_SHORT.get(token, token) for token in tokens).split()
    return frozenset(_stem(word) for word in whole if word not in _ARTICLES)


@functools.lru_cache(maxsize=65536)
def _alike(heading: str, spelling: str) -> float:
    """How like a heading is to one spelling, from 0 to 1: by their letters, their words, or what
    abbreviations in them stand for."""
    own = normal_heading(heading)
    other = normal_heading(spelling)
    if not own or not other:
        return 0.0
    if own == other:
        return 1.0
    if same_words(own, other):
        return 0.99
    best = fuzz.ratio(own, other, score_cutoff=88) / 100
    words = _plain_tokens(other)
    meaning = _expansions(other)[0]
    expansions = _expansions(own)
    plain = _shared(_plain_tokens(own), words)
    meant = max(_shared(expansion, meaning) for expansion in expansions)
    contained = 0.0
    telling = len(words) > 1 or (len(words) == 1 and words[0] not in _LIGHT)
    if telling and set(words) <= set(_plain_tokens(own)):
        contained = 0.68 if len(other) > 3 else 0.0
    return min(max(best, plain, contained, (0.93 if len(expansions) == 1 else 0.88) * meant), 0.98)


@functools.lru_cache(maxsize=16384)
def _plain_tokens(text: str) -> tuple[str, ...]:
    """The words of a text without filling, each in its simplest form."""
    tokens = _TOKEN.findall(text.replace("’", "'").replace("'", " "))
    return tuple(dict.fromkeys(_stem(token) for token in tokens if token not in _FILLING))


@functools.lru_cache(maxsize=16384)
def _expansions(text: str) -> tuple[tuple[str, ...], ...]:
    """What the words of a text may mean, in the registers' own words for those of offices: a few
    expansions, the most usual first. 'Who went' gives 'attended'."""
    words = _TOKEN.findall(text.replace("’", "'").replace("'", " "))
    choices = [_WHOLE[text].split("/")] if text in _WHOLE else []
    index = len(words) if choices else 0
    while index < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - index), 0, -1):
            phrase = " ".join(words[index : index + length])
            if phrase in _PHRASES:
                choices.append(_PHRASES[phrase].split("/"))
                index += length
                break
        else:
            choices.append([words[index]])
            index += 1
    expansions = itertools.islice(itertools.product(*choices), _MOST_EXPANSIONS)
    return tuple(dict.fromkeys(_plain_tokens(" ".join(words)) for words in expansions))


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
    """Returns how like two single words are, from 0 to 1. One may be short for the other."""
    if word == other:
        return 1.0
    if word[:1] != other[:1]:
        return 0.0
    short, long = sorted((word, other), key=len)
    if len(short) >= 3 and long.startswith(short):
        return 0.92
    if shortens(short, long):
        return 0.85
    letters = fuzz.ratio(word, other) / 100
    if letters < 0.84 and _same_root(short, long):
        return 0.85
    return letters if letters >= 0.84 else 0.0


def _shared_start(short: str, long: str) -> int:
    """How many letters two words have in common from the first."""
    alike = (a == b for a, b in zip(short, long, strict=False))
    return sum(itertools.takewhile(bool, alike))


def _same_root(short: str, long: str) -> bool:
    """Whether two words differ only in their endings, such as approval and approved."""
    shared = _shared_start(short, long)
    return shared >= 5 and shared * 5 >= len(long) * 3


_WORDS = frozenset(word for phrase in (*_PHRASES, *_WHOLE) for word in phrase.split())


_VOWELS = frozenset("aeiou")
_LONG_SHORT = 5  # letters


def shortens(short: str, long: str) -> bool:
    """Whether a word is short for another: mtg for meeting, defd for deferred.

    After the first few letters, the short word has no vowels, and its letters are in the long one
    in the same order. It has at least half of the long word's consonants; a very short word must
    have more, so that appt is not taken for apprentice.
    """
    start = _shared_start(short, long)
    rest = short[1:] if start < 3 else short[start:]
    if (
        len(short) < 2
        or short in _WORDS
        or _VOWELS.intersection(rest)
        or len(long) - len(short) < 2
    ):
        return False
    own, other = (sum(letter not in _VOWELS for letter in word) for word in (short, long))
    if own * 2 < other + (len(short) < _LONG_SHORT):
        return False
    letters = iter(long[len(short) - len(rest) :])
    if not all(letter in letters for letter in rest):
        return False
    return short[-1] == long[-1] or len(short) > 2


def codes_alike(word: str, spelling: str) -> float:
    """Returns how like a word of the office is to an accepted word for a code, from 0 to 1."""
    own = normal_heading(word)
    other = normal_heading(spelling)
    if own == other:
        return 1.0
    apart = _first_letters(own).isdisjoint(_first_letters(other))
    if apart and not fuzz.ratio(own, other, score_cutoff=85):
        return 0.0
    if own in _SHORT:  # Comms is Communications, and not like Commissioner
        own = _SHORT[own]
    tokens = _plain_tokens(own)
    others = _plain_tokens(other)
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
    words = [token for token in _TOKEN.findall(other) if token not in _ARTICLES]
    shared *= min(1.0, len(others) / len(words))  # of Head of IT, only Head is left
    return min(max(shared, letters if letters >= 0.85 else 0.0), 0.96)


def _is_initials(word: str, phrase: str) -> bool:
    """Whether a word is the first letters of a phrase, such as BM of Business Manager."""
    parts = _LETTERS.findall(phrase)
    small = {"and", "of", "the", "for"}
    initials = [
        "".join(part[0] for part in parts if part not in left)
        for left in ((), ("and",), small)  # HoPaP, HoPP or HPP
    ]
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
    words: list[str] = []
    initials = "".join(word[0] for word in others)
    for token in tokens:
        start = initials.find(token) if len(token) > 2 else -1
        words.extend((token,) if start < 0 else others[start : start + len(token)])
    return tuple(words)
