"""Pages for subscribers: no session of the staff, nothing but what a link leads to."""
