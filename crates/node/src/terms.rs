//! Keyed search terms: an HMAC of each normalised word, prefix or piece, so that a table of them says nothing.

use domain::person::{Name, NhsNumber, Phone, Postcode, VehicleMark};
use domain::view::SubjectKind;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::app::report::Mention;
use crate::keys::Keys;

/// The terms under which a mention can be found.
pub(crate) fn of(mention: &Mention) -> Vec<String> {
    let mut out = Vec::new();
    match mention.kind {
        SubjectKind::Vehicle => out.extend(
            VehicleMark::parse(&mention.name)
                .map(|m| m.search_terms())
                .unwrap_or_default(),
        ),
        SubjectKind::Phone => out.extend(
            Phone::parse(&mention.name)
                .map(|p| p.search_terms())
                .unwrap_or_default(),
        ),
        _ => out.extend(
            Name::parse(&mention.name)
                .map(|n| n.search_terms())
                .unwrap_or_default(),
        ),
    }
    out.extend(
        Phone::parse(&mention.phone)
            .map(|p| p.search_terms())
            .unwrap_or_default(),
    );
    out.extend(
        NhsNumber::parse(&mention.nhs_number)
            .map(|n| n.search_terms())
            .unwrap_or_default(),
    );
    out.extend(
        Postcode::parse(&mention.address)
            .map(|p| p.search_terms())
            .unwrap_or_default(),
    );
    out.sort();
    out.dedup();
    out
}

/// A term as the table holds it.
pub(crate) fn keyed(keys: &Keys, term: &str) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(keys.search.expose()) else {
        return Vec::new();
    };
    mac.update(term.as_bytes());
    mac.finalize().into_bytes().iter().take(16).copied().collect()
}
