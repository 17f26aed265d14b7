"""Tarnfell Outdoor, the outdoor-gear retailer whose Cognito the demo shows.

Six user pools and two identity pools in two regions of one account. What is wrong with each
stands in the docstring of its module.
"""
