"""`python -m duolangue.standalone VERB`."""

from duolangue.standalone.cli import main

main()
