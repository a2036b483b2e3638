"""A script that has every command of the console, given by people in browsers, at the console and on a terminal.

A move of the clock that takes more than a day has parts; it names the time to which it leads, so that it can be given
again after a part has failed.
"""

from __future__ import annotations

from wargame.live.console.dispatch import COMMANDS

SEATS = (("ARD", "human"), ("BRL", "human"))
TEXT = """
Kim: help
Kim: code BRL new
Kim: code screen
Kim: people
Kim: admit all
console: lock
Kim: lock off
Kim: terminals
Kim: grant Eve everything
console: code evaluator:BRL
console: seats
Kim: seat BRL model
console: seat BRL human
Kim: deadline 2d game model
console: stop at nothing
Kim: stop at decisions
Kim: pace 1d=5s
Kim: resume
clock: 2
clock: 1
console: pause
Kim: timer 10m "break"
Kim: moves
Kim: summary
Kim: next
console: advance 12h
Kim: until D+4
Kim: until D+6
console: wait 0
Kim: msel
Kim: hold collision
console: unhold collision
Kim: skip coup
console: reset coup
Kim: delay coup 3d
Kim: postpone 1d
Kim: edit collision title "A collision in fog"
Kim: sheet import
Kim: release harvest
Kim: retract harvest
console: inject {id: poll, title: Poll, questionnaire: {questions: [{id: how, text: How, scale: [1, 5]}]}} --now
Kim: inject news "Riots" --to ARD --id riots --now
Kim: nudge riots
Kim: moretime 2m
Kim: inject intel "A leak" --id leak
Kim: head ARD none
Sam: team "We wait"
Sam: propose "message BRL Calm"
Sam: proposal 1 drop
Sam: role
Sam: brief
Sam: inbox
Sam: ack
Sam: options
Sam: order talk BRL --why calm
Sam: change "talk BRL" "trade BRL" --why "calm and slow"
console: order BRL talk ARD
Sam: standing protest BRL --when tension>0.9
terminal: cancel 1
Sam: pass
Kim: procedures
Sam: accept 1
Sam: refuse 1
Kim: programs
Sam: advice
Kim: draft "a storm"
Kim: approve
Sam: message BRL "Good morning"
terminal: message ARD "And to you" --re 1
Kim: tell ARD "Is it true?" --as "Radio Brel"
console: tell ARD "This is the control staff"
Sam: rfi "How far do the guns reach?"
Kim: reply ARD 1 "60 km"
Bo: message EXCON "May we?"
Kim: dismiss 1
console: notice "Lunch"
Sam: offer BRL "Joint patrols"
Bo: answer 1 yes
Bo: demand ARD "Withdraw"
Sam: answer 2 no "Never"
Sam: vote BRL "Do we meet?" --choices yes,no
Bo: ballot 1 yes
Kim: tally 1
Sam: channel BRL
Sam: questions 1
Kim: respond ARD poll 4
Bo: respond poll 3
Kim: results
Kim: publish poll
Kim: close poll
Sam: order "ask the neighbours"
Kim: queue
Kim: rule 1 refuse "none"
Kim: action BRL "detains a crew" --goldstein -5 --to ARD
Kim: outcome blockade_laid occurred --why so
Kim: adjudicate tension=0.4 --why "the detention"
Kim: noplay "fire alarm"
console: playon
Eve: note "They talk"
Kim: note "So be it" --tag improve
Eve: finding area --observation "A slow answer"
Eve: expected
Eve: judge 1 met
Eve: objectives
Eve: rate signals S
Kim: branch aside
Kim: until D+9
console: switch main
Kim: branches
Kim: advance 12h
Kim: undo
console: release leak
console: undo
Kim: rewind D+4
Sam: message BRL "Once more"
Kim: switch aside
Kim: move
Kim: status
Eve: log
Kim: why 3
Kim: cancel ARD 1
Kim: everywhere "note 'In all rooms'"
console: sit ARD
console: message BRL "From the table"
console: stand
Kim: forecast 5d -n 1
Kim: whatif order ARD talk BRL --over 5d -n 1
Kim: where -n 1
terminal: quit
Kim: endex "time is up"
Kim: hotwash
Kim: reveal
console: reveal off
Kim: note "after ENDEX"
Kim: kick Wim
console: quit
"""
SHEET = b"""Id,Title,Trigger,When
coup,A coup in the night,at,D+200
bulletin,A bulletin,by hand,
"""
"""The sheet that a page sends before `sheet import`, which gets the hash that the page shows."""
STEPS = tuple((who, line) for who, _, line in (each.partition(": ") for each in TEXT.strip().splitlines()))
"""(who, line): a person in a browser, the console, the terminal of BRL, or the clock, which runs for some seconds."""
assert {line.split()[0] for who, line in STEPS if who != "clock"} == set(COMMANDS)
