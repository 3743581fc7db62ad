"""Settling what the gold and the matcher leave open: by people's decisions, or by a language model."""
