"""Boletos: numbers, barcodes, slips, and the files that go to banks and come back."""
