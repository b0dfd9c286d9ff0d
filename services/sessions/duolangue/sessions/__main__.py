"""`python -m duolangue.sessions`."""

from duolangue.chassis.process import main
from duolangue.sessions.service import DECLARATION, wire

if __name__ == "__main__":
    main(DECLARATION, wire)
