"""Clips: one utterance of sound each, found in the clip store or made by an engine on an executor, and checked."""
