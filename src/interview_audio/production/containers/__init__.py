"""The files that players open: sound with tags, chapters and a cover, one module a format."""
