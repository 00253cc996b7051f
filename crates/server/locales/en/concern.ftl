# A concern: summary, who knew what when, people and places, deciding, closing, proof.

concern-title = { $page }, concern { $reference }
concern-bar = Concern { $reference }
concern-nav = This concern
concern-summary = Summary
concern-timeline = Timeline
concern-people = People and places
concern-decide = Decide
concern-reporter = Telling whoever reported
concern-state-open = Open, day { $day }
concern-state-closed = Closed
concern-with = With <b>{ $who }</b>. Tonight: <b>{ $tonight }</b>, <n>{ $number }</n>.
concern-with-only = With <b>{ $who }</b>.
concern-nobody = Nobody has accepted this yet. It was sent to { $who } at { $when }.
concern-add = Add an entry
concern-restricted = Restricted: only those who look into such things can see this.

concern-told = We were told
concern-recorded = Recorded
concern-gap = { $span } between being told and recording
concern-channel = How we were told
concern-safe = Safe until the next working day
concern-reported-by = Reported by
concern-member-of-public = A member of the public
concern-called = Called
concern-restarts = Closed, re-opened or renamed
concern-restarts-count = { $count ->
    [one] Once. The clocks never stopped
   *[other] { $count } times. The clocks never stopped
 }
concern-words = What was said
concern-words-held = Held back. Your post may know that this exists, and not what it says.
concern-duties = Duties
concern-duties-none = No duty is open.
concern-children = Decision for each child
concern-not-decided = Not decided yet
concern-waits-second = { $outcome }. Waits for a second person: { $why }
concern-purpose = Shown to you because { $why }. This look is recorded.
concern-moved = Something new has come in since you looked. It is marked below. Nothing was written.

purpose-my-duty = it is your duty
purpose-team-queue = it is in your team’s queue
purpose-my-child = it is about a child you work with
purpose-climbed-to-me = a duty climbed to you
purpose-to-accept = you are asked to accept it
purpose-ask-to-answer = you were asked something about it
purpose-second-reading = you are its second reader
purpose-custody = it is restricted and you keep it
purpose-passed-to-me = it was passed to you
purpose-network = it is joined with one of yours
purpose-line = somebody in your line has it
purpose-records = you look after the record
purpose-inspection = an inspection lasts and it is within its scope
purpose-own = it is about you
purpose-upkeep = you run this service
purpose-recording = you are writing down what you were told
purpose-stated = you gave a reason
purpose-emergency = you said that a child is in danger now

people-heading = People and places
people-role = Role
people-details = What is known
people-said-by = Said by
people-none = Nobody and nothing is named.
people-not-known = Name not known
people-not-about = Not about this person. What was said is gone from every view of them.

timeline-heading = Who knew what, when
timeline-delay = Longest delay
timeline-delay-what = <a>Fact { $letter }</a>: { $words }
timeline-delay-until = it waited for { $who } until { $until }
timeline-delay-still = it still waits for { $who }
timeline-delay-none = None
timeline-delay-none-what = Nothing has waited longer than an hour
timeline-unread = Sent, not yet accepted
timeline-unread-count = { $count ->
    [one] 1 post
   *[other] { $count } posts
 }
timeline-unread-none-what = Everybody who was sent something has read it or taken it on
timeline-decide = Still to decide
timeline-decide-count = { $count ->
    [one] 1 child
   *[other] { $count } children
 }
timeline-decide-none-what = Every child has a decision
timeline-range = { $from } to { $to }
timeline-chart-title = When each recorded, was sent, read or accepted { $count } facts
timeline-chart-message = { $lanes } rows, from { $from } to { $to }. The table after this chart has every date.
timeline-asat-legend = See what each post knew on an earlier date
timeline-asat-hint = For example, 16 11 2026
timeline-asat-show = Show this date
timeline-asat-error = Enter a date, like 16 11 2026
timeline-asat-is = As it stood at the end of { $date }. <a>Show it as it is now</a>
timeline-table = What each post knew, and from when
timeline-fact = Fact
timeline-entries = Entries
timeline-newest = Newest first. <a>Show oldest first</a>
timeline-oldest = Oldest first. <a>Show newest first</a>
timeline-seal-signed = Entry { $number } of { $of }, signed.
timeline-seal-recorded = Entry { $number } of { $of }, recorded. It is signed within a second or so.
timeline-proof = Check the proof
timeline-proof-which = for entry { $number }
timeline-knows = Knows
timeline-sent-not-accepted = Sent to, not yet accepted
timeline-held-from = Held back from
timeline-reporter = Whoever reported
timeline-unread-who = { $who }: { $letters }, since { $since }
timeline-more = { $count ->
    [one] 1 further fact is among the entries below.
   *[other] { $count } further facts are among the entries below.
 }
