//! The attack pack: what each dishonest party or coalition gains, and by which evidence it is found out. Each test
//! states the claim of `docs/spec/exchange.md` that it keeps.

use crate::direct::{Direct, reworded};
use crate::people::draw;
use crate::sim::world::*;
use curve25519_dalek::Scalar;
use exchange::centre::{CROWD, Centre};
use exchange::custodian::Officers;
use exchange::envelope::{Keyring, Kind, Outgoing, Verified, verify};
use exchange::fishing::{Allowance, Quotas, Verdict, drawn};
use exchange::ids::{DeskId, Handle, Micros, PartyId, PublicKey, RowId, Token};
use exchange::index::{Desk, DeskKind, Directory};
use exchange::matchkey::{KeyType, MatchKey};
use exchange::member::Event;
use exchange::message::{Batch, Crowded, EvalReply, EvalRequest, Lane, Notice, Put};
use exchange::oprf::{self, Blinded, Mode};
use exchange::pointer::{Place, Pointer};
use exchange::refusal::Refusal;
use exchange::ticket;
use exchange::token;
use std::collections::BTreeSet;

fn keys(person: u32) -> Vec<MatchKey> {
    [KeyType::Nhs, KeyType::NamesDate]
        .map(|kind| MatchKey {
            kind,
            value: format!("p{person}"),
        })
        .to_vec()
}

fn told(direct: &Direct) -> usize {
    direct
        .events
        .iter()
        .filter(|(_, event)| matches!(event, Event::Matched(..)))
        .count()
}

/// The exchange holds every row and, at worst, the network pepper from one agency and one key-holder's share. It tries
/// the right names, and still makes no token that it holds.
#[test]
fn a_dictionary_needs_two_key_holders() {
    let mut direct = Direct::new(1);
    (0..40).for_each(|person| direct.enrol(0, Handle([u8::try_from(person).unwrap(); 16]), keys(person)));
    let seen: BTreeSet<Token> = direct.view.rows().map(|row| row.token).collect();
    let world = &*WORLD;
    let guesses: Vec<_> = (0..40)
        .flat_map(keys)
        .map(|key| world.pepper.input(&key))
        .collect();
    let tokens = |secret: &Scalar| -> usize {
        let of = |m: &token::Input| {
            token::token(
                &oprf::evaluate(&m.0, secret, Mode::Verifiable).unwrap(),
                SCOPE,
                EPOCH,
            )
        };
        guesses.iter().filter(|m| seen.contains(&of(m))).count()
    };
    let share = |n: usize| *world.shares[n].secret.scalar();
    for n in 0..3 {
        assert_eq!(tokens(&share(n)), 0, "one share tells nothing");
    }
    assert_eq!(
        tokens(&(share(0) * Scalar::from(2u64) - share(1))),
        80,
        "two shares and the pepper tell everything"
    );
    // and two key-holders without the pepper: a guess of the pepper is a guess of 256 bits
    let whole = share(0) * Scalar::from(2u64) - share(1);
    let blind = token::Pepper([0; 32]);
    let of = |m: token::Input| {
        token::token(
            &oprf::evaluate(&m.0, &whole, Mode::Verifiable).unwrap(),
            SCOPE,
            EPOCH,
        )
    };
    assert_eq!(
        (0..40)
            .flat_map(keys)
            .filter(|key| seen.contains(&of(blind.input(key))))
            .count(),
        0
    );
}

