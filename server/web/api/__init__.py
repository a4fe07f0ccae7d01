"""HTTP API v1, one small module per audience. docs/api.md is the contract, `schemas.py` its machine-readable half."""
