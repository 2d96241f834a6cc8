"""The only door to Label Studio: its installation, its server on this machine, its SDK. Knows tasks, not layers or files."""
