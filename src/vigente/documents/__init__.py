"""Templates of contracts and addenda, documents issued from them, and attached files."""
