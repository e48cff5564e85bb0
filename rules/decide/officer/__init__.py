"""An officer decides by replying: each command carried out or answered with why not."""
