"""Which row a key names, and the columns that the program fills from the named row."""
