"""The papers' ways to rank pictures by a sketch and words: one interface, one file and one YAML each.

Of what serves, the page's comparison alone imports this room: `stnet.systems.serving`, on first use.
"""
