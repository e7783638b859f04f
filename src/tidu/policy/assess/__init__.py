"""One enterprise against the rules: verdict, gaps, rewards, ladder, and the words for them."""
