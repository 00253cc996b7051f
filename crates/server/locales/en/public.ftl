# Pages for anyone besides the report: coming back, checking a receipt, help and the like; and the demo's control.

back-title = Your code
back-heading = Come back with your code
back-lead = It shows how far we are, and lets you add something. It never shows what was written or who is named.
back-code = Your code
back-word = Your word
back-open = Open
back-wrong = That code and word do not open anything. Check both, wait a moment and try again
back-off-heading = Someone may have my code
back-off-lead = This turns the code off at once. What you told us stays with us, and nobody is messaged.
back-off = Turn the code off
back-off-done = If there was such a code, it is off now.

progress-title = Progress
progress-heading = How far we are
progress-received = Received
progress-read = Read by a person
progress-decided = Decided
progress-not-yet = Not yet
progress-nobody = Nobody has accepted this yet. Ring <n><a>{ $number }</a></n>.
progress-accepted = Accepted by { $who } at { $time }.
progress-told-heading = From us
progress-add-heading = Add something
progress-add-label = What is new?
progress-add-hint = A number plate, a name, something that has happened since. It becomes a new entry with its own time.
progress-add-error = Write what is new
progress-add = Add it
progress-added = Added. It has its own time, and the person who has this is told.
progress-disagree-heading = If you disagree
progress-disagree-lead = It goes to someone who took no part in the decision. Your words stay in the record, whatever is decided.
progress-disagree-which = With which decision?
progress-disagree-which-error = Select the decision you disagree with
progress-disagreed = Recorded. Someone who took no part in the decision answers it.
progress-no-child = the concern
progress-decision = Decision for { $who }

check-receipt-title = Check a receipt
check-receipt-heading = Check a receipt
check-receipt-lead = Choose the file you saved, or paste what is in it. Nothing you give here is kept or looked up.
check-receipt-file = The file of the receipt
check-receipt-paste = Or paste what is in it
check-receipt-error = Choose the file of the receipt, or paste what is in it
check-receipt-elsewhere = It is from another organisation
check-receipt-keys = The keys of their record
check-receipt-keys-hint = They publish them as a text file. Do not take them from whoever gave you the receipt.
check-receipt-keys-error = Paste the whole file of keys, which begins with “log”
check-receipt-check = Check it
check-receipt-good = It has not been changed
check-receipt-good-why = { $count ->
    [one] The entry is in the record, as it was written.
   *[other] All { $count } entries are in the record, as they were written.
}
check-receipt-bad = It does not match
check-receipt-bad-why = Something in this file was changed, or it was not made by this record. Keep it as it is, and ring us.
check-receipt-neither = This cannot be checked here
check-receipt-neither-why = It is not the whole file of a receipt, or it is of a record whose keys are not at hand. That does not mean that it was changed: try the file as it was saved.
check-receipt-entry = Entry { $index } of { $log }
check-receipt-by = Recorded and signed by
check-receipt-unchecked = { $who } (it says so; there is no key here to check that with)
check-receipt-signed = Head of the record signed by
check-receipt-witnessed = Witnessed
check-receipt-witness = by { $who }, { $when }
check-receipt-alone = By nobody whose key is at hand: whoever holds the record’s own key could rewrite it
check-receipt-take = <a>Take this record’s keys</a>, and compare them with those that somebody else has kept.
shown-id = Handle
shown-kind = Kind of entry
shown-recorded = Recorded
shown-received = Received
shown-reference = Reference
shown-text = Words
check-receipt-limits = What this shows: that a record was made at that time and has not been replaced. With your words in it, also what was said. It cannot show that anybody read it.

help-title = Help
help-heading = Help
help-danger-heading = In danger now
help-danger-text = Call 999. If you cannot speak, call 999 and press 55 when asked.
help-child-heading = If you are a child or young person
help-child-text = You can talk to Childline on 0800 1111 at any time. It is free and does not show on the bill.
help-history-heading = How to clear your history
help-history-text = In your browser’s menu, choose “History” and then “Delete” or “Clear”. Clearing only the last hour is less noticeable than clearing everything. If that is not safe, leave it.
help-pictures-heading = Pictures and videos
help-pictures-text = Do not send or copy pictures or videos of a child without clothes or being hurt, even to show us. Tell us that they exist; keep the device. “Report Remove” from Childline and the Internet Watch Foundation helps a young person to have a picture taken down.
help-phone-heading = Talk to us
help-phone-text = Ring <n><a>{ $day }</a></n> by day, <n><a2>{ $night }</a2></n> at night and at weekends.

privacy-title = Privacy
privacy-heading = Privacy
privacy-who-heading = Who we are
privacy-who-text = { $agency } runs this service and answers for it.
privacy-why-heading = Why we may use what you tell us
privacy-why-text = The law gives councils, police and health services the duty to keep children safe. To do that they may use and share what they are told, without asking first, when a child may be at risk.
privacy-see-heading = Who sees it
privacy-see-text = People whose work it is to keep the child safe. Each look is written down with its reason. Who reported is kept apart from what was reported.
privacy-keep-heading = How long it is kept
privacy-keep-text = As long as the law says for each kind of record. Some things are kept because an inquiry may need them. What must be erased is erased by two people, and the erasing is written down.
privacy-rights-heading = What you can ask
privacy-rights-text = What we hold about you; that we put right what is wrong; who has seen it. If you are not content with our answer, ask the Information Commissioner’s Office.
privacy-machine-heading = What machines do here
privacy-machine-text = A computer may notice that two records look alike. It never decides anything about a child or about you. A person does.

