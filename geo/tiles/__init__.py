"""Vector tiles out of PostGIS: `base` as imported, `cameras` within a scope, `changes` which say how long one is good."""
