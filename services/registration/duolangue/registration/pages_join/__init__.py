"""Pages of the sign-up: for anybody at `/join/<association>`, for a coordinator with the person at `/people/new`; and its sounds."""

from __future__ import annotations

from duolangue.registration.pages_join import audio, desk, public

ROUTERS = (audio.router, desk.router, public.router)

__all__ = ["ROUTERS", "audio", "desk", "public"]
