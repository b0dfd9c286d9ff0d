"""The JSON interface of registration, under /people/api. The association is the coordinator's own, always."""

from typing import Final

from duolangue.registration.api import association, people

ROUTERS: Final = (people.router, association.router)