/// One batch of agency 0 asked of two key-holders and no others, evaluated to tokens and put nowhere. None when either
/// refuses.
fn looked_up(
    world: &mut World,
    seats: [u8; 2],
    keys: &[MatchKey],
    now: Micros,
    seed: u64,
) -> Option<Vec<Token>> {
    let mut draw = draw(seed);
    let inputs: Vec<token::Input> = keys.iter().map(|key| world.pepper.input(key)).collect();
    let blinds = inputs.iter().map(|_| draw.scalar()).collect();
    let blinded = Blinded::new(&inputs, blinds, Mode::Verifiable).unwrap();
    let subjects = u32::try_from(keys.len()).unwrap();
    let fields = ticket::fields(EPOCH, subjects, &exchange::ids::Digest(draw.bytes()), None);
    let request = EvalRequest {
        ticket: world.logs[0].ticket_of(&fields, &mut draw),
        urgent: false,
        points: blinded.encoded().to_vec(),
    };
    let shared = world.shares[0].public.clone();
    let mut proven = Vec::new();
    for seat in seats {
        let bytes =
            Outgoing::new(holder(seat), COURSE, now, &request).seal(agency(0), b"", &signing(agency(0)));
        let seen = verify(&bytes, holder(seat), &world.keys, now).unwrap();
        let kh = &mut world.holders[usize::from(seat - 1)];
        let reply = kh.serve(&seen.open().unwrap(), now, &mut draw).ok()?;
        let reply: EvalReply = exchange::wire::decode(&reply.body.0).unwrap();
        let proof = oprf::Proof::from_bytes(&reply.proof).unwrap();
        proven.push(shared.verify(seat, &blinded, &reply.points, &proof).unwrap());
    }
    let outputs = shared.combine(&inputs, &blinded, &proven).unwrap();
    Some(outputs.iter().map(|y| token::token(y, SCOPE, EPOCH)).collect())
}

/// The exchange with one agency: the agency has guesses evaluated and puts nothing, and the exchange looks every token
/// up. Each guess that is right is learned, and nobody is told. The curve is a straight line:
///
///   people a day = quota × key-holders ÷ needed ÷ keys tried for each,
///
/// since each key-holder counts alone and a dishonest agency spreads its batches over pairs of them: with three of which
/// two are needed, one and a half times the quota. Every look-up is in two registers, for the audit to draw.
#[test]
fn the_exchange_with_one_agency_tries_people_along_a_straight_line() {
    const QUOTA: u64 = 120;
    const EACH: usize = 2;
    let mut direct = Direct::new(2);
    for person in (0..200).step_by(3) {
        let handle = Handle([u8::try_from(person).unwrap(); 16]);
        direct.enrol(5, handle, keys(person));
    }
    let mut world = direct.world.clone();
    let allowance = Allowance {
        points: QUOTA,
        urgent: 0,
    };
    for kh in &mut world.holders {
        kh.quotas_mut().allow(agency(0), allowance);
    }
    let before: usize = world.holders.iter().map(|kh| kh.register().count()).sum();
    let events = direct.events.len();
    let index = direct.centres[&EPOCH].index();
    let (mut learned, mut tried, mut lookups) = (BTreeSet::new(), Vec::new(), 0);
    let mut guesses = (0..200u32).peekable();
    for day in 1..=2i64 {
        let now = START.plus(day * Micros::DAY);
        let mut people = 0;
        for seats in [[1, 2], [1, 3], [2, 3]].into_iter().cycle() {
            let five: Vec<u32> = guesses.clone().take(5).collect();
            let asked: Vec<MatchKey> = five.iter().flat_map(|person| keys(*person)).collect();
            let seed = 1_000 + u64::from(five[0]);
            let Some(tokens) = looked_up(&mut world, seats, &asked, now, seed) else {
                break;
            };
            lookups += 1;
            guesses.nth(4);
            people += five.len();
            for (person, tokens) in five.iter().zip(tokens.chunks(EACH)) {
                if tokens.iter().any(|token| !index.under(*token).is_empty()) {
                    learned.insert(*person);
                }
            }
        }
        tried.push(people);
    }
    let quota = usize::try_from(QUOTA).unwrap();
    assert_eq!(
        tried,
        [quota * 3 / 2 / EACH; 2],
        "one and a half quotas a day, and no more the next"
    );
    let there: BTreeSet<u32> = (0..180).step_by(3).collect();
    assert_eq!(learned, there, "who is in it, of those tried");
    assert_eq!(direct.events.len(), events, "and nobody was told");
    let after: usize = world.holders.iter().map(|kh| kh.register().count()).sum();
    // the batch that was refused at the second key-holder is in the register of the first
    assert!(
        after - before >= 2 * lookups,
        "every one of them is in two registers"
    );
}

