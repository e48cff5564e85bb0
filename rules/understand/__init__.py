"""Understanding one mail from its content alone, by combining the readers of the other rooms."""
