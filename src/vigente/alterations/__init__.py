"""What changed what a customer agreed to: drafts, plans as confirmed, and how to take them back."""
