"""What goes to an agency and what is done there: its form, pseudonyms, and the writer of workbooks."""
