"""The detalhamento financeiro of a customer and of a contract."""
