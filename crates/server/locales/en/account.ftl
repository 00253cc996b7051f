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


erasereason-wrong-person = It is about the wrong person
erasereason-unlawfully-held = It is held unlawfully
erasereason-court-order = A court orders it
erasereason-retention-ended = The time for keeping it has ended
erasereason-must-not-be-held = Nobody may hold it