timeline-by = by { $who }
timeline-by-public = by a member of the public
timeline-by-work = by somebody reporting in their work
timeline-by-node = by the clock
timeline-told-at = Told { $told }, recorded { $recorded }
timeline-hidden = One field is hidden: its erasure has been asked for, and can be taken back until { $until }.
timeline-erased = Erased on { $when }, because { $why }.
timeline-not-about = Not about this person. Taken off every view of them.
timeline-text-held = Held back

knew-recorded = Recorded
knew-read = Read
knew-accepted = Accepted
knew-sent = Sent
knew-unread = Not yet accepted
knew-told = Told
knew-plainly = Told in fixed sentences
knew-by-read = read
knew-by-accepted = accepted
knew-by-told = told
knew-by-plainly = told in fixed sentences,
knew-none = Not told yet
knew-held = Held back
knew-not-needed = Not needed

decide-heading = Decide for each child
decide-lead = A decision is about one child. Each makes its own duties, each with an owner and a clock.
decide-seen-heading = Seen before
decide-seen-none = Nothing here matches an earlier concern in this agency.
decide-marks = What kind of concern is it? (optional)
decide-marks-hint = Mark what it may be, as you read it. A mark of sexual harm or exploitation brings a second reader and a hold on erasing. Marks are added to, never taken away.
decide-mark = Mark it
decide-marks-error = Mark at least one kind
decide-marked = Marked: { $what }.
decide-same = The same decision for all
decide-same-hint = One act, and one record for each child.
decide-outcome = What is to happen?
decide-outcome-error = Select what is to happen for { $who }
decide-reason = Why
decide-reason-error = Write why, for { $who }
decide-second-note = Waits for a second person: { $why }
decide-send = Decide
decide-next = Decide, and open the next
decide-clock = Decide by
decide-already = { $who }: { $outcome }, decided { $when }
decide-no-child = The concern, where no child is known

second-heading = Read a decision a second time
second-lead = Read the concern before the first reader’s reason. There is no way to agree to all.
second-decided = What was decided
second-reason = The first reader’s reason
second-show = Show the first reader’s reason
second-agree = I agree. It takes effect now
second-disagree = I do not agree. It goes back to be decided again
second-how = What do you say?
second-how-error = Select whether you agree
second-words = Why
second-words-error = Write why
second-send = Record this

tell-heading = Tell whoever reported
tell-work-lead = They report in their work, and their organisation is confirmed. They are told the decision, the next step, whom to ring and how to disagree.
tell-unconfirmed = They say they reported in their work. Until <a>their organisation is confirmed</a>, they are told only what anyone is told.
tell-not-confirmed = They say they reported in their work. Their organisation was not confirmed, so they are told only what anyone is told.
tell-public-lead = Pick sentences. They are fixed, and read the same whether or not the child exists.
tell-sentences = Sentences
tell-words = The decision and the next step, in your words
tell-words-error = Write the decision and the next step
tell-sentences-error = Select at least one sentence
tell-not-safe-why = Why it is not safe
tell-not-safe-error = Write why it is not safe
tell-how = How
tell-how-error = Select how
tellform-work = Tell them in full
tellform-public = Tell them with fixed sentences
tellform-not-safe = Not safe to tell them
tell-send = Record that they were told


close-heading = Close
close-refused = This cannot be closed: duties are open.
close-refused-line = { $duty }, for { $who }, due { $due }
close-not-decided = This cannot be closed: nothing has been decided for { $who }.
close-second = A duty was made on this. A second person must close it.
close-send = Close
close-kept = You wrote why, and it was not sent. It is kept here for you alone:

disagree-heading = Disagree
disagree-label = Why you disagree
disagree-hint = It goes to someone who took no part in the decision. Your words stay in the record, whatever is decided.
disagree-error = Write why you disagree
disagree-send = I disagree

add-heading = Add an entry
add-label = What is new
add-error = Write what is new
add-nature = What is it?
add-nature-error = Choose what it is
nature-fact = Fact: it was seen, done or checked
nature-reported = What somebody said
nature-opinion = Opinion, or what it may mean
add-send = Add it

language-heading = Words that may place blame on the child
language-lead = Advice only. Keep them if you are quoting.
language-line = “{ $phrase }”: { $reason } Try “{ $instead }”.

proof-title = Proof, concern { $reference }, entry { $number }
proof-heading = Has this entry changed?
proof-unchanged = Has not changed
proof-unchanged-text = Entry { $number } is what was written at { $when }. Nothing has been taken out before or after it.
proof-mismatch = Does not match
proof-mismatch-text = What is shown is not what was written. The records officer and the operator have been told.
proof-cannot = Cannot check now
proof-cannot-text = It was recorded at { $when }, and is not in a signed head yet. Try again in a minute.
proof-steps = How this was checked
proof-step-leaf = This entry was put in its byte form and hashed.
proof-step-path = { $count ->
    [one] 1 neighbouring number was
   *[other] { $count } neighbouring numbers were
 } hashed with it, one after another.
