"""Customers' credit: who has some, its movements, and what is given back."""
