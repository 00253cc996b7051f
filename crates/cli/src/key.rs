//! `daylight key`: the public half of a key file, in the form others put in their policy files.

use crate::directory::read;
use crate::outcome::{Outcome, sentence};
use ledger::key::{COSIGNATURE, NOTE, SignerKey};
use std::path::{Path, PathBuf};

/// Print the verifier key of a key file.
#[derive(clap::Args)]
pub struct Args {
    /// A key file: 64 hexadecimal digits.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The name the key signs under: a log's origin, an agency's name, a witness's name.
    #[arg(long)]
    name: String,

    /// What the key signs.
    #[arg(long, value_enum, default_value_t = Signs::Log)]
    signs: Signs,
}

/// What a key signs.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Signs {
    /// The heads of a log.
    Log,
    /// An agency's records.
    Records,
    /// Heads of other logs, as a witness.
    Witness,
}

/// Runs the command: one line, as it stands in a policy file.
pub fn run(args: &Args) -> Outcome {
    let kind = if matches!(args.signs, Signs::Witness) {
        COSIGNATURE
    } else {
        NOTE
    };
    match read_key(&args.file, &args.name, kind) {
        Ok(key) => Outcome::Done(vec![match args.signs {
            Signs::Log => format!("log {}", key.verifier()),
            Signs::Records => format!("#issuer {}", key.verifier()),
            Signs::Witness => format!("witness {} {}", key.name(), key.verifier()),
        }]),
        Err(why) => Outcome::CannotCheck(why),
    }
}

/// Reads a key file of 64 hexadecimal digits.
///
/// # Errors
/// A sentence that names the file.
pub fn read_key(file: &Path, name: &str, kind: u8) -> Result<SignerKey, String> {
    let bytes = read(file, 128)?;
    let text = std::str::from_utf8(&bytes).unwrap_or_default().trim();
    let seed = ledger::hash::Hash::from_hex(text);
    let seed = seed.ok_or_else(|| format!("{} is not 64 hexadecimal digits.", file.display()))?;
    SignerKey::from_seed(name, kind, seed.as_bytes()).map_err(|error| sentence(&error))
}
