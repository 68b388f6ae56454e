"""Words with which a title, a heading or a short text says that something was turned down, came to
nothing or is still to come.

Other words count beside a date in a longer text (evidence.mapping.cell_parts), as the whole text of
a cell that raises doubt (evidence.sheets.doubt), and in headings and titles of sheets that nobody
has mapped yet (evidence.mapping.propose: likeness, titles).
"""

from __future__ import annotations

import re

# Parts of the expressions, all as the beginning of a text but those of _IN_TITLE and _BESIDE.
_TAKEN_BACK = r"revoke|rescind|withdr[ae]w"
_TURNED_DOWN = (
    rf"{_TAKEN_BACK}|refus|reject|declined|denied|deny(?:ing)?\b|turned down"
    r"|not (?:yet )?(?:agreed|approved|accepted|allowed|authori[sz]ed|endorsed|given|granted"
    r"|permitted|signed|supported)\b|no longer"
)
_CALLED_OFF = (
    rf"{_TAKEN_BACK}|cancel|canx?c?\b|abandon|postpone|void(?:ed)?\b|called off|stood down"
    r"|supersede|replaced"
)
_CAME_TO_NOTHING = (
    rf"{_TURNED_DOWN}|{_CALLED_OFF}|defer(?:red|ral|s)?\b|fail(?:ed|ing|ure|s)?\b|absent|dna\b"
    r"|d\.n\.a|did ?n[o']t|didn.t|no[ -]?show|never|abort|missed|deleted|left out"
    r"|not\b(?! (?:applicable|known|needed|required|relevant))"
)
_STILL_TO_COME = (
    r"plan(?:ned|s)\b|await|book(?:ed|ings?)?\b|waiting|pending|outstanding|to be [a-z]"
    r"|to (?:arrange|attend|book|chase|complete|do|follow)\b|next\b|provisional|proposed"
    r"|reserves?\b"
    r"|(?:still|yet|needs?) to\b|(?:re)?schedul(?:ed|ing)\b|upcoming|forthcoming|future\b"
    r"|in progress|incomplete|overdue\b|due$|tb[acd]\b|drafts?\b|invit(?:ed|ations?)\b"
    r"|nominat(?:ed|ions?)\b|un(?:approved|agreed|completed?|confirmed|finished|signed)\b"
)
#: Of a title: what is below it is no record.
_NO_RECORDS = (
    r"ignore|do not\b|don.t\b|templates?\b|examples?\b|test (?:data|rows?)\b|removed\b"
    r"|(?:for|to be) deletion\b|duplicates?\b|errors?$|entered in error|expired|lapsed|apologies"
    r"|d?dim\b|heb\b"  # Welsh: not, without
)
#: Wherever they are in a title.
_IN_TITLE = (
    r"\b(?:booked|cancell?ed|postponed|withdrawn|rejected|declined|outstanding|provisional"
    r"|(?:waiting|reserve) list|not (?:attend(?:ed|ing)|be counted|completed|count(?:ed)?|done|held"
    r"|passed|to be|yet)|did(?: not|n't)|no[ -]shows?|non[ -]attend\w*|to book)\b"
)

_UNDONE = re.compile(_CAME_TO_NOTHING)
#: Of a state: it is still to come, or to be done again.
_NOT_YET = re.compile(
    r"incomplete|book(?:ed)?\b|pending|await|enrol|in progress|retake|re-?sit|wait|draft\b|request"
    r"|propos|planned"
)
#: Of a state, such as that of a meeting: it does not count any longer.
_GONE = re.compile(rf"{_CALLED_OFF}|expired|lapsed|did ?n[o']t (?:take place|happen)")
#: Of a reason.
_NOT_DECIDED = re.compile(
    rf"{_TURNED_DOWN}|request|propos|applied for|asked for|await|pending|draft\b|provisional"
    r"|under (?:consideration|discussion|review)|to be [a-z]"
    r"|(?:cancell?ed|void|superseded|lapsed)\b[^\w]*(?:$|[0-9]|by |on |at |as |from |since )"
)
#: A fail-safe drill and a book-keeping course may have been held.
_TITLE = re.compile(
    rf"(?!(?:fail|book)-)(?:{_CAME_TO_NOTHING}|{_STILL_TO_COME}|{_NO_RECORDS}|not\b)|.*{_IN_TITLE}"
)
#: Wherever they are beside a word that would count.
_BESIDE = re.compile(
    r"(?<![^\W_])(?:no(?!\.? ?[0-9])|not|never|without|none|did ?n[o']t|dna|absent|apologies"
    r"|cancell?ed|canx|postponed|deferred|withdrawn|declined|rejected|fail(?:ed|s)?|abandoned|void"
    r"|superseded|expired|lapsed|draft|booked|planned|provisional|proposed|pending|awaiting|tb[acd]"
    r"|due(?! diligence)|overdue|outstanding|in progress|incomplete|to be|vacant"
    r"|wait(?:ing|list)?|reserve|re-?sit|retake|needed|withdr[ae]w(?:al)?|subject to|nope"
    r"|(?:ca|could|do|does|had|has|have|is|was|were|wo|would)n['\u2019]?t)(?![^\W_])"
    r"|(?<!/)\?|[\u00d7\u2717\u2718\u2612\u274c]"
)


def gone(state: str) -> bool:
    """Whether a state, in small letters, says that something no longer counts."""
    return _GONE.match(state) is not None


def undone_beside(text: str) -> bool:
    """Whether a text, in small letters, has a word that takes back what is beside it."""
    return _BESIDE.search(text) is not None


def undone(text: str) -> bool:
    """Whether a text, in small letters, begins by saying that something did not happen, or no
    longer counts."""
    return _UNDONE.match(text) is not None


def undone_or_not_yet(state: str) -> bool:
    """Whether a state, in small letters, says that something is not done: what it says did not
    happen, is still to come or has to be done again."""
    return undone(state) or _NOT_YET.match(state) is not None


def undone_or_to_come(title: str) -> bool:
    """Whether a title, in small letters, says that what is below it did not happen, or not yet."""
    return _TITLE.match(title.lstrip("-–—*•=>#( ")) is not None


def not_decided(reason: str) -> bool:
    """Whether a reason, in small letters, begins by saying that something was not agreed."""
    return _NOT_DECIDED.match(reason) is not None
