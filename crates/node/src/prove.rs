//! Proof: the issuer and the log, checkpoints, exhibits, and the checking of a whole store.

use ledger::key::{NOTE, SignerKey};
use ledger::leaf::{Issuer, LeafError};

use crate::agency::Agency;
use crate::keys::Keys;

/// The origin of an agency's log: its name for ever.
pub(crate) fn origin(agency: &Agency) -> String {
    format!("daylight.invalid/{}", agency.id)
}

/// The issuer of an agency's records.
pub(crate) fn issuer(keys: &Keys, agency: &Agency) -> Result<Issuer, LeafError> {
    let name = format!("{}/records", origin(agency));
    Issuer::new(SignerKey::from_seed(&name, NOTE, keys.issuer.expose()).map_err(|_| LeafError::Key)?)
}

/// The public half of the log's key, as text.
pub(crate) fn log_key(keys: &Keys, agency: &Agency) -> Result<String, LeafError> {
    let key = SignerKey::from_seed(&origin(agency), NOTE, keys.log.expose()).map_err(|_| LeafError::Key)?;
    Ok(key.verifier().to_string())
}
