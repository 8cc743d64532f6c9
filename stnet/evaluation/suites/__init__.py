"""Suites: pictures, what is on them, and fixed queries."""
