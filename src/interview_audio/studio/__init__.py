"""The studio: a project (a source, its script file, its settings) heard and edited in a browser, on this machine."""
