"""What every system of the platform shares: the one door for HTTP, tokens, pictures, counts and repeats."""
