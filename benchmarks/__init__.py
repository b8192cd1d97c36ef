"""What the product promises of speed, memory and intelligibility, measured. Nothing here asserts a time."""
