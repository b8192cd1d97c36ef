"""Who said what in a source text, in which language, from which characters; nothing lost, nobody invented."""
