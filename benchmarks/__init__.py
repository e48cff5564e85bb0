"""How fast, how steady, how heavy: measured against the least that the job costs on this machine."""
