"""The alteration assistant: three steps, and what came of them."""
