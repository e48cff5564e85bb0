"""What one installation consists of, made once from its configuration; carries out decisions in its name."""
