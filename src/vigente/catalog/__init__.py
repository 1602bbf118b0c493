"""What is sold and how it is billed: products, billing types, sale plans."""
