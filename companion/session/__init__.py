"""One session, as pure functions: no clock, no file, no sound, no screen.

A session is the list of what happened in it. Everything else is worked out from that list, so
whoever reads it again, after whatever fault, stands where everybody stood:

    command ──> decide ──> events ──> evolve ──> State ──┬──> view          what screens may know
      ^       or Refused     │ (kept)                    ├──> wanted_sound  what should sound now
      │                      v                           ├──> due           events that time brings
    people                journal                        └──> next_change   when to look again

`decide(state, command, t)` says what a wish brings about; `evolve(state, event)` folds it in.
Nothing here waits: the shell asks `due(state, t)` before every command and again at
`next_change(state, t)`, and in between neither the view nor the wanted sound changes.

Start with `plan` (what a session is prepared with), `events` and `commands` (what can happen and
be wanted), then `state`. `times` tells the two times apart, `script` what is said when.
"""
