//! The kinds of record. Few, and each one sentence.

macro_rules! kinds {
    ($($(#[$doc:meta])+ $name:ident = $code:literal,)+) => {
        /// What kind of fact a record is. The code is part of the byte form and never changes.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Kind {
            $($(#[$doc])+ $name,)+
        }

        impl Kind {
            /// Every kind, in the order they are written here.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The code written into the record.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The kind with this code, if there is one.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

kinds! {
    // A concern, as it comes in.
    /// One paragraph somebody wrote or said: who said it, about whom, and whether fact, opinion or reported speech.
    Paragraph = "paragraph",
    /// A child, adult, vehicle, phone, handle, device, place or organisation mentioned, with its role.
    SubjectNamed = "subject-named",
    /// The concern itself: last of its parts, and naming them.
    Raised = "raised",
    /// Who reported, how to reach them safely and what they wish: in a stream of its own.
    ReporterNamed = "reporter-named",
    /// The way back was switched off by whoever holds it.
    WayBackEnded = "way-back-ended",
    /// Somebody's organisation was confirmed by its listed address or published number.
    ReporterConfirmed = "reporter-confirmed",
    /// Somebody says they told us before and finds no record.
    EarlierTellingClaimed = "earlier-telling-claimed",

    // Who has it.
    /// The post that is accountable from now on.
    Owned = "owned",
    /// A hand-over offered to another post or agency; the sender keeps it until it is accepted.
    HandOverOffered = "hand-over-offered",
    /// A hand-over accepted.
    HandOverAccepted = "hand-over-accepted",
    /// A hand-over refused, with a reason.
    HandOverRefused = "hand-over-refused",
    /// The tier under which a stream is held, and to whom it is restricted.
    TierSet = "tier-set",
    /// Somebody who must not know, be told or decide; follows the person through every post.
    Excluded = "excluded",
    /// A restriction looked at by its custodian and kept or ended.
    RestrictionReviewed = "restriction-reviewed",

    // Duties and their clocks.
    /// A duty with its owner, its clock, its rule and when it is due.
    DutyMade = "duty-made",
    /// A duty's due time changed because the rules did: both times stay.
    ReDated = "re-dated",
    /// A person took a duty on.
    Accepted = "accepted",
    /// What was done about a duty: done, in part, tried, no longer needed, cannot be done, cannot by then.
    Answered = "answered",
    /// The time ran out.
    Lapsed = "lapsed",
    /// A duty climbed to the next rung.
    Climbed = "climbed",
    /// A rung was stepped over: vacant, excluded, out of hours, or the same person.
    SteppedOver = "stepped-over",
    /// Waiting for somebody else, beside a running clock.
    Waiting = "waiting",
    /// How a post is told, and what has become of it: queued, sent, delivered, opened, accepted, failed.
    Notice = "notice",
    /// A question asked by somebody a duty climbed to.
    Asked = "asked",

    // Deciding.
    /// What is to happen, for one child in one concern, with a reason.
    Decided = "decided",
    /// What kind of concern it is, as a reader marked it. Marks are added to and never taken away.
    Marked = "marked",
    /// A second person agreed or disagreed with a decision before it took effect.
    SecondRead = "second-read",
    /// The person who reported was told, in one of two forms, or it was not safe to.
    ReporterTold = "reporter-told",
    /// Somebody disagrees with a decision.
    Disagreed = "disagreed",
    /// Nothing more is to be done for one subject.
    Closed = "closed",
    /// Opened again. No clock restarts.
    ReOpened = "re-opened",
    /// Called something else. No clock restarts.
    ReLabelled = "re-labelled",

    // Adding and putting right.
    /// Something added later.
    Added = "added",
    /// A correction: stands beside what it corrects.
    Corrected = "corrected",
    /// Somebody says an entry is wrong; it stays, and so does what they say.
    Disputed = "disputed",
    /// An entry is not about this person: gone from every view of them, proof kept.
    NotAboutThisPerson = "not-about-this-person",
    /// Put the case file's reference beside a concern.
    HandedToCaseFile = "handed-to-case-file",

    // Looking.
    /// What was shown to whom and why, written before it was shown.
    Shown = "shown",

    // Holding and erasing.
    /// A hold: nothing on the stream may be erased while it stands.
    HoldSet = "hold-set",
    /// One body agreed to release a hold; it ends when two have.
    HoldReleased = "hold-released",
    /// One field is asked to be erased: hidden from now, recoverable until the waiting time ends.
    ErasureAsked = "erasure-asked",
    /// A second person outside the line agreed.
    ErasureAgreed = "erasure-agreed",
    /// An erasure was refused, and why.
    ErasureRefused = "erasure-refused",
    /// A pending erasure was taken back.
    ErasureWithdrawn = "erasure-withdrawn",
    /// The key was destroyed: what kind of field, why, who asked, who agreed.
    Erased = "erased",
    /// "This must not be here": unreadable to all at once, for the police.
    MustNotBeHere = "must-not-be-here",

    // The node's own affairs.
    /// A practitioner, known by a handle.
    PractitionerAdded = "practitioner-added",
    /// A practitioner took up a post.
    PostTaken = "post-taken",
    /// A practitioner left a post.
    PostLeft = "post-left",
    /// A practitioner is away between two times; deputies hold what is theirs.
    Away = "away",
    /// How somebody gets in was changed by another: invited again, sessions ended, ways to sign in removed, closed, re-opened.
    AccessChanged = "access-changed",
    /// Somebody is asked to be let in: new, into a post, by a new invitation, or again. Nothing changes yet.
    AccessAsked = "access-asked",
    /// A second person agreed to it: what was asked is written beside this.
    AccessAgreed = "access-agreed",
    /// A second person refused it, with a reason, or who asked took it back.
    AccessRefused = "access-refused",
    /// An inspector's access asked for by one post: power relied on, scope, from and until when.
    GrantAsked = "grant-asked",
    /// A second post agreed to it: it is in force between its times, and ends by itself.
    GrantAgreed = "grant-agreed",
    /// It was ended before its time.
    GrantEnded = "grant-ended",
    /// The agency's posts, hours, deputies and ladders, as loaded from the reviewed file.
    AgencyLoaded = "agency-loaded",
    /// The rule pack in force.
    RulesLoaded = "rules-loaded",
    /// The policy text in force.
    PolicyLoaded = "policy-loaded",
    /// A key began to speak for the log or for records, and from which size.
    KeyBegan = "key-began",
    /// A new epoch re-wrapped every stream's key.
    EpochBegan = "epoch-began",
    /// An old epoch key was destroyed.
    EpochEnded = "epoch-ended",
    /// The node was down, or its clock jumped: between which times, and who confirmed.
    TimeGap = "time-gap",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(*kind));
        }
        let unique: std::collections::BTreeSet<_> = Kind::ALL.iter().map(|k| k.code()).collect();
        assert_eq!(unique.len(), Kind::ALL.len());
    }
}
