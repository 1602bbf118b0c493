"""Cash desks: opened, moved, closed with what was counted, and printed."""
