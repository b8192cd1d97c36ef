"""What is read beside the sound: captions, transcripts, chapter lists, show notes."""
