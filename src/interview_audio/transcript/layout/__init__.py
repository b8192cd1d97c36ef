"""A source as paragraphs: lines, timestamps, labels inside a line, front matter."""
