"""Pages over a fleet, to look at: nothing can be changed here, and no call goes to the platform."""
