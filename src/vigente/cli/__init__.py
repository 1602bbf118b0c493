"""The `vigente` command."""
