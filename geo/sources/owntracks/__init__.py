"""OwnTracks in its HTTP mode."""
