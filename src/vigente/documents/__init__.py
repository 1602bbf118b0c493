"""Templates of contracts and addenda."""
