"""PDF files from pages of HTML, behind one port."""
