"""Real transcripts, which are kept outside the repository: how they are fetched, and how the parser reads them."""
