//! Which concern this is, on every page about it.

use askama::Template;

use super::button::Button;
use super::tag::Tag;

/// MOJ Identity bar: the reference, initials and age, a state, and what can be done.
#[derive(Clone, Debug, Template)]
#[template(path = "components/identity_bar/template.html")]
pub struct IdentityBar {
    /// The name of the region: "Concern NM-7K4X-29QD".
    pub label: String,
    /// The reference.
    pub reference: String,
    /// Initials and age; never a full name.
    pub who: String,
    /// The state.
    pub tag: Tag,
    /// Buttons.
    pub actions: Vec<Button>,
}

impl askama::filters::HtmlSafe for IdentityBar {}