/// The urgent lane is not refused over quota, so it goes faster, and every batch over the allowance is told to the
/// overseer at once.
#[test]
fn beyond_the_quota_there_is_only_the_loud_lane() {
    let mut quotas = Quotas::default();
    let allowance = Allowance {
        points: 2_000,
        urgent: 160,
    };
    quotas.allow(agency(0), allowance);
    let loud = (0..100)
        .filter(|_| quotas.take(agency(0), 16, true, START.plus(9 * Micros::DAY)) == Verdict::ServeLoudly);
    assert_eq!(loud.count(), 90);
}

/// A party that learns to name a person also learns which desks have rows: with the exchange's help, that somebody is
/// shielded. It is written down as what the two can do together.
#[test]
fn the_exchange_with_one_agency_sees_that_a_named_person_is_shielded() {
    let mut direct = Direct::shielded(3);
    direct.enrol(SHIELD, Handle([9; 16]), keys(1));
    let index = direct.centres[&EPOCH].index();
    let mut world = direct.world.clone();
    let now = START.plus(Micros::DAY);
    let tokens = looked_up(&mut world, [1, 2], &keys(1), now, 5).unwrap();
    let shield = index.directory().number(desk(SHIELD)).unwrap();
    let under = |token: &Token| index.under(*token).iter().any(|(desk, _)| *desk == shield);
    assert!(tokens.iter().all(under));
    assert!(direct.events.is_empty());
}

/// A known name with every date of birth: 6,570 tries. Spread over leaves or hidden in a few, the draw finds it.
#[test]
fn a_sweep_is_found_within_a_day_whatever_the_size_of_its_leaves() {
    let mut draw = draw(3);
    for points_in_a_leaf in [16u32, 160, 2_000] {
        // one day at a quota of 2,000 points
        let leaves: Vec<[u8; 32]> = (0..2_000 / points_in_a_leaf).map(|_| draw.bytes()).collect();
        let runs = 400u32;
        let found = (0..runs)
            .filter(|_| {
                let seed: [u8; 32] = draw.bytes();
                leaves.iter().any(|leaf| drawn(&seed, leaf, points_in_a_leaf))
            })
            .count();
        let share = found as f64 / f64::from(runs);
        assert!(
            share > 0.8,
            "{share} of days with leaves of {points_in_a_leaf} points"
        );
        let whole = 1.0 - (1.0 - share).powi(4);
        assert!(whole > 0.998, "{whole} before the sweep of 6,570 is over");
    }
}

/// A batch of desk `n` with one row under the token that everybody holds.
fn one_row_among_noise(n: u8, keyring: &Keyring, draw: &mut exchange::draw::Draw) -> Verified<Batch> {
    let mut puts: Vec<Put> = (0..63)
        .map(|_| Put {
            token: Token(draw.bytes()),
            id: RowId(draw.bytes()),
            pointer: draw.bytes(),
            until: 30_000,
        })
        .collect();
    puts.push(Put {
        token: Token([9; 16]),
        ..puts[0].clone()
    });
    puts[63].id = RowId([n; 16]);
    let batch = Batch {
        desk: DeskId([n; 16]),
        lane: Lane::Bulk,
        puts,
        dels: Vec::new(),
        approvals: Vec::new(),
    };
    let party = PartyId([n; 16]);
    let bytes = Outgoing::new(EXCHANGE, COURSE, START, &batch).seal(party, b"", &signing(party));
    verify(&bytes, EXCHANGE, keyring, START).unwrap().open().unwrap()
}

