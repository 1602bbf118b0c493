"""The month close: simulate, carry out, report."""
