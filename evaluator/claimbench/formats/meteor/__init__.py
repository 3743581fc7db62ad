"""METEOR between English texts, to the last bit as NLTK 3.7 computes it (Lavie and Agarwal 2007).

Sentences are split by Punkt (Kiss and Strunk 2006), words in the manner of the Penn Treebank, stems are
Porter's with NLTK's changes, synonyms WordNet's. Later versions of NLTK split and match otherwise, so that an
installed one would not give the published figures. The data of Punkt and WordNet are looked for where NLTK
looks for them.
"""
