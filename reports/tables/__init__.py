"""Assessments as flat tables: a small star schema for pandas, DuckDB and spreadsheets."""
