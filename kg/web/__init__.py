"""STKG over HTTP: SPARQL 1.1 Protocol, stored queries, linked data. Import :mod:`kg.web.app` for the application."""
