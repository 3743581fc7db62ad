"""Simple systems that show what claimbench scores; they use its public names only."""
