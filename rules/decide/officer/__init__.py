"""An officer decides by replying: each command is carried out, or answered with why it was not."""
