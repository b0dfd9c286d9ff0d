"""What messages say, in three languages, and the three shapes they take: plain text, HTML, one short text for WhatsApp."""

from duolangue.notifications.writing.letter import Action, Letter, Lines, Note
from duolangue.notifications.writing.occasion import Glimpse, Occasion, Reach
from duolangue.notifications.writing.words import compose

__all__ = ["Action", "Glimpse", "Letter", "Lines", "Note", "Occasion", "Reach", "compose"]