/// Many desks under one token: each holder is told once that it is crowded, again at the doubling, and every pair is
/// told of its hit.
#[test]
fn crowding_a_token_drops_nothing() {
    let desks = 110u8;
    let mut keyring = Keyring::default();
    let mut directory = Directory::default();
    let mut agreement = agreement();
    agreement.parties = (0..desks).map(|n| PartyId([n; 16]).0).collect();
    for n in 0..desks {
        let party = PartyId([n; 16]);
        keyring.add(party, PublicKey(signing(party).verifying_key().to_bytes()));
        directory.add(Desk {
            id: DeskId([n; 16]),
            agency: party,
            kind: DeskKind::Ordinary,
        });
    }
    let mut centre = Centre::new(
        COURSE,
        COORDINATOR,
        agreement,
        [1; 32],
        directory,
        Officers::default(),
    );
    let mut draw = draw(4);
    let (mut notices, mut crowded) = (0usize, Vec::new());
    for n in 0..desks {
        let seen = one_row_among_noise(n, &keyring, &mut draw);
        centre.batch(&seen, START).unwrap();
        for message in centre.tick(START) {
            match message.kind {
                Kind::Notice => notices += 1,
                Kind::Crowded => {
                    let body: Crowded = exchange::wire::decode(&message.body.0).unwrap();
                    crowded.push((message.to, body.desks));
                }
                _ => panic!("unexpected"),
            }
        }
    }
    let pairs = usize::from(desks) * usize::from(desks - 1) / 2;
    assert_eq!(notices, 2 * pairs, "both sides of every pair");
    let at = |desks: u32| {
        crowded
            .iter()
            .filter(|(_, d)| *d == desks)
            .map(|(to, _)| *to)
            .collect::<BTreeSet<_>>()
            .len()
    };
    assert_eq!(at(CROWD + 1), 51, "each of the first 51 holders, once");
    assert_eq!(at(2 * (CROWD + 1)), 102, "and each of 102 at the doubling");
    assert_eq!(crowded.len(), 153);
}

/// A stolen index: stored names are keyed, so even a token in hand cannot be looked up, and no pointer opens.
#[test]
fn a_stolen_index_holds_no_token_and_opens_nothing() {
    let mut direct = Direct::new(5);
    (0..10).for_each(|person| direct.enrol(0, Handle([u8::try_from(person).unwrap(); 16]), keys(person)));
    let tokens: BTreeSet<[u8; 16]> = direct.view.rows().map(|row| row.token.0).collect();
    let index = direct.centres[&EPOCH].index();
    assert!(index.len() >= 20);
    assert!(index.rows().all(|row| !tokens.contains(row.name)));
    let key = token::row_key(&oprf::Output([3; 64]), SCOPE, EPOCH, desk(0), RowId([0; 16]));
    for row in index.rows() {
        let place = Place {
            scope: SCOPE,
            epoch: EPOCH,
            desk: desk(0),
            row: row.id,
        };
        assert!(Pointer::open(row.pointer, &key, &place).is_err());
    }
}

/// One key-holder answers with another key, to mark an agency or to spoil its tokens: its proof does not hold, the
/// envelope is evidence, and the other two serve.
#[test]
fn one_dishonest_key_holder_is_evidence_and_changes_nothing() {
    let mut direct = Direct::new(6);
    let marked = oprf::Secret::new(draw(66).scalar()).unwrap();
    direct.world.holders[0].hold(EPOCH, 0, marked);
    direct.enrol(0, Handle([1; 16]), keys(1));
    direct.enrol(1, Handle([2; 16]), keys(1));
    assert_eq!(told(&direct), 2);
    assert_eq!(direct.refusals, [Refusal::Proof, Refusal::Proof]);
    // with two dishonest key-holders there is no quorum and nothing is put: it shows as not checked, never as wrong
    direct.world.holders[1].hold(EPOCH, 0, oprf::Secret::new(draw(67).scalar()).unwrap());
    direct.enrol(2, Handle([3; 16]), keys(1));
    assert_eq!(told(&direct), 2);
    let check = direct.world.members[2].check(Handle([3; 16]), START.plus(Micros::HOUR));
    assert!(matches!(
        check,
        Some(exchange::matchstate::Check::NotChecked { .. })
    ));
}

/// One key-holder refuses every batch: the other two serve, and nothing is asked twice.
#[test]
fn one_key_holder_that_refuses_stops_nobody() {
    let mut direct = Direct::new(12);
    direct.world.holders[2].destroy(EPOCH);
    direct.enrol(0, Handle([1; 16]), keys(1));
    direct.enrol(1, Handle([2; 16]), keys(1));
    assert_eq!(told(&direct), 2);
    assert_eq!(direct.refusals, [Refusal::Epoch, Refusal::Epoch]);
}

