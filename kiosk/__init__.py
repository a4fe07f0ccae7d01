"""The self-service ticket machine: a Kivy program that talks to the hall's server and prints tickets itself."""
