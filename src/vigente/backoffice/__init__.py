"""HTML for the provider's staff."""
