"""Repeatable figures: each module is run with `python -m benchmarks.…` and prints them."""
