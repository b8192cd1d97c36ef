"""What each paragraph is: speech, narration, quotation, heading or boilerplate."""
