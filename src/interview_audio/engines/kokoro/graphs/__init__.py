"""Rewrites of Kokoro's published graph: the same speech from operators that a processor runs faster."""

VERSION = 1
"""Raised whenever the same weights would give another fast graph."""
