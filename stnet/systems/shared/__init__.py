"""What all trained systems share: pictures, drawings, words and batches, seen once by frozen networks."""
