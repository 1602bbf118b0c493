"""Who did what, to which object and when; rows are never changed."""
