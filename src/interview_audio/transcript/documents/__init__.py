"""The text of documents that are no text files: Word, OpenDocument, EPUB and PDF."""
