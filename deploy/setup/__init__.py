"""`make up`, `down`, `reset` and `test`: standard library only, so that it runs before anything is installed."""
