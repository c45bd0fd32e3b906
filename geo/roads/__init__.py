"""Road networks and the map around them: reading files, later the graph and travel times."""
