"""Outgoing notices: what happens in the hall is told to other programs, such as the SMS or WeChat gateway, as signed
webhooks (Standard Webhooks). They follow the log like any other view of it: nothing waits for a receiver."""
