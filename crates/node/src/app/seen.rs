//! Colleagues named in a report, and how often a person was named before: exact comparisons within the node.

use domain::id::PractitionerId;
use domain::person::{Name, Phone, Postcode};
use domain::view::{Concern, SubjectKind};

use super::AppError;
use super::report::Mention;
use crate::Inner;
use crate::content::Content;

/// Whether a mention is this colleague: the name, and one thing more (telephone, address, date of birth, workplace).
fn is_colleague(mention: &Mention, entry: &Content, agency: &str) -> bool {
    let words = |text: &str| {
        let mut words = Name::parse(text).map(|n| n.words()).unwrap_or_default();
        words.sort();
        words
    };
    let name = words(&mention.name);
    if mention.kind != SubjectKind::Adult || name.len() < 2 || name != words(&entry.text("name")) {
        return false;
    }
    let phone = |text: &str| Phone::parse(text).ok().map(|p| p.digits().to_owned());
    let postcode = |text: &str| Postcode::parse(text).ok().map(|p| p.as_str().to_owned());
    let same = |a: Option<String>, b: Option<String>| a.is_some() && a == b;
    let written = |a: &str, b: &str| !a.trim().is_empty() && a.trim().eq_ignore_ascii_case(b.trim());
    let place = mention.works_or_learns_at.to_lowercase();
    same(phone(&mention.phone), phone(&entry.text("phone")))
        || same(postcode(&mention.address), postcode(&entry.text("address")))
        || written(&mention.address, &entry.text("address"))
        || written(&mention.born, &entry.text("born"))
        || (!place.is_empty() && place.contains(&agency.to_lowercase()))
}

impl Inner {
    /// Colleagues named in a report as a person of concern or otherwise: they must meet nothing of it.
    pub(crate) async fn colleagues_named(
        &self,
        mentions: &[Mention],
    ) -> Result<Vec<PractitionerId>, AppError> {
        if !mentions.iter().any(|m| m.kind == SubjectKind::Adult) {
            return Ok(Vec::new());
        }
        let mut out = Vec::new();
        for practitioner in self.practitioners().await? {
            let entry = self.directory_entry(practitioner.id).await?;
            if mentions
                .iter()
                .any(|m| is_colleague(m, &entry, &self.agency.name))
            {
                out.push(practitioner.id);
            }
        }
        Ok(out)
    }

    /// Whether any mention is a colleague.
    pub(crate) async fn names_a_colleague(&self, mentions: &[Mention]) -> Result<bool, AppError> {
        Ok(!self.colleagues_named(mentions).await?.is_empty())
    }

    /// How many concerns in the last twelve months name the same person, this one included, by the keyed terms of
    /// whoever of this kind is named most often.
    pub(crate) async fn seen_before(&self, concern: &Concern, kind: SubjectKind) -> Result<u32, AppError> {
        let mut most = 1;
        let since = self.clock.now().plus_minutes(-60 * 24 * 365);
        for subject in concern
            .subjects
            .iter()
            .filter(|s| s.kind == kind && s.not_about.is_none())
        {
            let count = self
                .store
                .concerns_sharing_terms(concern.stream, subject.id, since, concern.tier.max(1))
                .await?;
            most = most.max(count.saturating_add(1));
        }
        Ok(most)
    }
}