cookies-title = Cookies
cookies-heading = Cookies
cookies-lead = Only what is strictly necessary, so there is no banner.
cookies-visit-heading = While you report
cookies-visit-text = One cookie holds a random number for your visit. It ends when you close the browser, leave, send, stop, or after an hour.
cookies-session-heading = While you are signed in
cookies-session-text = One cookie holds a random number for your sign-in. It ends when you sign out or close the browser.
cookies-shortcuts-heading = If you turn keyboard shortcuts on
cookies-shortcuts-text = One cookie says that they are on. It ends when you turn them off or close the browser.
cookies-other-heading = Nothing else
cookies-other-text = No other storage on your device is used, no service worker, and nothing from anyone else’s site.

accessibility-title = Accessibility
accessibility-heading = Accessibility
accessibility-lead = These pages are built to the Web Content Accessibility Guidelines 2.2, level AA. They work without script, at 400% zoom, in dark colours, on paper and by keyboard alone.
accessibility-tested-heading = How they are tested
accessibility-tested-text = By program on each change: rules, markup, contrast, focus and width on every page. Programs find some faults, not all; people who use assistive technology have not tested them yet.
accessibility-problem-heading = If something does not work for you
accessibility-problem-text = Ring <n><a>{ $day }</a></n>. You can report by telephone, and it counts the same.

proving-title = How we prove the record
proving-heading = How we prove the record
proving-1-heading = Nothing can be taken out quietly
proving-1-text = Every entry is linked to all those before it. To take one out or to change it, all later ones would have to change, and the numbers that others hold would no longer match.
proving-2-heading = Others hold the numbers
proving-2-text = A short number that stands for the whole record is signed and given to outside witnesses. They never see what is in it.
proving-3-heading = You can check
proving-3-text = A receipt holds enough to check, years later, that the record it names is still there and unchanged. <a>Check a receipt</a>. The program that checks is not the one that writes.
proving-4-heading = What can be erased, and what stays
proving-4-text = What was said can be erased when the law requires it. That it was erased, when, why, who asked and who agreed stays for ever.

demo-title = Move time on
demo-heading = Move time on
demo-lead = This is a demo. It is now { $now } here. Moving time on runs every clock on the way, as if the time had passed.
demo-hour = 1 hour
demo-morning = To 8:30am on the next working day

error-title-not-found = Page not found
error-text-not-found = There is nothing here for you. Check the address, or start again from the first page.
error-title-out-of-date = This page is out of date
error-text-out-of-date = Nothing was sent. Go back, load the page again, and send it once more.
error-title-unreadable = This could not be read
error-text-unreadable = Nothing was sent. Go back and try again.
error-title-too-large = This is too long to send at once
error-text-too-large = Nothing was sent. Go back, shorten it, and send the rest afterwards. Or ring us.
error-title-too-many = We cannot take this on this page just now
error-text-too-many = Nothing was sent, because very many reports have come in the last few minutes. What you want to tell us still matters. Ring us now, or try again in a few minutes.
error-title-moved = Something new has come in
error-text-moved = Nothing was written. Go back, load the page again and read what is new before you decide.
error-title-busy = This is taking too long
error-text-busy = Press the button again. It will not be filed twice.
error-title-unknown = We do not know yet if this was recorded
error-text-unknown = Press again. It will not be filed twice.
error-title-broken = Something is broken here
error-text-broken = It is not you. If it is about a child, do not wait: ring us.
error-title-refused = This cannot be done
error-refused-open-duties = Duties are still open.
error-refused-not-decided = Nothing has been decided yet.
error-refused-not-confirmed = Confirm their organisation first: ring its published number, or write to its listed address.
error-refused-needs-another = A second person must do this.
error-refused-held = A hold stands on this record.
error-refused-in-the-line = Somebody outside the line of every decision must do this.
error-refused-already-done = This has already been done.
error-refused-unknown-code = The rule pack does not know this.
error-ring = Ring <n><a>{ $day }</a></n> by day, <n><a2>{ $night }</a2></n> at night and at weekends.

error-text-refused = Nothing was recorded. Go back and read what stands in the way.
error-title-sign-in = Sign in
error-text-sign-in = You need to sign in to see this page.

checking-1-heading = Check it yourself
checking-1-text = Run “daylight verify” with the file of the receipt and with the keys of this record, which you get apart from the receipt. It needs no network. Programs of other makers can read the same file.
checking-2-heading = Ask us
checking-2-text = Ring us with the reference. We tell you if the record is there and unchanged, and nothing else.
checking-3-heading = What it shows

error-told-long-ago = Nobody was told longer than a hundred years ago. Check the year

# By e-mail: that something waits, and nothing about what.
mail-subject = Something is waiting for you
mail-body = { $count ->
    [one] There is something for you in Daylight. Sign in to see.
   *[other] There are { $count } things for you in Daylight. Sign in to see.
}
