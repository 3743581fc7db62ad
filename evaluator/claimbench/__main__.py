"""`python -m claimbench` is the command line."""

from claimbench.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
