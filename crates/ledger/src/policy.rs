//! Whose signatures are enough: logs, witnesses, groups and a quorum (C2SP `tlog-policy`).
//!
//! One addition that other software passes over as a comment: a line `#issuer <vkey>` names a key that
//! an agency signs its records with, so that one file holds every key an outsider needs.

use crate::checkpoint::SignedCheckpoint;
use crate::key::{KeyError, NOTE, VerifierKey};
use crate::note::NoteError;
use crate::text;
use thiserror::Error;

/// The longest policy file read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// Why a policy file was refused. Lines count from 1.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("line {line} of the policy: {reason}")]
pub struct PolicyError {
    /// Line number; the number after the last line when something is missing.
    pub line: usize,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with a line of a policy.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Reason {
    /// The file is longer than [`MAX_BYTES`] or a key or number cannot be as long as this.
    #[error("the file is too long")]
    TooLong,
    /// A control character other than tab and newline.
    #[error("it holds a control character")]
    Control,
    /// Not log, witness, group or quorum.
    #[error("it begins with none of log, witness, group and quorum")]
    Word,
    /// Too few or too many items.
    #[error("it has too few or too many items")]
    Items,
    /// The key cannot be read.
    #[error("{0}")]
    Key(#[from] KeyError),
    /// A witness key that signs notes without a time, or an issuer key of another kind.
    #[error("the key is not of the kind this line needs")]
    KeyKind,
    /// The same public key twice among the logs or among the witnesses.
    #[error("the same key stands on an earlier line")]
    KeyTwice,
    /// The name is taken, or is `none`.
    #[error("the name is already used, or is none")]
    NameTaken,
    /// A name that no earlier line defines.
    #[error("it names a witness or group that no earlier line defines")]
    Unknown,
    /// A member that is already in a group.
    #[error("it names a member that is already in a group")]
    MemberTwice,
    /// The number is not between 1 and the number of members.
    #[error("the number needed is not between 1 and the number of members")]
    Threshold,
    /// No quorum line, or more than one.
    #[error("there must be exactly one quorum line")]
    Quorum,
}

/// A log a policy accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The log's key; its name is the log's origin.
    pub key: VerifierKey,
    /// Where the log can be reached, if said.
    pub url: Option<String>,
}

/// A witness a policy knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Its name within the file; bytes, of no meaning elsewhere.
    pub name: Vec<u8>,
    /// Its key.
    pub key: VerifierKey,
    /// Where it can be reached, if said.
    pub url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    Witness(usize),
    Group(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    name: Vec<u8>,
    needed: usize,
    members: Vec<Member>,
}

/// A policy as read from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    /// `None` when the file says `quorum none`.
    quorum: Option<Member>,
    issuers: Vec<VerifierKey>,
}

/// What a policy makes of a checkpoint whose log it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The log key that signed.
    pub log: VerifierKey,
    /// Witnesses that signed: the name of the key, and the time each states (seconds since 1970).
    pub witnessed: Vec<(String, u64)>,
    /// Whether they are enough.
    pub quorum: bool,
}

