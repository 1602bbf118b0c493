"""Wallets with a bank: the account, remittances, return files and boletos."""
