"""Ticket printing: a ticket becomes blocks, blocks become bytes, bytes go to a printer through a queue on disk.

Knows nothing of queues of people, zones or rules: it prints what the ticket says. The kiosk uses it as a library,
`python -m printer` uses it for the staff's printers.
"""
