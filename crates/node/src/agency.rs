//! The agency as plain rows: posts, hours, deputies, channels, ladders. The reviewed file is parsed into these.
//!
//! `role` is a code of `domain::policy::Role`; `app::posts` is the only reader of these rows.

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
}
