"""Signatures that were asked for: how they stand, and what nobody signed."""
