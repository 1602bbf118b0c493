"""Parameters on the screen: each with its value, where that comes from, and who set it."""
