"""What several tests hang on the program from outside."""
