"""All that matching does.

- `people`: follows what registration tells of participants and associations; takes over duos that ran before.
- `pool`: who waits, who has a free place, who may not meet.
- `drafts`: makes a draft, by a run or by hand.
- `runs`: asks for a run, does it, approves what it drafted.
- `duos`: what coordinators and participants decide about a duo; silence; safety.
- `desk`: what the coordinator sees.
"""
