"""The commands of `atips`: a module a command, whose function bears its name.

A module of several names them in `COMMANDS`; one of subcommands has a `GROUP`.
"""
