"""Tarnfell Outdoor, the outdoor-gear retailer whose Cognito the demo shows.

Six user pools and four identity pools in the two regions of its production account; a staging copy of the
shop and a forgotten hack-day project, with an identity pool of its own, in a second account. What is
wrong with each stands in the docstring of its module, what is wrong around them in `surroundings`.
"""
