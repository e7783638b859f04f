"""What every application of the site needs: the design language, the shape of responses, figures as people read them."""
