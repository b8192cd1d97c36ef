"""Small questions about text that several stages ask. A leaf: it imports no stage."""
