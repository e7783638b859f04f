"""What every application of the site needs: design language, shape of responses, figures as people read them."""
