"""Servers on this machine alone, for clients that are tested unmodified."""
