"""Starts matching."""

from duolangue.chassis.process import main
from duolangue.matching.service import DECLARATION, wire

if __name__ == "__main__":
    main(DECLARATION, wire)
