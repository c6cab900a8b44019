"""The bench of the answer engine: sets, rivals, measures, table and plot."""
