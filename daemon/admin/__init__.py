"""What the administrator does beside the loop: check, explain, evidence, restore, days off moved."""
