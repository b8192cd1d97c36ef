"""A loopback stand-in for the Microsoft Edge read-aloud service, for tests with the unmodified ``edge_tts`` client."""
