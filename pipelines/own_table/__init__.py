"""A forecast of any table of daily series, without a workspace: read, checked, forecast in blocks, written."""
