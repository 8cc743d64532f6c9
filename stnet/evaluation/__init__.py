"""Measuring a checkpoint: metrics, suites with fixed queries, and tables."""
