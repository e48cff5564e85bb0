"""What every decision uses: facts as input, actions as output, notices, manual review, forwarding."""
