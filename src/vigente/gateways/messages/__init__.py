"""Messages to customers: e-mail, SMS and WhatsApp behind one port."""