/// Why a checkpoint is not accepted.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum NotAccepted {
    /// The policy does not name this log.
    #[error("the policy does not name the log {0}")]
    UnknownLog(String),
    /// No key the policy gives for this log has signed.
    #[error("no key that the policy gives for the log {0} has signed")]
    Unsigned(String),
    /// A signature by a known key does not hold.
    #[error("the signature by {0} does not hold")]
    Bad(String),
    /// Signed by the log, and by too few witnesses.
    #[error("only {witnesses} of the known witnesses have signed, which is fewer than the policy asks for")]
    Quorum {
        /// How many have.
        witnesses: usize,
    },
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// [`PolicyError`] with the line.
    pub fn parse(bytes: &[u8]) -> Result<Policy, PolicyError> {
        let at = |line: usize| move |reason: Reason| PolicyError { line, reason };
        if bytes.len() > MAX_BYTES {
            return Err(at(1)(Reason::TooLong));
        }
        let mut reading = Reading::default();
        let mut last = 0;
        for (line, content) in (1usize..).zip(bytes.split(|b| *b == b'\n')) {
            last = line;
            reading.line(content).map_err(at(line))?;
        }
        let quorum = reading.quorum.ok_or(Reason::Quorum).map_err(at(last))?;
        let Reading {
            logs,
            witnesses,
            groups,
            issuers,
            ..
        } = reading;
        Ok(Policy {
            logs,
            witnesses,
            groups,
            quorum,
            issuers,
        })
    }

    /// The logs it accepts.
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// The witnesses it knows.
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// Keys that agencies sign records with.
    pub fn issuers(&self) -> &[VerifierKey] {
        &self.issuers
    }

    /// Who signed a checkpoint, and whether that is enough.
    ///
    /// # Errors
    /// [`NotAccepted`], never [`NotAccepted::Quorum`].
    pub fn judge(&self, signed: &SignedCheckpoint) -> Result<Judged, NotAccepted> {
        let origin = &signed.checkpoint().origin;
        let logs: Vec<VerifierKey> = self
            .logs
            .iter()
            .filter(|log| log.key.name() == origin)
            .map(|log| log.key.clone())
            .collect();
        if logs.is_empty() {
            return Err(NotAccepted::UnknownLog(origin.clone()));
        }
        let refuse = |error| match error {
            NoteError::Bad(name) => NotAccepted::Bad(name),
            _ => NotAccepted::Unsigned(origin.clone()),
        };
        let by = signed.note().verified_by(&logs).map_err(refuse)?;
        let log = by
            .first()
            .and_then(|by| logs.get(by.key))
            .ok_or(NotAccepted::Unsigned(origin.clone()))?;
        let keys: Vec<VerifierKey> = self.witnesses.iter().map(|w| w.key.clone()).collect();
        let by = match signed.note().verified_by(&keys) {
            Ok(by) => by,
            Err(NoteError::Bad(name)) => return Err(NotAccepted::Bad(name)),
            Err(_) => Vec::new(),
        };
        let named = |place: usize| keys.get(place).map(|key| key.name().to_owned());
        let witnessed = by
            .iter()
            .filter_map(|by| Some((named(by.key)?, by.held.time?)))
            .collect();
        let have = |place: usize| by.iter().any(|by| by.key == place);
        let quorum = self.quorum.is_none_or(|member| self.has(member, &have));
        Ok(Judged {
            log: log.clone(),
            witnessed,
            quorum,
        })
    }

    /// As [`Policy::judge`], and refuses a checkpoint with too few witnesses.
    ///
    /// # Errors
    /// [`NotAccepted`].
    pub fn accept(&self, signed: &SignedCheckpoint) -> Result<Judged, NotAccepted> {
        let judged = self.judge(signed)?;
        if judged.quorum {
            Ok(judged)
        } else {
            Err(NotAccepted::Quorum {
                witnesses: judged.witnessed.len(),
            })
        }
    }

    /// Whether a witness, or enough of a group, have signed. A group names only earlier groups, so this ends.
    fn has(&self, member: Member, have: &dyn Fn(usize) -> bool) -> bool {
        match member {
            Member::Witness(place) => have(place),
            Member::Group(place) => self.groups.get(place).is_some_and(|group| {
                group
                    .members
                    .iter()
                    .filter(|member| self.has(**member, have))
                    .count()
                    >= group.needed
            }),
        }
    }
}

/// A policy while its lines are read.
#[derive(Default)]
struct Reading {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    grouped: Vec<Member>,
    quorum: Option<Option<Member>>,
    issuers: Vec<VerifierKey>,
}

impl Reading {
    fn line(&mut self, content: &[u8]) -> Result<(), Reason> {
        if content.iter().any(|b| (*b < 0x20 && *b != b'\t') || *b == 0x7f) {
            return Err(Reason::Control);
        }
        let mut items = content
            .split(|b| *b == b' ' || *b == b'\t')
            .filter(|item| !item.is_empty());
        let Some(word) = items.next() else { return Ok(()) };
        let items: Vec<&[u8]> = items.collect();
        match word {
            b"#issuer" => self.issuer(&items),
            comment if comment.starts_with(b"#") => Ok(()),
            b"log" => self.log(&items),
            b"witness" => self.witness(&items),
            b"group" => self.group(&items),
            b"quorum" => self.quorum(&items),
            _ => Err(Reason::Word),
        }
    }

