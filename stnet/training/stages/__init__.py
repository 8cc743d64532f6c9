"""One module a stage of training: its data, its losses."""
