"""The page of a customer: data, contracts, what is owed, history; inactivated and reactivated."""
