//! A sharing agreement as data: who may share what with whom, for which purpose, through which legal gateway, until
//! when. It is checked each time two records meet and each time anything is disclosed; without one in force nothing is.
//!
//! Law: the gateways are anchors of `docs/law.md`; the agreement names them and this module does not interpret them.

use crate::time::Instant;
use std::collections::BTreeSet;

/// A party to an agreement, as the network names it: opaque, 16 bytes.
pub type PartyHandle = [u8; 16];

/// One purpose of sharing, with the gateways that allow it and the fields it may need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// Its code in the rule pack.
    pub code: u16,
    /// Anchors of the legal gateways, any one of which must be named.
    pub gateways: BTreeSet<String>,
    /// Fields that may be asked for. Empty means none.
    pub fields: BTreeSet<String>,
}

/// One agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Its scope on the network.
    pub scope: [u8; 16],
    /// Its version; a new version is a new signature by every party.
    pub version: u32,
    /// The parties.
    pub parties: BTreeSet<PartyHandle>,
    /// Pairs that may not share although both are parties, in ascending order.
    pub apart: BTreeSet<(PartyHandle, PartyHandle)>,
    /// What it is for.
    pub purposes: Vec<Purpose>,
    /// In force from this moment.
    pub from: Instant,
    /// No longer in force at this moment.
    pub until: Instant,
}

/// Why an agreement does not allow something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// Not yet, or no longer, in force.
    #[error("the agreement is not in force")]
    NotInForce,
    /// One of them has not signed it.
    #[error("not a party to the agreement")]
    NotAParty,
    /// These two are kept apart by it.
    #[error("the agreement keeps these two apart")]
    Apart,
    /// The purpose is not one of its purposes.
    #[error("the agreement is not for this purpose")]
    Purpose,
    /// The gateway named does not allow that purpose.
    #[error("the gateway does not allow this purpose")]
    Gateway,
    /// A field is beyond what the purpose may need.
    #[error("a field is beyond the purpose")]
    Field,
}

impl Agreement {
    /// Whether records of two parties may meet now.
    ///
    /// # Errors
    /// [`NotAllowed`] names the rule.
    pub fn may_meet(&self, a: PartyHandle, b: PartyHandle, now: Instant) -> Result<(), NotAllowed> {
        if now < self.from || now >= self.until {
            return Err(NotAllowed::NotInForce);
        }
        if a == b || !self.parties.contains(&a) || !self.parties.contains(&b) {
            return Err(NotAllowed::NotAParty);
        }
        let pair = if a < b { (a, b) } else { (b, a) };
        if self.apart.contains(&pair) {
            Err(NotAllowed::Apart)
        } else {
            Ok(())
        }
    }

    /// Whether one party may disclose these fields to another now, for a purpose, through a gateway.
    ///
    /// # Errors
    /// [`NotAllowed`] names the rule.
    pub fn may_disclose<'a>(
        &self,
        pair: (PartyHandle, PartyHandle),
        purpose: u16,
        gateway: &str,
        fields: impl IntoIterator<Item = &'a str>,
        now: Instant,
    ) -> Result<(), NotAllowed> {
        self.may_meet(pair.0, pair.1, now)?;
        let purpose = self
            .purposes
            .iter()
            .find(|p| p.code == purpose)
            .ok_or(NotAllowed::Purpose)?;
        if !purpose.gateways.contains(gateway) {
            return Err(NotAllowed::Gateway);
        }
        if fields.into_iter().all(|field| purpose.fields.contains(field)) {
            Ok(())
        } else {
            Err(NotAllowed::Field)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agreement() -> Agreement {
        let purpose = Purpose {
            code: 1,
            gateways: ["CA2004-s11".to_owned()].into(),
            fields: ["allocated-worker".to_owned(), "plan".to_owned()].into(),
        };
        Agreement {
            scope: [1; 16],
            version: 1,
            parties: [[1; 16], [2; 16], [3; 16]].into(),
            apart: [([1; 16], [3; 16])].into(),
            purposes: vec![purpose],
            from: Instant(100),
            until: Instant(200),
        }
    }

    #[test]
    fn only_in_force_only_parties_only_together() {
        let a = agreement();
        assert_eq!(a.may_meet([1; 16], [2; 16], Instant(100)), Ok(()));
        assert_eq!(
            a.may_meet([1; 16], [2; 16], Instant(99)),
            Err(NotAllowed::NotInForce)
        );
        assert_eq!(
            a.may_meet([1; 16], [2; 16], Instant(200)),
            Err(NotAllowed::NotInForce)
        );
        assert_eq!(
            a.may_meet([1; 16], [1; 16], Instant(150)),
            Err(NotAllowed::NotAParty)
        );
        assert_eq!(
            a.may_meet([1; 16], [9; 16], Instant(150)),
            Err(NotAllowed::NotAParty)
        );
        assert_eq!(a.may_meet([3; 16], [1; 16], Instant(150)), Err(NotAllowed::Apart));
    }

    #[test]
    fn disclosure_needs_purpose_gateway_and_every_field() {
        let a = agreement();
        let ask = |purpose, gateway, fields: &[&str]| {
            a.may_disclose(
                ([1; 16], [2; 16]),
                purpose,
                gateway,
                fields.iter().copied(),
                Instant(150),
            )
        };
        assert_eq!(ask(1, "CA2004-s11", &["plan"]), Ok(()));
        assert_eq!(ask(2, "CA2004-s11", &["plan"]), Err(NotAllowed::Purpose));
        assert_eq!(ask(1, "CA1989-s47", &["plan"]), Err(NotAllowed::Gateway));
        assert_eq!(
            ask(1, "CA2004-s11", &["plan", "reporter"]),
            Err(NotAllowed::Field)
        );
    }
}
