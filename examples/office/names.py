"""Names that nobody has, and the posts of the office."""

from __future__ import annotations

FIRST = (
    "Alder", "Ash", "Aspen", "Beech", "Birch", "Bracken", "Bramble", "Cedar", "Clover", "Cypress",
    "Elder", "Fern", "Gorse", "Hawthorn", "Juniper", "Larch", "Linden", "Maple", "Oak", "Pine",
    "Poplar", "Privet", "Rush", "Sedge", "Sorrel", "Spruce", "Teasel", "Thistle", "Willow", "Yew",
)  # fmt: skip
LAST = (
    "Example", "Sample", "Specimen", "Placeholder", "Madeup", "Invented", "Pretend", "Fictitious",
    "Imaginary", "Notional", "Dummy", "Nobody", "Makebelieve",
)  # fmt: skip

#: The posts that one person holds, the holder of the first being the second person of the sheet.
SINGLE_POSTS = (
    "Deputy PCC", "Chief Executive", "Chief Finance Officer", "Head of Policy and Partnerships",
    "Data Protection Officer", "Communications Officer", "Business Manager", "HR Officer",
    "IT Manager", "Commissioning Officer", "Grants Officer", "Partnerships Officer",
)  # fmt: skip
SHARED_POSTS = (
    "Policy Officer", "Caseworker", "Partnerships Officer", "Commissioning Officer",
    "Administrator", "Finance Assistant", "Engagement Officer", "Victims Services Officer",
)  # fmt: skip
#: The posts from which a referral is likely to come.
REFERRING_POSTS = (
    "Head of Policy and Partnerships", "Caseworker", "Engagement Officer", "Partnerships Officer",
)  # fmt: skip


def name_of(number: int) -> str:
    """The name of the person of that number, from 0; a figure follows once all have been used."""
    pairs = len(FIRST) * len(LAST)
    turn, rest = divmod(number, pairs)
    name = f"{FIRST[rest % len(FIRST)]} {LAST[(rest // len(FIRST) + rest) % len(LAST)]}"
    return f"{name} {turn + 1}" if turn else name


def post_of(number: int) -> str:
    """The post of the person of that number, from 0, where the first is the PCC."""
    if number == 0:
        return "PCC"
    if number <= len(SINGLE_POSTS):
        return SINGLE_POSTS[number - 1]
    return SHARED_POSTS[number % len(SHARED_POSTS)]
