"""The papers' ways to rank pictures by a sketch and words: one interface, one file and one YAML each.

Nothing that serves imports this room.
"""
