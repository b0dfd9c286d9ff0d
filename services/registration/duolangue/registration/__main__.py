"""`python -m duolangue.registration [COMMAND]`."""

from duolangue.chassis.process import main
from duolangue.registration.commands import COMMANDS
from duolangue.registration.service import DECLARATION, wire

main(DECLARATION, wire, COMMANDS)
