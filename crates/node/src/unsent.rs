//! How what was typed and not sent is found again, and under which keys it lies.
//!
//! Everything is sealed under a key of the newest epoch, so that an old backup opens no longer than its epoch. What a
//! member of the public asked to keep is sealed once more under a key made from the code they were shown: without the
//! code this node cannot read it. The code is made slow to try, and long: nobody who holds store *and* keys can try them
//! all within the day it lasts.

use domain::id::PractitionerId;
use zeroize::Zeroizing;

use crate::app::AppError;
use crate::keys::{Keys, Secret};
use crate::random;
use crate::way_back::{ALPHABET, keyed, plain, slow};

/// How many letters a code has: 31 to the power of 10, about 2⁴⁹·⁵.
const LETTERS: usize = 10;

/// Whose unsent words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Whose {
    /// Somebody's with an account.
    Account(PractitionerId),
    /// Somebody's whose session had ended when they were sent: only that browser and that account open them.
    Ended(PractitionerId),
    /// Somebody's who asked for a code.
    Asked,
}

impl Whose {
    /// What their rows are listed under.
    pub(crate) fn tag(self, keys: &Keys) -> [u8; 32] {
        match self {
            Self::Account(who) => keyed(keys, "unsent-account", &who.0),
            Self::Ended(who) => keyed(keys, "unsent-ended", &who.0),
            Self::Asked => keyed(keys, "unsent-asked", &[]),
        }
    }
}

/// The id of somebody's unsent form: one for each person, page and key of the form.
pub(crate) fn id(keys: &Keys, whose: Whose, place: &str, key: &str) -> [u8; 32] {
    let owner = whose.tag(keys);
    keyed(
        keys,
        "unsent-id",
        &[owner.as_slice(), place.as_bytes(), &[0], key.as_bytes()].concat(),
    )
}

/// A new code, such as `7H4K2 PQMR9`.
pub(crate) fn code() -> Result<Zeroizing<String>, AppError> {
    let mut letters = Vec::with_capacity(LETTERS);
    while letters.len() < LETTERS {
        let some = random::bytes::<32>()?;
        let fair = some.iter().map(|byte| byte % 32).filter(|byte| *byte != 31);
        letters.extend(fair.take(LETTERS.saturating_sub(letters.len())));
    }
    let mut out = String::with_capacity(LETTERS.saturating_add(1));
    for (place, letter) in letters.into_iter().enumerate() {
        if place == LETTERS / 2 {
            out.push(' ');
        }
        out.push(char::from(*ALPHABET.get(usize::from(letter)).unwrap_or(&b'2')));
    }
    Ok(Zeroizing::new(out))
}

/// What a code opens: where it lies, and the key.
pub(crate) struct Opens {
    pub(crate) id: [u8; 32],
    pub(crate) key: Secret,
}

/// What a code opens, however it is typed. Slow, and as slow for a code that never was.
pub(crate) fn opens(keys: &Keys, code: &str) -> Result<Opens, AppError> {
    let salt = keyed(keys, "unsent-salt", &[]);
    let code = Zeroizing::new(plain(code));
    let mut root = Zeroizing::new([0_u8; 32]);
    slow()?
        .hash_password_into(code.as_bytes(), &salt, root.as_mut_slice())
        .map_err(|e| AppError::Broken(e.to_string()))?;
    Ok(Opens {
        id: keyed(keys, "unsent-code-id", root.as_slice()),
        key: Secret::new(keyed(keys, "unsent-code-key", root.as_slice())),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed_and_opens_one_thing() {
        let home = tempfile::tempdir().unwrap();
        let keys = Keys::open(&home.path().join("keys"), true).unwrap();
        let (one, two) = (code().unwrap(), code().unwrap());
        assert_eq!(one.len(), LETTERS + 1);
        assert_ne!(*one, *two);
        let opened = opens(&keys, &one).unwrap();
        let typed = opens(&keys, &one.to_lowercase().replace(' ', "-")).unwrap();
        assert_eq!((opened.id, opened.key.expose()), (typed.id, typed.key.expose()));
        assert_ne!(opened.id, *opened.key.expose());
        assert_ne!(opened.id, opens(&keys, &two).unwrap().id);
    }

    #[test]
    fn an_id_is_of_one_person_page_and_form() {
        let home = tempfile::tempdir().unwrap();
        let keys = Keys::open(&home.path().join("keys"), true).unwrap();
        let who = PractitionerId([1; 16]);
        let all = [
            id(&keys, Whose::Account(who), "/record", "1"),
            id(&keys, Whose::Account(who), "/record", "2"),
            id(&keys, Whose::Account(who), "/record1", ""),
            id(&keys, Whose::Ended(who), "/record", "1"),
            id(&keys, Whose::Account(PractitionerId([2; 16])), "/record", "1"),
        ];
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }
}
