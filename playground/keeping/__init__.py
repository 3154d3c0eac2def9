"""Keeping an installation: backup and restore, what the doctor finds, how it is working."""
