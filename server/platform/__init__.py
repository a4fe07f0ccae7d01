"""The provincial platform (Y16): accepted items go out, their numbers and milestones come in, results go out.

One small port (`port.py`) with three adapters: by hand (nothing), files, HTTP. Whatever goes either way lies in a local
queue first, so that a platform that is away stops nobody and loses nothing.
"""
