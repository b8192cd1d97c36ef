"""Small ideas about text that every package shares: characters, widths, units, what is safe to show."""
