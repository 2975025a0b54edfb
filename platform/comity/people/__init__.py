"""Accounts, invitations, sign-in and sessions."""
