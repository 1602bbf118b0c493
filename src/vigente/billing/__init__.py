"""Invoices, their lines, and the receivables that customers pay."""
