"""A finished episode read back as players read it: what it holds, what is wrong with it, what each player will show."""
