"""Agendamentos: what each branch does by itself every day, and what it could not do."""
