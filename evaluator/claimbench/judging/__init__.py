"""Settling what the gold and the matcher leave open: by people's decisions, or by a language model.

The model is a *judge*: a chat endpoint that is asked whether two statements make one claim, or whether an
answer is right. What it said is kept in a cache, from which everything can be replayed without it. Where it
gives no verdict, texts are compared as they are without a judge.
"""
