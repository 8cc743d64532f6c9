"""One query, two systems side by side: on the page, and as the endpoint /compare."""
