"""One mail understood from itself alone: the readers above, put together."""
