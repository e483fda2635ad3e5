"""The sides of the comparison of understanding: each learns a task, answers its sentences, and says what it took.

`ours.py`, `diet.py` (in the stock environment) and `nlpjs.js` (Node) are processes of their own with one contract: a
task file in, an answers file out (`exchange.py`).
"""
