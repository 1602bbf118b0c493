"""The record of the daily schedule: one row for each branch and day."""
