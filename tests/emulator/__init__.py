"""The emulator, over a socket."""
