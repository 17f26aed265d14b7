"""Every setting of a resource: the one list of fields, which the detail and the comparison both read."""
