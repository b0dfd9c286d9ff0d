"""All that sessions does.

- `associations`: what registration tells of the association; its day; who people are.
- `duos`: follows a duo from its confirmation to its end; how duos are doing; the association's totals.
- `conversations`: what either side or a coordinator tells of a conversation, and what is taken back.
- `following`: each duo is looked at when something is told of it and when time has passed; the rules of that.
- `next_steps`: when a duo's weeks are over, whether the two go on.
- `desk`: what waits for a coordinator.
- `personal_data`: what is kept about somebody who asks, and that it names nobody once they are erased.
"""
