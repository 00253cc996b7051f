//! Tickets (D6): before asking a key-holder, an agency logs one leaf for each batch, committing to every input and
//! blind without showing them. An inspector can later open the leaf and see that every input was someone on record.

use crate::ids::{Digest, Epoch};
use crate::message::TicketProof;
use crate::oprf::Encoded;
use crate::refusal::Refusal;
use curve25519_dalek::Scalar;
use ledger::checkpoint::SignedCheckpoint;
use ledger::hash::Hash;
use ledger::key::VerifierKey;
use ledger::leaf::{Presentation, Value};
use ledger::{path, tree};
use zeroize::ZeroizeOnDrop;

/// Most points a subject may use.
pub const POINTS_PER_SUBJECT: u32 = 16;
/// The value of the leaf's `event` field.
pub const EVENT: &str = "exchange-ticket";

/// One committed input: opened only to an inspector. Secret until then, and to everybody else.
#[derive(Clone, ZeroizeOnDrop)]
pub struct Opening {
    /// 16 random bytes.
    pub salt: [u8; 16],
    /// The OPRF input.
    pub input: [u8; 32],
    /// The blind.
    pub blind: Scalar,
}

impl core::fmt::Debug for Opening {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Opening(…)")
    }
}

impl Opening {
    fn commitment(&self) -> Hash {
        Hash::leaf(
            &[
                b"dlx/commit".as_slice(),
                &self.salt,
                &self.input,
                self.blind.as_bytes(),
            ]
            .concat(),
        )
    }
}

/// The root over the commitments, in the batch's order.
pub fn root(openings: &[Opening]) -> Digest {
    Digest(*tree::fold(&openings.iter().map(Opening::commitment).collect::<Vec<_>>()).as_bytes())
}

/// The digest of a batch's points, as a key-holder keeps it.
pub fn batch_digest(points: &[Encoded]) -> Digest {
    let parts: Vec<&[u8]> = core::iter::once(b"dlx/batch".as_slice())
        .chain(points.iter().map(|p| p.as_slice()))
        .collect();
    Digest::of(&parts)
}

/// The leaf's fields, for the agency's log. A renewal in a new epoch names the leaf it renews.
pub fn fields(
    epoch: Epoch,
    subjects: u32,
    commitment: &Digest,
    renews: Option<&Hash>,
) -> Vec<(&'static str, Value)> {
    let mut fields = vec![
        ("event", Value::Text(EVENT.to_owned())),
        ("epoch", Value::Int(i64::from(epoch.0))),
        ("subjects", Value::Int(i64::from(subjects))),
        ("commitment", Value::Text(hex(&commitment.0))),
    ];
    fields.extend(renews.map(|old| ("renews", Value::Text(hex(old.as_bytes())))));
    fields
}

/// Bytes as two lower-case hexadecimal digits each: how a leaf holds a digest.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A hash as written in a leaf: 64 lower-case hexadecimal digits and no other form.
fn unhex(text: &str) -> Option<Hash> {
    let bytes: Option<Vec<u8>> = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at.checked_add(2)?)?, 16).ok())
        .collect();
    Hash::from_slice(&bytes?).filter(|hash| hex(hash.as_bytes()) == text)
}

/// A ticket that was proven to be in its agency's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// The leaf's hash: a ticket is served once under it.
    pub leaf: Hash,
    /// Size and root of the log it was shown under.
    pub log: (u64, Hash),
    /// The epoch it is for.
    pub epoch: Epoch,
    /// Number of subjects.
    pub subjects: u32,
    /// Root of the commitments.
    pub commitment: String,
    /// The old leaf a renewal names.
    pub renews: Option<Hash>,
}

/// The keys of an agency's log and of its issuer.
#[derive(Clone, Debug)]
pub struct LogKeys {
    /// Signs checkpoints.
    pub log: VerifierKey,
    /// Signs leaves.
    pub issuer: VerifierKey,
}

/// Checks that a ticket's leaf is signed by the agency and lies under its own signed checkpoint. Needs no cosignature:
/// a dead witness must not stop a ticket. Changes nothing.
pub fn verify(ticket: &TicketProof, keys: &LogKeys) -> Result<Proven, Refusal> {
    let shown = Presentation::parse(&ticket.leaf).map_err(|_| Refusal::Ticket)?;
    shown.verify(&keys.issuer).map_err(|_| Refusal::Ticket)?;
    let signed = SignedCheckpoint::parse(&ticket.checkpoint.0).map_err(|_| Refusal::Ticket)?;
    let held = signed
        .note()
        .verified_by(core::slice::from_ref(&keys.log))
        .map_err(|_| Refusal::Ticket)?;
    if held.is_empty() || signed.checkpoint().origin != keys.log.name() {
        return Err(Refusal::Ticket);
    }
    let leaf = shown.leaf().hash();
    let path: Option<Vec<Hash>> = ticket.path.iter().map(|h| Hash::from_slice(h)).collect();
    let checkpoint = signed.checkpoint();
    path::check_inclusion(
        &leaf,
        ticket.index,
        checkpoint.size,
        &checkpoint.root,
        &path.unwrap_or_default(),
    )
    .map_err(|_| Refusal::Ticket)?;
    let text = |name: &str| match shown.value(name) {
        Some(Value::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let number = |name: &str| match shown.value(name) {
        Some(Value::Int(number)) => u32::try_from(*number).ok(),
        _ => None,
    };
    let renews = match text("renews") {
        Some(old) => Some(unhex(old).ok_or(Refusal::Ticket)?),
        None => None,
    };
    match (
        text("event"),
        number("epoch"),
        number("subjects"),
        text("commitment"),
    ) {
        (Some(EVENT), Some(epoch), Some(subjects), Some(commitment)) if subjects > 0 => Ok(Proven {
            leaf,
            log: (checkpoint.size, checkpoint.root),
            epoch: Epoch(epoch),
            subjects,
            commitment: commitment.to_owned(),
            renews,
        }),
        _ => Err(Refusal::Ticket),
    }
}

/// An inspector's check of an opened ticket: the openings make the committed root, and blinding them makes the batch
/// the key-holder was asked. What each input names is then looked up in the agency's own records.
pub fn audit(openings: &[Opening], ticket: &Proven, asked: &Digest) -> Result<(), Refusal> {
    if hex(&root(openings).0) != ticket.commitment {
        return Err(Refusal::Ticket);
    }
    let inputs: Vec<[u8; 32]> = openings.iter().map(|o| o.input).collect();
    let blinds = openings.iter().map(|o| o.blind).collect();
    let blinded = crate::oprf::Blinded::new(&inputs, blinds, crate::oprf::Mode::Verifiable)
        .map_err(|_| Refusal::Ticket)?;
    if batch_digest(blinded.encoded()) == *asked {
        Ok(())
    } else {
        Err(Refusal::TicketUsed)
    }
}
