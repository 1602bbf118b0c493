"""What all tests share."""

from hypothesis import settings

settings.register_profile("vigente", deadline=None, max_examples=100, derandomize=True)
settings.load_profile("vigente")
