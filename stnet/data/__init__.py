"""Objects, scenes, drawings and suites that STNET is trained and measured on."""
