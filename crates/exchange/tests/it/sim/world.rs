//! The parties of a simulation before anything happens: keys from the real ceremony, a signed epoch, twelve agencies
//! that have reproduced the known answers, one of them with wrong tables, one a custodian.

use crate::people::{draw, shares};
use domain::agreement::{Agreement, Purpose};
use domain::time::Instant;
use ed25519_dalek::{Signer as _, SigningKey};
use exchange::centre::Centre;
use exchange::custodian::Officers;
use exchange::draw::Draw;
use exchange::envelope::{Course, Keyring};
use exchange::epoch::{self, Descriptor, SignedDescriptor};
use exchange::fishing::Allowance;
use exchange::ids::{DeskId, Digest, Epoch, Micros, PartyId, PublicKey, ScopeId, Signature};
use exchange::index::{Desk, DeskKind, Directory};
use exchange::keygen::Share;
use exchange::keyholder::KeyHolder;
use exchange::matchkey::{self, frozen};
use exchange::member::{Identity, Member, Prepared};
use exchange::message::{Approval, TicketProof, approval_bytes};
use exchange::oprf::{self, Mode};
use exchange::ticket::LogKeys;
use exchange::token::Pepper;
use exchange::wire::Blob;
use ledger::append::append;
use ledger::checkpoint::Checkpoint;
use ledger::key::{NOTE, SignerKey};
use ledger::leaf::{Field, Issuer, Leaf, Value};
use ledger::source::Memory;
use ledger::tree::Reader;
use std::sync::LazyLock;

pub const AGENCIES: u8 = 12;
pub const CUSTODIAN: u8 = 10;
pub const WRONG_TABLES: u8 = 11;
/// The agency whose desk is a shield, in the worlds that have one.
pub const SHIELD: u8 = 9;
pub const EXCHANGE: PartyId = PartyId([200; 16]);
pub const COORDINATOR: PartyId = PartyId([201; 16]);
pub const OVERSEER: PartyId = PartyId([202; 16]);
pub const SCOPE: ScopeId = ScopeId([7; 16]);
pub const EPOCH: Epoch = Epoch(1);
pub const COURSE: Course = Course {
    scope: SCOPE,
    epoch: EPOCH,
};
pub const START: Micros = Micros(1_790_000_000_000_000);

pub fn agency(n: u8) -> PartyId {
    PartyId([n; 16])
}
pub fn desk(n: u8) -> DeskId {
    DeskId([100 + n; 16])
}
pub fn holder(seat: u8) -> PartyId {
    PartyId([220 + seat; 16])
}
pub fn signing(party: PartyId) -> SigningKey {
    SigningKey::from_bytes(&Digest::of(&[b"test key", &party.0]).0)
}
pub fn officer(n: u8) -> PartyId {
    PartyId([150 + n; 16])
}

/// Two officers of the custodian agree to something.
pub fn approvals(digest: &Digest) -> Vec<Approval> {
    approvals_by([0, 1], digest)
}
/// Two officers of the shield desk do.
pub fn shield_approvals(digest: &Digest) -> Vec<Approval> {
    approvals_by([2, 3], digest)
}
pub fn approvals_by(officers: [u8; 2], digest: &Digest) -> Vec<Approval> {
    officers
        .map(|n| Approval {
            officer: officer(n),
            signature: Signature(signing(officer(n)).sign(&approval_bytes(digest)).to_bytes()),
        })
        .to_vec()
}

/// An agency's own log.
#[derive(Clone)]
pub struct Log {
    memory: Memory,
    key: SignerKey,
    issuer: Issuer,
}

