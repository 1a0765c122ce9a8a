"""Whether the addresses of sources still answer: only on request, never while a site is built."""
