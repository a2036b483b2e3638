"""An MSEL rehearsed before STARTEX."""
