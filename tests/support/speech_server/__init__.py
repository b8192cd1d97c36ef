"""A server with ``POST /v1/audio/speech`` on this machine, with the failures of such servers."""
