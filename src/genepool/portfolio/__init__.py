"""Champions of several runs as one account: joined returns, correlation, shares, margin, what may follow."""
