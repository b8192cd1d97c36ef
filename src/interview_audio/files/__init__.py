"""Files: written whole or not at all, locked, read within limits, named; which of them a command may write."""
