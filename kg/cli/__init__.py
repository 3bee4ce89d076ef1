"""The ``stkg`` command. One module a group of commands; only the module that is needed is imported."""
