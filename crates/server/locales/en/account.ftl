# Signing in, invitations, your account, and the records and inspection pages.

sign-in-title = Sign in
sign-in-heading = Sign in
sign-in-lead = For people who work here. You do not need an account to report a concern.
sign-in-name = Work e-mail or name
sign-in-password = Password
sign-in-code = 6-digit code from your app
sign-in-button = Sign in
sign-in-wrong = That name, password and code do not match. Check all three and try again
sign-in-slow = Too many tries. Wait until { $when } and try again
sign-in-no-account = No account yet? Ask whoever runs this service for an invitation.

invite-heading = You are invited
invite-lead = This link works once. Next you choose a password and add a key to your authenticator app.
set-up-heading = Set up your sign-in
set-up-lead = Choose a password of at least 12 characters, and add the key below to your authenticator app.
invite-title = Your invitation
invite-password = Choose a password
invite-password-hint = At least 12 characters. Three words you make up are easier than symbols. You may paste.
invite-password-error = Choose a password of at least 12 characters
invite-key = Key for your authenticator app
invite-code = 6-digit code from the app
invite-code-error = The code does not match. Check the time on your phone and try the next code
invite-button = Start
invite-demo-lead = In the demo, the link alone signs you in. It works once.

passkey-heading = Sign in with a passkey
passkey-lead = If you added a passkey here: your fingerprint, face or device PIN instead of a password and a code.
passkey-button = Use a passkey
passkey-name-missing = Enter your work e-mail or name
passkey-wrong = That passkey did not open an account. Try again, or use your password and code
passkey-use-heading = Use your passkey
passkey-use-lead = Your device asks for your fingerprint, your face or its PIN.
passkey-use-other = Use a password and a code instead
passkey-without = Passkeys need a browser that runs our script, and this one does not. A password and a code do the same.
passkey-failed = No passkey was given. Try again, or use a password and a code.
passkey-instead = Add a passkey instead of a password
passkey-add-title = Add a passkey
passkey-add-lead = A passkey is your fingerprint, face or device PIN in place of a password and a code. We never see the secret in it, and nobody can be tricked into giving it away.
passkey-add-button = Add the passkey
passkey-add-other = Set a password and a code instead
passkey-name = What to call it
passkey-name-hint = So that you know it again: “work laptop”, “blue security key”.
passkey-not-added = The passkey was not added. Try again
error-passkey-name = Give the passkey a name of at most 60 characters

account-title = Your account
account-heading = Your account
account-role-heading = Role
account-role = Act in this role
account-role-button = Switch
account-sessions = Where you are signed in
account-session-started = Started
account-session-last = Last used
account-session-this = This one
account-session-end = End
account-session-end-what = the session started { $when }
ways-heading = How you sign in
ways-what = With
ways-made = Added
ways-never = Not yet
ways-remove = Remove
ways-none = Nothing yet.
ways-password-add = Set a password and a code
ways-password-change = Change password and code
ways-stale = You signed in { $when }. To change how you sign in, sign out and sign in again: a screen left open is then not enough.
way-password = Password and code
way-passkey = Passkey: { $name }
error-last-way = This is the only way in you have. Add another before you remove it


erasereason-wrong-person = It is about the wrong person
erasereason-unlawfully-held = It is held unlawfully
erasereason-court-order = A court orders it
erasereason-retention-ended = The time for keeping it has ended
erasereason-must-not-be-held = Nobody may hold it

nav-accounts = Accounts
accounts-title = Accounts
accounts-lead = Who can sign in here, and with what. No concern is opened from this page.
accounts-none = Nobody has an account yet.
accounts-name = Name
accounts-login = Signs in as
accounts-login-none = No name yet
accounts-posts = Posts
accounts-posts-none = None now
accounts-last = Last sign-in
accounts-ways = With
accounts-state = Account
accounts-sessions = Signed in now
accounts-sessions-count = { $count ->
    [0] Nowhere
    [one] In one place
   *[other] In { $count } places
}
accounts-invited = Invited until
accounts-person-title = Account
accounts-change = Change how they get in
accounts-change-lead = Each of these is recorded with your name before it happens. What keeps somebody out happens at once. What lets somebody in waits for a second person, who gets the link. Closing an account takes no post away: duties stay with the post, and climb.
accounts-own = This is your own account. Somebody else who runs this service changes it.
accounts-reason = Why
accounts-reason-hint = Needed to remove what they sign in with, to close and to open again. Say how you know who is asking. No names of children or families.
accounts-reason-missing = Say why
accounts-done = What was changed
accounts-done-none = Nothing yet.
accounts-link-title = The link, shown once
accounts-link-lead = Speak to { $name } first, face to face or at a number you know. Then give them this by a way that only they read. It works once, until { $until }. It is not kept here and cannot be shown again.
accountis-open = Open
accountis-invited = Invited, not set up
accountis-no-way = Not set up
accountis-closed = Closed
ways-passkeys = { $count ->
    [one] Passkey
   *[other] { $count } passkeys
}
access-invited = Invited
access-sessions-ended = Every session ended
access-ways-removed = What they sign in with removed
access-closed = Closed
access-re-opened = Opened again
access-do-invited = Ask for a new invitation
access-do-sessions-ended = End every session
access-do-ways-removed = Remove what they sign in with
access-do-closed = Close the account
access-do-re-opened = Ask to open it again

newcomer-title = Invite somebody
newcomer-lead = They are added with your name beside it. They hold no post and cannot get in until somebody who answers for the service agrees; whoever agrees gets the link that is shown once, and hands it over.
newcomer-name = Name
newcomer-email = Work e-mail
newcomer-email-hint = They sign in as this, and notices without personal data go there.
newcomer-registered = Registration
newcomer-registered-yes = A registered social worker
newcomer-posts = Posts
newcomer-posts-hint = From the agency’s reviewed file. A post has one holder: once agreed, it is taken from whoever holds it now. Whoever runs this service holds no other post.
newcomer-send = Ask that they be let in

seat-title = Posts
seat-lead = Each of these is recorded with your name. Taking a post away happens at once; giving one waits for a second person. A post has one holder: once agreed, it is taken from whoever holds it now. What a post has falls to its deputy the moment nobody holds it.
seat-post = Give a post
seat-choose = Choose a post
seat-until = Last day
seat-until-hint = Leave this empty when it has none.
seat-give = Ask for this post
seat-leave = Take this post away
seat-held-until = { $post }, until { $until }
seat-name-empty = Write their name
seat-email = Write a work e-mail, like name@northmere.example
seat-email-taken = Somebody signs in as this already
seat-post-missing = Select a post
seat-post-unknown = Select posts from the list
seat-post-apart = Whoever runs this service holds no other post: choose one or the other
seat-until-unread = Write the last day as day, month and year, or leave it empty
seat-until-passed = The last day must not have passed
