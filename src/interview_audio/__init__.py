"""An interview as text becomes a podcast episode: voices, chapters, captions, offline."""

__version__ = "0.1.0"
