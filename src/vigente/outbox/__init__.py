"""What must leave the database, delivered once per key after the commit."""
