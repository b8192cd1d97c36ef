"""The picture of an episode: the user's own, made fit for podcast apps, or one drawn from the title."""
