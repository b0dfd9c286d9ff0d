"""Pages of the desk about people: lists, one person, changes, and records that may be one person."""

from duolangue.registration.pages_people import again, listing, merging, person

ROUTERS = (listing.router, merging.router, again.router, person.router)
"""In this order: addresses with fixed words before those with a person's id."""
