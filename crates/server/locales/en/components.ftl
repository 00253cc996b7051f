# Words of the parts that every page is made of.

service-name = Safeguarding workspace
title-error = Error: { $title }
title-service = { $title } – { $service }
skip-link = Skip to main content
back-link = Back
continue = Continue

nav-service = Service information
nav-menu = Menu
nav-waiting = waiting
nav-duties = My duties
nav-concerns = Concerns
nav-report = Record what you were told

acting-for = <b>{ $name }</b>, { $role }. Acting for <b>{ $team }</b>
account-link = Your account
sign-out = Sign out
session-ending = You are signed out at { $at } unless you send or open something before.
session-ending-kept = Send or save what you have typed.
session-ending-stay = Stay signed in (opens a new tab)

demo-tag = Demo
demo-text = Every person, place and organisation here is made up.
demo-link = Move time on

danger-label = In an emergency
danger-strip = If a child is in danger now, call 999. Do not wait for this page.
footer-title = Support links
footer-help = Help
footer-privacy = Privacy
footer-cookies = Cookies
footer-accessibility = Accessibility
footer-proof = How we prove the record
footer-danger = If a child is in immediate danger, call 999. Do not wait for this service.
print-stamp = Printed by { $who } at { $when }. Keep with the record. Shred after use.

error-word = Error
error-summary-title = There is a problem
warning-word = Warning
not-recorded = Not recorded
character-count-limit = You can write up to { $count } characters
date-day = Day
date-month = Month
date-year = Year
date-time = Time
pagination-label = Pages
pagination-previous = Previous
pagination-suffix = page
pagination-next = Next
pagination-page = Page { $number }

exit-label = Leave quickly
exit-prefix = Emergency
exit-text = Exit this page
exit-neutral-title = Weather

chips-kind = Add
chips-role = Role
chips-what = Name, or what is known
chips-more = Age or address (optional)
chips-add = Add to the list
chips-save = Save the change
chips-change = Change
chips-remove = Remove

chart-now = Now
chart-caption = Letters are facts. A line shows a fact being sent from one agency to another. The same dates are in the table below.
chart-scroll = Chart. On a small screen, scroll sideways
legend-recorded = Recorded or took part
legend-read = Read or accepted
legend-unread = Sent, not yet accepted
legend-waiting = Waiting to be shared, read or accepted
legend-weekend = Weekend

# The held clock.
time-title = The clock
time-heading = The clock
time-strip = The clock is held: no duty runs out and none climbs.
time-strip-link = What is known, and who may let it go on
time-lead = This service was down, or its clock jumped. Nothing runs out and nothing climbs until a person says that the time is right. What fell due meanwhile is then written down, each once, and each post gets one summary.
time-last = Last time that can be trusted
time-now = The clock shows now
time-between = Between them
time-forward = { $span } that nobody vouches for
time-back = the clock went back by { $span }
time-look = Compare it with another clock, such as your telephone’s. That you said so is recorded.
time-confirm = The time is right
time-who = The hub, the emergency duty team, a manager or the records officer can say that the time is right.
time-runs = The clock runs. Nothing is held.