proof-step-root = The result is the number that the signed head holds.
proof-hashes = The numbers
proof-leaf = This entry
proof-root = The whole record
proof-size = Entries in the record
proof-signed-at = Signed at
proof-witnesses = Witnesses
proof-no-witness = No outside witness watches this record. Whoever holds its keys could rewrite it.
proof-download = Download this entry with its proof
proof-back = Back to the timeline

close-reason = Why it can be closed
close-reason-error = Write why it can be closed
concern-by-clock = the clock
concern-in-work = Somebody reporting in their work
concern-gap-key = Gap
second-always = this ending always does

field-born = Born
field-age = Age
field-nhs-number = NHS number
field-phone = Telephone
field-address = Address
field-works-or-learns-at = School or workplace
field-about = About
field-name = Name
field-role = Role
field-organisation = Organisation
field-contact = How to reach them
field-safe-how = Safe how and when
field-wishes = What they wish

entry-raised = A concern was raised
entry-decided = Decided
entry-added = Something was added
entry-lapsed = The time ran out
entry-climbed = It went up the ladder
entry-stepped-over = A post was passed
entry-disagreed = Somebody disagrees
entry-answered = A duty was answered
entry-paragraph = What was said
entry-subject-named = Somebody or something was named
entry-owned = A post became accountable
entry-duty-made = A duty was made
entry-accepted = A duty was accepted
entry-second-read = A decision was read a second time
entry-reporter-told = Whoever reported was told
entry-tier-set = Who may know of it was set
entry-excluded = Somebody was excluded
entry-closed = Closed
entry-re-opened = Opened again
entry-re-labelled = Renamed
entry-re-labelled-what = Renamed: { $what }
entry-re-dated = A due time changed because the rules did
entry-waiting = Waiting for somebody else
entry-asked = A question was asked
entry-corrected = A correction
entry-disputed = An entry is disputed
entry-corrected-what = A correction to entry { $what }
entry-disputed-what = Entry { $what } is disputed
entry-not-about-this-person = Not about this person
entry-hold-set = A hold was set
entry-hold-released = A body agreed to release a hold
entry-erasure-asked = An erasure was asked for
entry-erasure-agreed = An erasure was agreed
entry-erasure-refused = An erasure was refused
entry-erasure-withdrawn = An erasure was taken back
entry-erased = One field was erased
entry-must-not-be-here = Made unreadable: it must not be here
entry-hand-over-offered = A hand-over was offered
entry-hand-over-accepted = A hand-over was accepted
entry-hand-over-refused = A hand-over was refused
entry-restriction-reviewed = A restriction was reviewed
entry-earlier-telling-claimed = Somebody says they told us before
entry-handed-to-case-file = Put beside the case file

# An entry that says which.
entry-for = { $title } ({ $whom })
entry-marked = What kind of concern it is was marked
entry-reporter-confirmed = Their organisation was confirmed
entry-decided-what = Decided: { $what }
entry-answered-what = { $what }: { $how }
entry-duty-made-what = To do: { $what }
entry-accepted-what = Taken on: { $what }
entry-lapsed-what = Not done in time: { $what }
entry-re-dated-what = Due at another time, because the rules changed: { $what }
entry-waiting-what = Waiting for somebody else: { $what }
entry-asked-what = A question was asked: { $what }
entry-climbed-what = Sent on to { $post }: { $what }
entry-passed-what = { $what } was passed: { $why }
entry-owned-what = With { $what } from now
entry-named-what = Named: { $what }

entry-how-done = done
entry-how-part = done in part
entry-how-tried = tried, not achieved
entry-how-no-longer-needed = no longer needed
entry-how-cannot-be-done = cannot now be done
entry-how-cannot-by-then = cannot be done by then
entry-how-changes-nothing = read, and it changes nothing
entry-how-acting = read, and being acted on
entry-how-not-mine = it is not theirs
entry-how-awaiting-second = waits for a second person to agree
entry-how-taken-over = taken over

# The list of concerns.
concerns-title = Concerns
concerns-reference = Open a concern by its reference
concerns-reference-hint = For example, NM-7K4X-29QD. It need not be on the list below.
concerns-reference-error = Enter the reference as it was given to you: two letters, then two groups of four, like NM-7K4X-29QD
concerns-open-one = Open it
concerns-caption = Concerns you may know of, the newest entry first
concerns-concern = Concern
concerns-told = Told
concerns-with = With
concerns-open = To do
concerns-open-count = { $count ->
    [0] Nothing is open
    [one] 1 open
   *[other] { $count } open
 }
concerns-late-count = { $count ->
    [one] 1 late
   *[other] { $count } late
 }
