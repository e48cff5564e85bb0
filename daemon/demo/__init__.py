"""The demonstration: embedded mail servers, a virtual clock, and actors who write and answer."""
