"""Raw cells to typed values: days, periods, text, codes, and words that say nothing."""
