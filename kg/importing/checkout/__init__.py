"""Read a method's own repository from a local folder: what it is called, asks to cite, imports, needs and allows.

Nothing of the folder is run, and git itself is never called: a repository's settings and hooks could make it run
programs. Links that lead elsewhere are not followed. :func:`kg.importing.checkout.facts.read_checkout` is the entry.
"""
