"""OsmAnd over HTTP, as Traccar Client speaks it."""
