"""English as Kokoro's phonemes: misaki's dictionaries, its rules for endings and weak words, espeak-ng for the rest."""
