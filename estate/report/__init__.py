"""The report on a run of an estate: a page and a workbook from its tables."""
