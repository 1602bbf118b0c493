"""Contracts: the list and the page."""