impl Log {
    pub fn new(n: u8) -> Self {
        Self::generation(n, 0)
    }
    /// The log that follows after `generation` losses.
    pub fn generation(n: u8, generation: u8) -> Self {
        let name = format!("agency{n}.example/log/{generation}");
        let key = SignerKey::from_seed(&name, NOTE, &[n; 32]).unwrap();
        let issuer = Issuer::new(SignerKey::from_seed(&name, NOTE, &[100 + n; 32]).unwrap()).unwrap();
        Self {
            memory: Memory::default(),
            key,
            issuer,
        }
    }
    pub fn keys(&self) -> LogKeys {
        LogKeys {
            log: self.key.verifier(),
            issuer: self.issuer.verifier(),
        }
    }
    pub fn size(&self) -> u64 {
        self.memory.edge().size()
    }
    pub fn name(&self) -> &str {
        self.key.name()
    }
    /// Proof that the log extends what it was at `old` entries.
    pub fn consistency(&self, old: u64) -> Vec<ledger::hash::Hash> {
        Reader::new(&self.memory, self.size())
            .consistency(old, self.size())
            .unwrap_or_default()
    }
    pub fn checkpoint(&self) -> Vec<u8> {
        let edge = self.memory.edge();
        Checkpoint::new(self.key.name(), edge.size(), edge.root())
            .sign(&self.key)
            .unwrap()
            .to_bytes()
    }
    /// Logs a batch's leaf and proves it.
    pub fn ticket(&mut self, prepared: &Prepared, draw: &mut Draw) -> TicketProof {
        self.ticket_of(&prepared.fields(), draw)
    }
    /// Logs a leaf with any fields and proves it.
    pub fn ticket_of(&mut self, values: &[(&'static str, Value)], draw: &mut Draw) -> TicketProof {
        let fields: Vec<Field<'_>> = values
            .iter()
            .map(|(name, value)| Field {
                name,
                value,
                salt: draw.bytes(),
            })
            .collect();
        let record = self.issuer.record(&fields, &draw.bytes()).unwrap();
        let done = append(self.memory.edge(), &[&record.leaf]).unwrap();
        self.memory.extend(&[&record.leaf], done);
        let size = self.memory.edge().size();
        let path = Reader::new(&self.memory, size).inclusion(size - 1, size).unwrap();
        let leaf = Leaf::parse(&record.leaf)
            .unwrap()
            .present(&record.disclosures)
            .unwrap();
        let path = path.iter().map(|h| *h.as_bytes()).collect();
        TicketProof {
            leaf,
            index: size - 1,
            path,
            checkpoint: Blob(self.checkpoint()),
        }
    }
}

/// Everything, before the first event of a run.
#[derive(Clone)]
pub struct World {
    pub keys: Keyring,
    pub shares: Vec<Share>,
    pub pepper: Pepper,
    pub members: Vec<Member>,
    pub logs: Vec<Log>,
    pub holders: Vec<KeyHolder>,
    pub centre: Centre,
}

pub static WORLD: LazyLock<World> = LazyLock::new(|| build(false));
/// The same, where agency 9's desk is a shield.
pub static SHIELDED: LazyLock<World> = LazyLock::new(|| build(true));

/// The whole key, from two shares: only a test may do this, to state the known answers.
pub fn known_answers(shares: &[Share], pepper: &Pepper) -> Vec<Digest> {
    let key = shares[0].secret.scalar() * curve25519_dalek::Scalar::from(2u64) - shares[1].secret.scalar();
    let answer = |key_: &matchkey::MatchKey| {
        epoch::known_answer(&oprf::evaluate(&pepper.input(key_).0, &key, Mode::Verifiable).unwrap())
    };
    frozen::known_keys().iter().map(answer).collect()
}

pub fn sign_descriptor(descriptor: Descriptor) -> SignedDescriptor {
    let bytes = epoch::signed_bytes(&descriptor);
    let signers = [holder(1), holder(2), holder(3), OVERSEER];
    let signatures = signers
        .map(|p| (p, Signature(signing(p).sign(&bytes).to_bytes())))
        .to_vec();
    SignedDescriptor {
        descriptor,
        signatures,
    }
}

pub fn descriptor(shares: &[Share], pepper: &Pepper, epoch: Epoch) -> Descriptor {
    Descriptor {
        epoch,
        refresh: 0,
        threshold: 2,
        shares: shares[0].public.shares.clone(),
        pepper: pepper.commitment(),
        tables_version: matchkey::VERSION,
        tables: frozen::digest(),
        known: known_answers(shares, pepper),
        opens: START,
    }
}

/// The sharing agreement of the simulated region.
pub fn agreement() -> Agreement {
    let purpose = Purpose {
        code: 1,
        gateways: ["CA2004-s11".to_owned()].into(),
        fields: ["allocated-worker", "plan", "subjects"].map(str::to_owned).into(),
    };
    Agreement {
        scope: SCOPE.0,
        version: 1,
        parties: (0..AGENCIES).map(|n| agency(n).0).collect(),
        apart: std::collections::BTreeSet::new(),
        purposes: vec![purpose],
        from: Instant(START.0 - 1),
        until: Instant(START.0 + 400 * Micros::DAY),
    }
}

pub fn identity(n: u8) -> Identity {
    Identity {
        party: agency(n),
        desk: desk(n),
        scope: SCOPE,
        exchange: EXCHANGE,
        holders: (1..=3).map(|seat| (seat, holder(seat))).collect(),
        hpke_key: [n; 16],
        keep_days: 365,
        guarded: n == CUSTODIAN,
        agreement: agreement(),
    }
}

/// The exchange, with every desk listed, two officers of each guard and of the coordinator, with or without a shield.
pub fn centre_with(course: Course, shield: bool) -> Centre {
    let mut directory = Directory::default();
    let mut officers = Officers::default();
    for n in 0..AGENCIES {
        let kind = match n {
            CUSTODIAN => DeskKind::Custodian,
            SHIELD if shield => DeskKind::Shield,
            _ => DeskKind::Ordinary,
        };
        directory.add(Desk {
            id: desk(n),
            agency: agency(n),
            kind,
        });
    }
    for n in 0..2 {
        let key = PublicKey(signing(officer(n)).verifying_key().to_bytes());
        officers.add(agency(CUSTODIAN), officer(n), key);
        officers.add(
            agency(SHIELD),
            officer(2 + n),
            PublicKey(signing(officer(2 + n)).verifying_key().to_bytes()),
        );
        officers.add(
            COORDINATOR,
            officer(10 + n),
            PublicKey(signing(officer(10 + n)).verifying_key().to_bytes()),
        );
    }
    officers.limit(desk(CUSTODIAN), 1_000);
    officers.limit(desk(SHIELD), 1_000);
    Centre::new(course, COORDINATOR, agreement(), [77; 32], directory, officers)
}

fn build(shield: bool) -> World {
    let shares = shares(7);
    let pepper = Pepper([42; 32]);
    let mut keys = Keyring::default();
    let mut everybody: Vec<PartyId> = (0..AGENCIES).map(agency).collect();
    everybody.extend([EXCHANGE, COORDINATOR, OVERSEER, holder(1), holder(2), holder(3)]);
    for party in everybody {
        keys.add(party, PublicKey(signing(party).verifying_key().to_bytes()));
    }
    let signed = sign_descriptor(descriptor(&shares, &pepper, EPOCH));
    let opened = epoch::verify(&signed, &[holder(1), holder(2), holder(3)], OVERSEER, &keys).unwrap();
    let mut holders: Vec<KeyHolder> = (1..=3).map(KeyHolder::new).collect();
    let mut logs: Vec<Log> = (0..AGENCIES).map(Log::new).collect();
    for (kh, share) in holders.iter_mut().zip(&shares) {
        assert!(kh.hold(EPOCH, 0, share.secret.clone()));
        for (n, log) in (0u8..).zip(&logs) {
            kh.admit(agency(n), log.keys());
            kh.quotas_mut().allow(
                agency(n),
                Allowance {
                    points: 10_000,
                    urgent: 10_000,
                },
            );
        }
    }
    let centre = centre_with(COURSE, shield);
    let mut members = Vec::new();
    for n in 0..AGENCIES {
        let mut member = Member::new(Identity {
            guarded: n == CUSTODIAN || (shield && n == SHIELD),
            ..identity(n)
        });
        // the node with wrong tables holds another pepper, which is how its tables would show too
        let own = if n == WRONG_TABLES {
            Pepper([43; 32])
        } else {
            pepper.clone()
        };
        let fits = member.open_epoch(opened.clone(), own);
        assert_eq!(fits.is_err(), n == WRONG_TABLES);
        members.push(member);
    }
    let mut world = World {
        keys,
        shares,
        pepper,
        members,
        logs: Vec::new(),
        holders,
        centre,
    };
    prove(&mut world, &mut logs);
    world.logs = logs;
    world
}

/// Every agency with the right tables reproduces the known answers.
fn prove(world: &mut World, logs: &mut [Log]) {
    let mut draw = draw(5);
    for n in 0..AGENCIES {
        let member = &mut world.members[usize::from(n)];
        let Some(prepared) = member.prepare_known(EPOCH, START, &mut draw).unwrap() else {
            continue;
        };
        let ticket = logs[usize::from(n)].ticket(&prepared, &mut draw);
        for request in member.submit(prepared, ticket, START) {
            let seat = request.to.0[0] - 220;
            let bytes = request.seal(agency(n), b"", &signing(agency(n)));
            let seen = exchange::envelope::verify(&bytes, request.to, &world.keys, START).unwrap();
            let kh = &mut world.holders[usize::from(seat - 1)];
            let reply = kh.serve(&seen.open().unwrap(), START, &mut draw).unwrap();
            let bytes = reply.seal(holder(seat), b"", &signing(holder(seat)));
            let seen = exchange::envelope::verify(&bytes, agency(n), &world.keys, START).unwrap();
            member.reply(&seen.open().unwrap(), START, &mut draw).unwrap();
        }
    }
}
