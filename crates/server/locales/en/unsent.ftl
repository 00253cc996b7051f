# What was typed and not sent: staff forms as they are posted, and public reports that somebody asked to keep.

unsent-title = Unfinished reports
unsent-lead = What you typed and did not send. Only you can see it, it is not part of the record, and it is deleted after 14 days.
unsent-none = You have nothing unfinished.
unsent-form = What
unsent-kept = Last kept
unsent-ends = Deleted on
unsent-do = Go on or throw away
unsent-go-on = Go on
unsent-drop = Throw away
unsent-what = { $form }, kept { $when }
unsent-later = Save and come back later
unsent-begun = You began this and have not sent it. It was last kept { $when }.
unsent-did-kept = Kept. Nothing was sent. Nobody has been told and no clock runs until you send it.
unsent-did-stale = Nothing was sent: that page was from before you signed in again or changed post. What you typed is kept.
unsent-did-claimed = Nothing was sent, because your session had ended. What you typed is kept.
unsent-did-gone = Thrown away.
unsent-form-record = What you were told
unsent-form-decide = Decision
unsent-form-reporter = Telling whoever reported
unsent-form-second = Second reading
unsent-form-restriction = Restriction
unsent-form-add = Something to add
unsent-form-disagree = Disagreement
unsent-form-duty = Answer to a duty
unsent-form-wait = Waiting for somebody else

sign-in-kept = Your session had ended. Nothing was sent
sign-in-kept-lead = What you typed is kept for 14 days. Sign in again here, as the same person, and you are shown it.

later-stop = I need to stop and come back later
later-title = Stop and come back
later-heading = Stop and come back later
later-nothing = Nothing you typed is kept when you leave, unless you ask for a code here.
later-how = If you ask, you are shown a code. With it you can go on from any device.
later-1 = Anyone who finds the code within 24 hours can read what you typed. If somebody looks at your phone, papers or pictures, it is safer to leave now and start again.
later-2 = It works once. If you stop again, you get a new code.
later-3 = After 24 hours what you typed is deleted, whether or not you came back.
later-4 = Nothing is sent. Nobody here can read it, and nobody will look into it, until you go on and send it.
later-not-safe = You told us that it is not safe to keep anything. A code is something to keep: only take it if you can remember it, or hide it well.
later-show = Show me a code
later-not = Do not keep anything. Go on with the questions
later-code-heading = Your code
later-code-once = It is shown once. We cannot show it again.
later-code-how = To go on, open our first page within 24 hours, choose “Go on with something I stopped” and type the code.
later-code-gone = Nothing is left in this browser. Your history is not cleared.

go-on-title = Go on
go-on-heading = Go on with something you stopped
go-on-lead = Type the code you were shown. It works once, for 24 hours.
go-on-code = Code
go-on-open = Go on
go-on-wrong = That code opens nothing. It may have been typed wrong, used or thrown away, or 24 hours have passed
go-on-drop-heading = Someone may have found my code
go-on-drop-lead = What was kept under it is deleted at once.
go-on-drop = Throw it away
go-on-gone = If there was anything under that code, it is deleted
