"""Django settings, addresses and the local PostgreSQL server."""
