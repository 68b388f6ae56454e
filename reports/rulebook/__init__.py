"""The rulebook for people: as a page, its history, and its empty workbook."""
