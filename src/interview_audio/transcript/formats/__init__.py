"""The formats that a transcript comes in: subtitles, recognised speech, web pages; each read to plain paragraphs."""
