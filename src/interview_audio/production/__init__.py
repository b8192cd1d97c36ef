"""Clips become an episode: levels, pauses, chapters, captions, the MP3 and its companions."""
