"""All that sessions does.

- `associations`: what registration tells of the association; its day; who people are.
- `duos`: follows a duo from its confirmation to its end; how duos are doing; the association's totals.
- `conversations`: what either side or a coordinator tells of a conversation, and what is taken back.
- `following`: each duo is looked at when something is told of it and when time has passed; the rules of that.
- `next_steps`: when a duo's weeks are over, whether the two go on.
- `desk`: what waits for a coordinator.
- `courses`: groups of French courses over a term; `attending`: what their people need, and who is reminded of absences.
- `learners`: who belongs in which level, and who came to the end of one.
- `homework`: lessons to watch and what is handed in for them, files included.
- `lessons`: individual hours that teachers open and participants book.
- `course_data`: what courses keep about somebody who asks, and what an erasure leaves.
- `personal_data`: what is kept about somebody who asks, and that it names nobody once they are erased.
"""
