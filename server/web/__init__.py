"""The hall over HTTP: the API of docs/api.md, the feed, and the pages for phones and managers."""
