"""One small room per device protocol: decode what a device sends, encode it for tests. Nothing here knows of storage."""
