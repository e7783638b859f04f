"""What can be asked of an enterprise: indicators, places, industries, sizes, and values as people write them."""
