"""What holds of every test."""
