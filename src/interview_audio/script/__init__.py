"""The cast applied to a transcript: which voice says which text, the pause after it, where chapters begin."""
