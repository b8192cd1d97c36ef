"""The sound of an episode: levels, music, mixing, mastering, measuring. Streams; nothing holds an episode in memory."""
