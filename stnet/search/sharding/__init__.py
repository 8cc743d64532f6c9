"""One search over shards of a gallery on several machines, with the answer of one machine."""
