"""The commands of `atips`: a module a command, each with `register(app)`."""
