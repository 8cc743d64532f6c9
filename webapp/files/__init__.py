"""Files that the server holds for its visitors: which, how long, and who may have them."""
