"""Microsoft Edge's read-aloud voices by the unmodified ``edge_tts`` client."""
