"""People and companies that the provider serves."""