concerns-nobody-named = Nobody is named here
concerns-withheld = Names are held back
concerns-mark-closed = Closed
concerns-mark-restricted = Restricted
concerns-mark-urgent = Urgent by somebody’s word
concerns-none = There is no concern with you or your team. One appears here as soon as it is raised, passed to you or climbs to you.
concerns-newest = Back to the newest
concerns-older = Older ones

# Who may know of it.
restriction-tab = Who may know
restriction-title = Who may know of it
restriction-lead = Restrict it when somebody it is about may work or volunteer with children, or here. From then on only the designated officer and their deputy know of it, you among those who do not. Its clocks run on with them.
restriction-is = Only you and your deputy know of this: { $why }. Whoever may be meant meets nothing of it.
restriction-review = What have you found?
restriction-review-keep = It stays restricted
restriction-review-end = It ends: the hub has it again
restriction-review-mistaken = It ends: it was somebody else of that name
restriction-review-error = Choose what you have found
restriction-hint-keep = You decide and tell, as the hub would
restriction-hint-end = Whoever was named still meets nothing of it
restriction-hint-mistaken = Whoever was kept out is kept out no longer
restriction-why = Why
restriction-why-error = Say why
restriction-send = Restrict it
restriction-send-review = Record what you found
restricted-reporter-said = whoever reported said that a colleague may be concerned
restricted-matches-directory = somebody named in it matches somebody who works here
restricted-joins-restricted = it joins a concern that is restricted
restricted-by-a-reader = somebody who read it restricted it

# What is held and what is erased.
timeline-must-not = This must not be here
timeline-must-not-be-here = Nobody can read this here. It is kept for the police.
keeping-tab = Holds and erasing
keeping-title = Holds and erasing
keeping-lead = A hold keeps everything here from being erased. Erasing takes one field, an authority and two people who had no part in what was decided; the entry and its proof stay.
keeping-holds = Holds
keeping-no-holds = No hold was ever set on this concern.
keeping-new-hold = Set a hold
keeping-authority = On whose authority
keeping-authority-error = Choose on whose authority it is held
keeping-review = To be looked at again on
keeping-review-error = Enter a day to come, like 27 3 2027
keeping-set = Set the hold
keeping-release = Agree that it ends
keeping-released-by = Agreed to its end
keeping-state = State
hold-inquiry = For an inquiry
hold-court = By order of a court
hold-police = For the police
hold-police-hold = For the police: it must not be here
hold-complaint = For a complaint or claim
hold-review = For a safeguarding practice review
hold-is-stands = Stands: two bodies must agree before it ends
hold-is-ended = Ended
keeping-erasures = Erasing one field
keeping-no-erasures = Nobody ever asked for anything here to be erased.
keeping-new-erasure = Ask for one field to be erased
keeping-held = A hold stands: nothing here can be erased until it ends.
keeping-which = Which field
keeping-which-first = Choose a field
keeping-which-error = Choose which field is to go
keeping-entry = Entry { $number }, { $title }: { $field }
keeping-reason = Why
keeping-reason-error = Choose why it is to go
keeping-ask = Ask for it
keeping-agree = Agree that it is erased
keeping-why = Why it is taken back
keeping-why-error = Write why it is taken back
keeping-withdraw = Take it back
keeping-no-fields = There is nothing here that could be erased.
keeping-asked-by = Asked for by
keeping-asked = Asked for
keeping-agreed-by = Agreed by
keeping-agreed = Agreed
keeping-due = Can be taken back until
keeping-erased = Erased
erasure-is-asked = Hidden, waits for a second person
erasure-is-agreed = Hidden, agreed: it goes when the waiting time ends
erasure-is-stopped = Taken back or refused: it is shown
erasure-is-kept-for-police = Unreadable to everybody, kept for the police
erasure-is-erased = Erased: nobody can read it again
keeping-refused = Asked for and refused
erasure-refused-held = Refused: a hold stands. Nothing was hidden
erasure-refused-in-the-line = Refused: whoever asked has a part in what was decided. Nothing was hidden
kept-held = The hold is set.
kept-released = Your agreement is recorded. A hold ends when two bodies have agreed.
kept-asked = It is hidden from now. It waits for a second person to agree.
kept-agreed = You agreed. It is erased when the waiting time ends.
kept-withdrawn = It was taken back, and is shown again.
field-text = Words
field-words = Words
field-reason = Reason
field-why = Reason
nothere-title = This must not be here
nothere-lead = For pictures of abuse, or words that nobody may hold. It becomes unreadable to everybody at once, you among them. It is kept for the police, whose lead gets a duty with a clock. Do not copy it, print it or send it on.
nothere-which = What must not be here
nothere-which-error = Choose what must not be here
nothere-send = Make it unreadable
nothere-back = Back to the timeline
