"""Pix: charges and recurrences at a payment provider."""
