"""Importação: a spreadsheet is sent, its columns chosen, checked, and brought in."""
