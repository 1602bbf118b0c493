"""The search box: customers, contracts, receivables, invoices and pages, from anywhere."""
