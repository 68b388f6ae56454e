"""The evidence as columns: arrays, days, periods, and what conditions say of each row."""
