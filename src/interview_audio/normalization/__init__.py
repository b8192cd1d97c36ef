"""Written text as it is spoken: numbers, dates, money and names in words, with the way back to what was written."""
