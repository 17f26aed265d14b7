"""The vocabulary of Poolwatch: frozen records of what AWS answered and what Poolwatch judged.

Standard library only. Records are AWS's nouns; a member that AWS left out is None and never a default.
"""
