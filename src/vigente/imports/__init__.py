"""A provider's spreadsheets, read row by row."""
