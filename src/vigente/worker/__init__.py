"""Background jobs and the daily schedule."""
