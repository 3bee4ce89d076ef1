"""Stored queries: definitions, parameters, and answers as rows."""
