//! What every page about a concern begins with: which it is, who has it now and who tonight.

use crate::i18n::{Html, Texts};
use crate::web::components::button::Button;
use crate::web::components::identity_bar::IdentityBar;
use crate::web::components::sub_navigation::SubNavigation;
use crate::web::components::tag::Tag;

/// A page of a concern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Summary.
    Summary,
    /// Who knew what, when.
    Timeline,
    /// People and places.
    People,
    /// Deciding.
    Decide,
    /// Telling whoever reported.
    Reporter,
    /// Who may know of it.
    Restriction,
    /// What is held and what is erased.
    Keeping,
}

/// The head of a concern.
#[derive(Clone, Debug)]
pub struct Head<'a> {
    /// The words.
    pub t: &'a Texts,
    /// The reference.
    pub reference: String,
    /// Initials and ages.
    pub who: String,
    /// The day counted from being told, or nothing when closed.
    pub day: Option<i64>,
    /// Who has it: name and until when, or the post.
    pub with: String,
    /// Who has it tonight, and their number.
    pub tonight: Option<(String, String)>,
    /// To whom it was sent and when, while nobody has accepted.
    pub unaccepted: Option<(String, String)>,
    /// Whether it is restricted.
    pub restricted: bool,
    /// Whether this person decides.
    pub may_decide: bool,
    /// Whether this person tells whoever reported.
    pub may_tell: bool,
    /// Whether this person may add.
    pub may_add: bool,
    /// Whether this person may restrict it, or look at its restriction.
    pub may_restrict: bool,
    /// Whether this person keeps the record: holds and erasures.
    pub may_keep: bool,
}

impl Head<'_> {
    /// The title of a page about this concern: the page and the reference, never a name.
    #[must_use]
    pub fn title(&self, page: &str) -> String {
        self.t
            .msg("concern-title")
            .arg("page", page)
            .arg("reference", &self.reference)
            .text()
    }

    /// The bar.
    #[must_use]
    pub fn bar(&self) -> IdentityBar {
        let t = self.t;
        let tag = match self.day {
            Some(day) => Tag::new(t.msg("concern-state-open").n("day", day).text(), "purple"),
            None => Tag::new(t.get("concern-state-closed"), "grey"),
        };
        let add = Button::link(t.get("concern-add"), format!("/concerns/{}#add", self.reference));
        IdentityBar {
            label: t.msg("concern-bar").arg("reference", &self.reference).text(),
            reference: self.reference.clone(),
            who: self.who.clone(),
            tag,
            actions: if self.may_add { vec![add] } else { Vec::new() },
        }
    }

    /// The pages about this concern that this person has.
    #[must_use]
    pub fn nav(&self, tab: Tab) -> SubNavigation {
        let t = self.t;
        let at = |page: &str| format!("/concerns/{}{page}", self.reference);
        let mut nav = SubNavigation::new(t.get("concern-nav"))
            .item(t.get("concern-summary"), at(""), tab == Tab::Summary)
            .item(t.get("concern-timeline"), at("/timeline"), tab == Tab::Timeline)
            .item(t.get("concern-people"), at("/people"), tab == Tab::People);
        if self.may_decide {
            nav = nav.item(t.get("concern-decide"), at("/decide"), tab == Tab::Decide);
        }
        if self.may_tell {
            nav = nav.item(t.get("concern-reporter"), at("/reporter"), tab == Tab::Reporter);
        }
        if self.may_restrict {
            let here = tab == Tab::Restriction;
            nav = nav.item(t.get("restriction-tab"), at("/restriction"), here);
        }
        if self.may_keep {
            nav = nav.item(t.get("keeping-tab"), at("/keeping"), tab == Tab::Keeping);
        }
        nav
    }

    /// Who has it now and who tonight.
    #[must_use]
    pub fn standing(&self) -> Html {
        let t = self.t;
        match &self.tonight {
            Some((tonight, number)) => {
                let message = t.msg("concern-with").arg("who", &self.with);
                message.arg("tonight", tonight).arg("number", number).html()
            }
            None => t.msg("concern-with-only").arg("who", &self.with).html(),
        }
    }

    /// That nobody has accepted it yet, when it is so.
    #[must_use]
    pub fn nobody(&self) -> Option<String> {
        let (who, when) = self.unaccepted.as_ref()?;
        Some(
            self.t
                .msg("concern-nobody")
                .arg("who", who)
                .arg("when", when)
                .text(),
        )
    }
}
