"""Clips become an episode: levels, pauses, chapters, captions, the sound file and its sidecar files."""
