"""Registers: each cadastro is one `RegisterPage`; the views and templates are the same for all."""
