"""The edge: bytes in, frozen records or a list of problems out. The only floor that reads files."""
