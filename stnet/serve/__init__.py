"""A gallery served from several machines: `python -m stnet.serve`, a Ray Serve application."""
