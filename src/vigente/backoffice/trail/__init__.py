"""The trail on the screen: who did what, when, and what was there before."""
