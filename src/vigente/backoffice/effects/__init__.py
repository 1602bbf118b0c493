"""What leaves the database, on the screen: what waits, what fails, what a person does about it."""
