"""Makes what `demo.company_data` describes, with the calls that the company's engineers would have made."""
