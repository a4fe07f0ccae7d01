"""From state to the JSON of docs/api.md. Reads the plan, the state and the wording; decides nothing."""
