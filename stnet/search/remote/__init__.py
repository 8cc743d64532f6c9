"""A gallery that another server searches: ray://host:port in the place of a folder."""
