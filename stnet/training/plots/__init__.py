"""``python -m stnet.training.plots RUN``: draw a run's log, one panel for each loss, into RUN/losses.png."""
