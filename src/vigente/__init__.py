"""Vigente: contracts and recurring billing for internet providers."""
