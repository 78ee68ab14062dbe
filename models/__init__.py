"""Pure calculation: tables and arrays in, tables and arrays out; no file, no clock, no orchestrator."""
