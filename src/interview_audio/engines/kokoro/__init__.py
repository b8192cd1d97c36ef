"""Kokoro-82M: the embedded voices, offline, in Mandarin and in English."""
