"""`python -m duolangue.notifications`: the service on its own."""

from duolangue.chassis.process import main
from duolangue.notifications.service import DECLARATION, wire

main(DECLARATION, wire)
