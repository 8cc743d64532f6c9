"""Training: batches made while the model learns, one module a stage, one loop for all."""
