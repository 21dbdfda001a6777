"""A build: what is out of date is made again, and what became of each step is told.

`asked_for` is a build and where it lies, `page_register` the pages that it makes. `plan` says which
steps there are, `actions` and `assembly` what they do, `steps` runs them with pytask, `building`
does so for a person, `bulletins` makes a bulletin, and `handing_over` gives Quarto the last build.
"""
