"""``python -m stnet.data.smaller_photos --photos FOLDER --out FOLDER``: photos for training, made light."""
