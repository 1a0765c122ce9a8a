"""``python -m builder``: the command line, where the script ``postil`` is not on the path."""

from builder.cli import main

if __name__ == "__main__":
    main()
