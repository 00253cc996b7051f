//! The agency as plain rows: posts, hours, deputies, channels, ladders. The reviewed file is parsed into these.
//!
//! `role` is a code of `domain::policy::Role`; `app::posts` is the only reader of these rows. [`AgencyFile::parse`] refuses
//! what cannot work, with file, line and reason; [`check`] says what works and should still be looked at.

mod check;
mod file;
mod ladders;

pub use check::{Finding, Level, check};
pub use file::{AgencyFile, Setting, Team};

use domain::hours::Hours;
use domain::id::{AgencyId, PostId};
use domain::ladder::Ladder;

/// A named responsibility.
#[derive(Clone, Debug)]
pub struct Post {
    /// `agency/post`.
    pub id: PostId,
    /// Its title, in English.
    pub title: String,
    /// What it is: a role's code.
    pub role: String,
    /// The code of its team.
    pub team: Option<String>,
    /// When it is open.
    pub hours: Hours,
    /// The post whose holder acts when this one's is away.
    pub deputy: Option<PostId>,
    /// How it is told: `screen`, `email`, `text`, `telephone`.
    pub channels: Vec<String>,
    /// The number others ring.
    pub phone: Option<String>,
}

/// The agency a node is of.
#[derive(Clone, Debug)]
pub struct Agency {
    /// Its code.
    pub id: AgencyId,
    /// Its name.
    pub name: String,
    /// Two capital letters that begin its references.
    pub prefix: [char; 2],
    /// The number to ring by day.
    pub day_phone: String,
    /// The number to ring at night and at weekends.
    pub night_phone: String,
    /// Its posts.
    pub posts: Vec<Post>,
    /// Its ladders.
    pub ladders: Vec<Ladder>,
    /// The agencies whose posts are hosted here, by name.
    pub partners: Vec<(AgencyId, String)>,
    /// SHA-256 of the reviewed file it was read from, in hexadecimal; empty for one that was not.
    pub digest: String,
}

impl Agency {
    /// The name of this agency or of a partner, by its code; the code itself for one that the file does not name.
    pub fn name_of<'a>(&'a self, code: &'a str) -> &'a str {
        if self.id.as_str() == code {
            return &self.name;
        }
        let partner = self.partners.iter().find(|(id, _)| id.as_str() == code);
        partner.map_or(code, |(_, name)| name)
    }

    /// The ladder of a kind for an owner: its team's own, where the file has one, else the agency's.
    pub fn ladder_for(&self, kind: &str, owner: &PostId) -> Option<&Ladder> {
        let post = self.posts.iter().find(|post| post.id == *owner);
        let team = post
            .and_then(|post| post.team.as_ref())
            .map(|team| format!("{kind}/{team}"));
        let own = team.and_then(|id| self.ladders.iter().find(|ladder| ladder.id == id));
        own.or_else(|| self.ladders.iter().find(|ladder| ladder.id == kind))
    }
}

#[cfg(test)]
mod tests;
