//! Who is acting, in which post.

use domain::id::{PostId, PractitionerId};
use domain::record::Actor;

/// A practitioner acting in a post they hold, as a session says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acting {
    /// Who.
    pub practitioner: PractitionerId,
    /// In which post.
    pub post: PostId,
    /// The piece of work: one sign-in. What is shown in it is written once.
    pub work: domain::id::StreamId,
}

impl Acting {
    /// As records name them.
    pub fn actor(&self) -> Actor {
        Actor::Practitioner {
            who: self.practitioner,
            post: self.post.clone(),
        }
    }
}
