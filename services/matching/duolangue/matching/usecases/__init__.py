"""All that matching does.

- `people`: follows what registration tells of participants and associations; takes over duos that ran before.
- `pool`: who waits, who has a free place, who may not meet.
- `drafts`: makes a draft, by a run or by hand, with rules set aside where that may be.
- `swaps`: another volunteer for a drafted newcomer, and what that costs the others.
- `rearrangements`: lets drafts make way for others, so that a crash in between loses nobody's.
- `anew`: what the best assignment would change among the drafts nobody was told of, and doing it.
- `apart`: keeps two people apart.
- `run_drafts`: drafts and approves many pairs at once, as a run does.
- `runs`: asks for a run (at once or dry), does it, approves what it drafted.
- `replays`: what other policies would have made of a past time.
- `policies`: what the association decides about all this; runs that happen by themselves.
- `duos`: what coordinators and participants decide about a duo; reminders, silence; safety.
- `questions`: the last question to who stayed silent twice.
- `desk`: what the coordinator sees.
- `waiting`: who waits, in full, and the best five to propose by hand.
- `missing`: which volunteers are missing, and the calls for them.
"""
