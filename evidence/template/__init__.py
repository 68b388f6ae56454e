"""The blank workbook: a sheet for each register, ready to be filled in."""
