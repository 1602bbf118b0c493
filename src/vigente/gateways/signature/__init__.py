"""Electronic signatures: where a person signs and what closes the document, behind one port."""
