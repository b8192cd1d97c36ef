"""``voices.yaml`` and its defaults as frozen values; the only place that knows YAML. A leaf: it imports no stage."""
