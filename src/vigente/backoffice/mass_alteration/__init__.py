"""Altering many contracts alike: simulate, carry out, report."""
