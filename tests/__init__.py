"""Tests of the installed addon as a whole, on databases of their own (slow)."""
