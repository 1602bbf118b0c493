"""Receipts, what they settle, and customer credit."""
