"""Logins that somebody else vouches for: the bank's OIDC server, its SAML identity provider, its directory.

They say which employee number comes; what that user may do is settled by posts here. Nobody is ever signed up by them.
"""
