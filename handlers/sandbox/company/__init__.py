"""The database of the sandbox's internet provider: made up at each start, in a real SQLite file.

`data_map.yaml` says to the desk what in it is whose; `tables` shows on the page what became of it.
"""
