"""How amounts, days and statuses are printed."""
