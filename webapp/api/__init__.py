"""The doors for machines: HTTP and MCP."""
