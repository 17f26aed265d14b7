"""AWS -> records: the only room that calls boto3. One module a resource family."""
