"""Where pictures come from: a folder, a `datasets` dataset, or a parquet file."""
