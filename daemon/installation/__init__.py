"""What one installation consists of, made once from its configuration; a decision carried out in its name."""
