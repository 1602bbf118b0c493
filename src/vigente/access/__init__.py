"""The access that each contract should have, as it follows from the contract."""