    fn issuer(&mut self, items: &[&[u8]]) -> Result<(), Reason> {
        let [key] = items else { return Err(Reason::Items) };
        let key = read_key(key)?;
        if key.algorithm() != NOTE {
            return Err(Reason::KeyKind);
        }
        if self.issuers.contains(&key) {
            return Err(Reason::KeyTwice);
        }
        self.issuers.push(key);
        Ok(())
    }

    fn log(&mut self, items: &[&[u8]]) -> Result<(), Reason> {
        let (key, url) = match items {
            [key] => (key, None),
            [key, url] => (key, Some(*url)),
            _ => return Err(Reason::Items),
        };
        let key = read_key(key)?;
        if self.logs.iter().any(|log| log.key.material() == key.material()) {
            return Err(Reason::KeyTwice);
        }
        self.logs.push(Log {
            key,
            url: url.map(lossy),
        });
        Ok(())
    }

    fn witness(&mut self, items: &[&[u8]]) -> Result<(), Reason> {
        let (name, key, url) = match items {
            [name, key] => (name, key, None),
            [name, key, url] => (name, key, Some(*url)),
            _ => return Err(Reason::Items),
        };
        let key = read_key(key)?;
        if key.algorithm() == NOTE {
            return Err(Reason::KeyKind);
        }
        if self.witnesses.iter().any(|w| w.key.material() == key.material()) {
            return Err(Reason::KeyTwice);
        }
        self.new_name(name)?;
        self.witnesses.push(Witness {
            name: name.to_vec(),
            key,
            url: url.map(lossy),
        });
        Ok(())
    }

    fn group(&mut self, items: &[&[u8]]) -> Result<(), Reason> {
        let [name, needed, members @ ..] = items else {
            return Err(Reason::Items);
        };
        if members.is_empty() {
            return Err(Reason::Items);
        }
        self.new_name(name)?;
        let needed = match *needed {
            b"all" => members.len(),
            b"any" => 1,
            number => {
                let number = std::str::from_utf8(number).ok().and_then(text::from_decimal);
                let number = number.and_then(|n| usize::try_from(n).ok());
                number
                    .filter(|n| (1..=members.len()).contains(n))
                    .ok_or(Reason::Threshold)?
            }
        };
        let mut found = Vec::with_capacity(members.len());
        for member in members {
            let member = self.find(member)?;
            if self.grouped.contains(&member) {
                return Err(Reason::MemberTwice);
            }
            self.grouped.push(member);
            found.push(member);
        }
        self.groups.push(Group {
            name: name.to_vec(),
            needed,
            members: found,
        });
        Ok(())
    }

    fn quorum(&mut self, items: &[&[u8]]) -> Result<(), Reason> {
        let [name] = items else { return Err(Reason::Items) };
        if self.quorum.is_some() {
            return Err(Reason::Quorum);
        }
        self.quorum = Some(if *name == b"none" {
            None
        } else {
            Some(self.find(name)?)
        });
        Ok(())
    }

    fn find(&self, name: &[u8]) -> Result<Member, Reason> {
        let witness = self
            .witnesses
            .iter()
            .position(|w| w.name == name)
            .map(Member::Witness);
        let group = || self.groups.iter().position(|g| g.name == name).map(Member::Group);
        witness.or_else(group).ok_or(Reason::Unknown)
    }

    fn new_name(&self, name: &[u8]) -> Result<(), Reason> {
        if name == b"none" || self.find(name).is_ok() {
            Err(Reason::NameTaken)
        } else {
            Ok(())
        }
    }
}

fn read_key(item: &[u8]) -> Result<VerifierKey, Reason> {
    let text = std::str::from_utf8(item).map_err(|_| KeyError::Name)?;
    Ok(VerifierKey::parse(text)?)
}

/// URLs are for people and programs that reach a log; bytes that are not UTF-8 become marks.
fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
