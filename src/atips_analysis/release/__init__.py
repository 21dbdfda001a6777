"""A release: a build that was checked and approved, sealed, packed, and verified as a reader would.

A release is made of a build, and asks for it again where it is out of date; so this room stands
after `build`.
"""
