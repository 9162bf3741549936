"""Listings: recognising them, reading them into records, capturing them. One file a kind of listing.

Nothing here merges papers or reads their text for meaning.
"""
