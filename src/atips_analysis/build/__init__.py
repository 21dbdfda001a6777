"""A build: what is out of date is made again, and what became of each step is told.

`steps` runs steps with pytask, `pipeline` says which there are and reads the pages from
`notebooks/pages.csv`, `building` runs them for a person, `bulletins` makes a bulletin, and
`handing_over` gives Quarto the last build.
"""
