"""Sound as a stream: filters, loudness, clips, music. Knows no timeline."""
