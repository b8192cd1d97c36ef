"""Makes finished episodes reach listeners: feeds, pages, a server, places on the web, pieces to share."""
