"""Which labels name a speaker, decided from the whole document."""
