"""What every decision is made of: facts in, actions out, the notices, a review opened, a question handed over."""
