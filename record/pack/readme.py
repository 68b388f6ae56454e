"""README.txt of a pack: what is in it, and how to use it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.assessment import Assessment

_TEXT = """\
A pack of Due Regard
====================

What it is
  An assessment of {title} (version {version}), as of {as_of}{known}{begin}, with all
  that it was made from. Anybody can work out every status in it anew, without the program that
  made it.
  Marking: {marking}

How to recheck it
  1. Python 3.11 or later is needed, and nothing else.
  2. In the folder that holds the pack:       python recheck.py PACK.zip
     or, where no other pack lies beside it:  python recheck.py
     (recheck.py is in the pack; take it out of it first. On Windows the command may be 'py'.)
  3. It says first what it does not check. Then it works out every obligation of every duty from
     the raw text of the cells and the rules, and compares. It ends with

       0  everything is confirmed
       1  a difference: it names the duty, the subject and the cells
       2  it could not be checked: it says why

  It is one file. Read it before you run it: its sections follow the definitions of met, due and
  overdue. It writes nothing and opens no connection.

Before you trust it
  A pack that was altered as a whole, with its own recheck.py, can say anything. Compare the SHA-256
  of the archive with the one that was noted when it was made, or take recheck.py from the program.
  Packs are made without a date and without compression: made again from the same files, the pack
  is the same to the last byte.

What is in it
  assessment.json        the assessment: what is claimed
  rulebook/              the rules, as they are written
  rulebook.json          the same rules in one plain file, which recheck.py reads
  evidence/files/        the files of evidence, unchanged
  evidence/sheets.csv    their sheets, and the register that each holds
  evidence/cells.csv     every cell in which anything stands
  sop/                   the document that the rules encode, where it was given
  ledger.txt             the chain of the ledger of checks, where it was given
  manifest.json          the SHA-256 of each file
  recheck.py             the verifier

cells.csv, a line for each cell
  file, sheet, row, letters   where it stands
  register, column            what it was read as ('' for a column that no register has)
  text                        its raw text. An apostrophe was put before a text that begins with
                              = + - @ ' a tab or a return, so that nothing runs as a formula
  kind                        how it stands in the file: text, number, day, day and time, time,
                              yes/no, error (it shows one), formula (its result is not stored)
  merged with                 the cell that a merge fills it from
  hidden                      yes, where its row or column is hidden (it is read all the same)
  line                        what its line is: row (of the register), headings, above (the
                              headings), total, headings again, beside (the register), not read
  A cell without a line is blank.

Files
{files}
"""


def readme(assessment: Assessment, files: Sequence[str]) -> str:
    """The page for an assessment in a pack of these files."""
    stamp, known = assessment.rulebook, assessment.known_by
    begin = assessment.records_begin
    return _TEXT.format(
        title=stamp.title,
        version=stamp.version,
        marking=stamp.marking,
        as_of=assessment.as_of.isoformat(),
        known=f", counting only what was recorded by {known.isoformat()}" if known else "",
        begin=f", with records that begin on {begin.isoformat()}" if begin else "",
        files="\n".join(f"  {name}" for name in files),
    )