/// The exchange sends a pointer from another row, another desk or another token with a hit: it does not open, nobody
/// is told of a match, and the signed notice is evidence.
#[test]
fn a_swapped_pointer_does_not_open() {
    fn swap(message: &mut Outgoing) -> bool {
        if message.kind == Kind::Notice {
            reworded::<Notice>(message, COURSE, |notice| notice.pointer = [7; 136]);
        }
        true
    }
    fn other_desk(message: &mut Outgoing) -> bool {
        if message.kind == Kind::Notice {
            reworded::<Notice>(message, COURSE, |notice| {
                notice.their_desk = desk(5);
                notice.their_agency = agency(5);
            });
        }
        true
    }
    for meddle in [swap as fn(&mut Outgoing) -> bool, other_desk] {
        let mut direct = Direct::new(7);
        direct.meddle = meddle;
        direct.enrol(0, Handle([1; 16]), keys(1));
        direct.enrol(1, Handle([2; 16]), keys(1));
        assert_eq!(told(&direct), 0);
        let unopened = direct
            .events
            .iter()
            .filter(|(_, event)| matches!(event, Event::Unopened(_)))
            .count();
        assert_eq!(unopened, 4);
    }
    // and a notice whose hit is not the hash of its rows is refused outright
    let mut direct = Direct::new(8);
    direct.meddle = |message| {
        if message.kind == Kind::Notice {
            reworded::<Notice>(message, COURSE, |notice| notice.theirs = RowId([1; 16]));
        }
        true
    };
    direct.enrol(0, Handle([1; 16]), keys(1));
    direct.enrol(1, Handle([2; 16]), keys(1));
    assert!(direct.refusals.iter().all(|r| *r == Refusal::Range) && direct.refusals.len() == 4);
}

/// Rows confirmed and then dropped: the exchange's own signed receipt and its own signed statement contradict, and
/// the desk puts the rows again.
#[test]
fn dropped_rows_show_in_the_exchanges_own_statement() {
    let mut direct = Direct::new(9);
    direct.enrol(0, Handle([1; 16]), keys(1));
    let (count, _) = direct.world.members[0].own_holdings(EPOCH, START.day());
    let empty = WORLD.centre.clone();
    direct.centres.insert(EPOCH, empty);
    let statements = direct.centres[&EPOCH].holdings(START);
    statements
        .into_iter()
        .for_each(|statement| direct.say(EXCHANGE, statement));
    let stated = direct.holdings.iter().find(|(n, _)| *n == 0).unwrap().1.count;
    assert_eq!((stated, count), (0, 64));
    let again = direct.centres[&EPOCH].index().len();
    assert_eq!(again, 64, "cleared and put again");
    direct.enrol(1, Handle([2; 16]), keys(1));
    assert_eq!(told(&direct), 2);
}

/// The exchange tells one side only. The told side's ask, or its notice shown to the other, carries the exchange's
/// signature on a hit that names the other's row: proof that it was committed and not sent.
#[test]
fn a_hit_told_to_one_side_is_proof_when_the_two_compare() {
    let mut direct = Direct::new(10);
    direct.meddle = |message| !(message.kind == Kind::Notice && message.to == agency(1));
    direct.enrol(0, Handle([1; 16]), keys(1));
    direct.enrol(1, Handle([2; 16]), keys(1));
    assert_eq!(told(&direct), 1);
    assert!(direct.matches(1).is_empty());
    let shown = &direct.notices.iter().find(|(n, _)| *n == 0).unwrap().1;
    assert_eq!((shown.their_desk, shown.their_agency), (desk(1), agency(1)));
    assert_eq!(exchange::ids::HitId::of(shown.mine, shown.theirs), shown.hit);
    assert!(
        direct.centres[&EPOCH].uncollected() > 0,
        "an honest exchange would still be trying"
    );
}

/// A custodian's rows need two officers and stay within the desk's limit; nobody else may use the desk.
#[test]
fn holding_cannot_be_used_to_hide_others() {
    let mut direct = Direct::new(11);
    direct.enrol(CUSTODIAN, Handle([1; 16]), keys(1));
    assert_eq!(
        exchange::centre::held_rows(&direct.centres[&EPOCH]),
        [(desk(CUSTODIAN), 64)]
    );
    for n in 0..30u32 {
        direct.enrol(CUSTODIAN, Handle([u8::try_from(n + 2).unwrap(); 16]), keys(n + 2));
    }
    assert!(
        direct.refusals.contains(&Refusal::HeldLimit),
        "1,000 rows and no more"
    );
}
