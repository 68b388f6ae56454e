"""The check: obligations, their matches and verdicts, and the assessment.

In the docstrings, D is the as-of date: the day for which a check gives the statuses. A reference
such as (semantics.md: Evidence) is to a page in docs/ and a heading on it.
"""
