"""Pure decisions about machines: threads, workers, batches."""
