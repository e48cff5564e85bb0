"""The main loop in the order of docs/flow.md: fetch, decide, due, send, move, compare."""
