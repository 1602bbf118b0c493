"""The rules: frozen data in, frozen data out; no Django, no I/O, no clock."""
