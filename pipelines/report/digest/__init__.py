"""The digest: an e-mail about what is new since the last one, each claim with its sentence."""
