"""Engines: what turns an utterance into speech. They know nothing of scripts, stores or episodes."""
