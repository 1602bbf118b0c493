"""What each customer agreed to on each day."""
