"""The outside world: one folder per kind, each with its port, its fake and its suppliers."""
