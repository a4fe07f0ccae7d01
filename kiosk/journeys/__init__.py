"""What a visitor may come for beside the plain ticket, one journey a module: items, card, arrival, help, rating.

Pure, like `kiosk/flow.py`, which calls them: `tap` for what is touched, `hear` for what is told.
"""
