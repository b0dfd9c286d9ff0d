"""The pages of registration that are no desk's: signing in, and the page where somebody reports a problem."""

from duolangue.registration import pages_problem, pages_sign_in

ROUTERS = (pages_sign_in.router, pages_problem.router)
