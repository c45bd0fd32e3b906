"""Putting Nearcast on a machine: the two commands, nginx, systemd."""
