"""The dashboard: reads the store, draws pages, and changes nothing."""
