"""postil: source documents with notes on the exact words, published as a site."""

__version__ = "0.1.0"
