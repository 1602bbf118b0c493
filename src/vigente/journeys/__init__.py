"""The life of a contract: each journey is one transaction across apps."""
