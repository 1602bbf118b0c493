"""Invoices: the list, the page, their cancellation and the customer's copy."""
