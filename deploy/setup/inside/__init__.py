"""Small scripts that run with the instance's own Python, because they need its packages."""
