"""An officer decides by replying: each command is carried out, or the officer is told why not."""
