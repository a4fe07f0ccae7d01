"""The pages as Kivy widgets. They draw a state and report taps; they decide nothing.

Kivy must have been set up (`kiosk.toolkit`) before anything here is imported.
"""
