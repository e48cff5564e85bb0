"""Real servers that tests start from private configurations on high ports, and a server that lies."""
