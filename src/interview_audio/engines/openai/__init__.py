"""Any server that speaks by ``POST /v1/audio/speech``: OpenAI's own, Kokoro-FastAPI, LocalAI and the like."""
