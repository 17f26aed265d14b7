"""Pure judgement: records in, evaluations out. One module a family of rules."""
