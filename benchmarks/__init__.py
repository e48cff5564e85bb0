"""Measures speed, steadiness and memory against the least that the job costs on this machine."""
