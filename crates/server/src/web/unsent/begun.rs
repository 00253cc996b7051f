//! What somebody began on a page and has not sent, given back to that page.

use node::app::unsent::Unsent;

use crate::error::Error;
use crate::web::components::layout::Begun as Strip;
use crate::web::site::{Posted, Site, Staff, fault, jiff_of};

/// What was begun on one page; nothing, when nothing was.
#[derive(Clone, Debug, Default)]
pub struct Begun {
    /// The form as posted. Empty when nothing was begun.
    pub form: Posted,
    /// What the page says about it.
    pub strip: Option<Strip>,
}

impl Begun {
    /// What this person began at an address; `key` tells apart forms of one page.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn at(site: &Site, who: &Staff, place: &str, key: &str) -> Result<Self, Error> {
        let found = site.node().unsent_at(who.acting.practitioner, place, key).await;
        Ok(found
            .map_err(fault)?
            .map_or_else(Self::default, |one| Self::of(site, one)))
    }

    fn of(site: &Site, one: Unsent) -> Self {
        let when = site.when();
        let strip = Strip {
            since: when.near(jiff_of(one.at)),
            drop: format!("/unsent/{}", one.id),
        };
        Self {
            form: Posted(one.fields),
            strip: Some(strip),
        }
    }

    /// Whether something was begun.
    #[must_use]
    pub const fn is_some(&self) -> bool {
        self.strip.is_some()
    }
}
