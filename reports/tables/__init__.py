"""Assessments as flat tables: a small star schema for pandas, DuckDB and spreadsheets."""

from reports.tables.assessment_frames import check_fingerprint, frames, table_frame

__all__ = ["check_fingerprint", "frames", "table_frame"]
