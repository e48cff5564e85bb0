"""The shell: command line, configuration, wiring, mail in, mail out, the ticker."""
