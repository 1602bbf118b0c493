"""Receipts: their reversal."""
