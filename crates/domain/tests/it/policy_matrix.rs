//! The whole matrix of role, action, tier and relation, written to `snapshots/policy-matrix.txt`.
//!
//! A change of policy is a change of that file, which a lawyer can read. `DAYLIGHT_BLESS=1` writes it anew. The test
//! fails when the file and the policy differ, or when a role, action, tier or thing is missing from the file.

use std::collections::BTreeMap;
use std::fmt::Write;

use domain::id::{PractitionerId, StreamId};
use domain::policy::{Action, Grant, Item, Policy, Purpose, Relation, Relations, Role, Tier, What, Who};
use domain::time::Instant;

const NOW: Instant = Instant(50);
const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/it/snapshots/policy-matrix.txt"
);

/// One letter per relation, in the order of `Relation::ALL`.
const LETTERS: &str = "OTWD2tAaoqCcRNpPnGgS=V";

fn asker(role: Role, warrant: bool) -> Who {
    if role == Role::Reporter {
        return Who::reporter(StreamId([1; 16]));
    }
    let who = Who::in_post(
        PractitionerId([1; 16]),
        "northmere/post".parse().unwrap(),
        &[role],
    );
    if role != Role::Inspector {
        return who.registered();
    }
    who.grant(Grant {
        from: Instant(0),
        to: Instant(100),
        agency: "northmere".parse().unwrap(),
        told_from: Instant(0),
        told_to: Instant(100),
        warrant,
        sample: [StreamId([1; 16])].into(),
    })
}

fn permits(policy: &Policy, who: &Who, action: Action, what: &What, purpose: &Purpose) -> bool {
    policy.decide(who, action, what, purpose, NOW).is_ok()
}

/// The mark of one relation in one cell: its letter, and what must be added for it to be enough.
fn mark(policy: &Policy, role: Role, action: Action, what: &What, letter: char) -> String {
    let who = asker(role, false);
    let stated = Purpose::Stated("reason".into());
    let follows = Purpose::follows(&who, action, what);
    if permits(policy, &who, action, what, follows.as_ref().unwrap_or(&stated)) {
        return if follows.is_none() {
            format!("{letter}*")
        } else {
            letter.to_string()
        };
    }
    let text = matches!(what.item, Item::Words | Item::Decision | Item::Reporter);
    if text && follows.is_some() && permits(policy, &who, action, what, &stated) {
        return format!("{letter}*");
    }
    if text && permits(policy, &who, action, what, &Purpose::Emergency("reason".into())) {
        return format!("{letter}!");
    }
    if role == Role::Inspector && what.tier == Tier::Sealed {
        let who = asker(role, true);
        let purpose = Purpose::follows(&who, action, what).unwrap_or(stated);
        if permits(policy, &who, action, what, &purpose) {
            return format!("{letter}w");
        }
    }
    let in_work = What {
        in_work: true,
        ..what.clone()
    };
    let purpose = Purpose::follows(&who, action, what);
    if what.item == Item::Reporter && purpose.is_some_and(|p| permits(policy, &who, action, &in_work, &p)) {
        return format!("{letter}+");
    }
    String::new()
}

fn cell(policy: &Policy, role: Role, action: Action, item: Item, tier: Tier) -> String {
    let mut out = String::new();
    for (relation, letter) in Relation::ALL.iter().zip(LETTERS.chars()) {
        let mut relations: Relations = [*relation].into_iter().collect();
        if *relation == Relation::Sample {
            relations = relations.with(Relation::Granted);
        }
        let what = What::new(item, StreamId([1; 16]), tier).to(relations);
        out.push_str(&mark(policy, role, action, &what, letter));
    }
    if out.is_empty() { ".".to_owned() } else { out }
}

fn words(code: &str) -> String {
    code.replace('-', " ")
}

fn header() -> String {
    let mut out = String::from(
        "WHO MAY DO WHAT\n\n\
         Written from the policies in rules/policy by tests/it/policy_matrix.rs; not to be edited by hand.\n\
         Each cell lists, by letter, every relation that is enough by itself. '.' is nobody in that role.\n\
         A role that is listed under 'nobody' can never do it, whatever the relation.\n\
         Whoever is barred (named in it, in declared conflict, object of the dispute) meets '.' everywhere.\n\
         After a letter: '*' only for a reason the person states; '!' only in an emergency, told to the custodian at\n\
         once; 'w' only by warrant; '+' only where the reporter acted in their work and is named.\n\
         Second readings assume a registered social worker. Holds, hidden fields and second acts narrow this further.\n\n\
         Relations\n",
    );
    for (relation, letter) in Relation::ALL.iter().zip(LETTERS.chars()) {
        let _ = writeln!(
            out,
            "  {letter}  {:<17} {}",
            words(relation.code()),
            relation.meaning()
        );
    }
    out.push_str("\nTiers\n");
    for tier in Tier::ALL {
        let _ = writeln!(out, "  {} {}", tier.code(), tier.meaning());
    }
    out.push_str("\nRoles\n");
    for role in Role::ALL {
        let _ = writeln!(out, "  {:<24} {}", words(role.code()), role.meaning());
    }
    out
}

/// One question: a table of roles with the same row, and the roles that never may.
fn table(policy: &Policy, action: Action, item: Item) -> String {
    let mut rows: BTreeMap<usize, (Vec<String>, Vec<Role>)> = BTreeMap::new();
    let mut nobody: Vec<Role> = Vec::new();
    for (place, role) in Role::ALL.iter().enumerate() {
        let cells: Vec<String> = Tier::ALL
            .iter()
            .map(|tier| cell(policy, *role, action, item, *tier))
            .collect();
        if cells.iter().all(|cell| cell == ".") {
            nobody.push(*role);
            continue;
        }
        match rows.values_mut().find(|(known, _)| *known == cells) {
            Some((_, roles)) => roles.push(*role),
            None => {
                rows.insert(place, (cells, vec![*role]));
            }
        }
    }
    let mut out = format!("\n== {}: {}\n", words(action.code()), item.meaning());
    for (cells, roles) in rows.values() {
        let names: Vec<String> = roles.iter().map(|r| words(r.code())).collect();
        let _ = writeln!(out, "  {}", names.join(", "));
        for (tier, cell) in Tier::ALL.iter().zip(cells) {
            let _ = writeln!(out, "      {}  {cell}", tier.code());
        }
    }
    let names: Vec<String> = nobody.iter().map(|r| words(r.code())).collect();
    if !names.is_empty() {
        let _ = writeln!(out, "  nobody: {}", names.join(", "));
    }
    out
}

/// The whole text, half of it worked out on each of two threads.
fn matrix() -> String {
    let policy = Policy::standard().unwrap();
    let questions: Vec<(Action, Item)> = Action::ALL
        .iter()
        .flat_map(|action| Item::ALL.iter().map(move |item| (*action, *item)))
        .filter(|(action, item)| policy.applies(*action, *item))
        .collect();
    let (first, second) = questions.split_at(questions.len() / 2);
    let work = |part: &[(Action, Item)]| -> String {
        part.iter()
            .map(|(action, item)| table(&policy, *action, *item))
            .collect()
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| work(second));
        let mine = work(first);
        format!("{}{mine}{}", header(), other.join().unwrap())
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the file is written anew only when a person says so"
)]
fn to_be_written_anew() -> bool {
    std::env::var_os("DAYLIGHT_BLESS").is_some()
}

#[test]
fn the_matrix_is_what_was_agreed() {
    assert_eq!(LETTERS.chars().count(), Relation::ALL.len());
    let now = matrix();
    for word in Action::ALL.iter().map(|a| format!("\n== {}: ", words(a.code()))) {
        assert!(now.contains(&word), "an action is missing: {word}");
    }
    for item in Item::ALL {
        assert!(
            now.contains(&format!(": {}\n", item.meaning())),
            "{item:?} is missing"
        );
    }
    for (question, text) in now.split("\n== ").skip(1).enumerate() {
        for role in Role::ALL {
            assert!(
                text.contains(&words(role.code())),
                "{role:?} is missing from question {question}"
            );
        }
        for tier in Tier::ALL {
            let all_refused = !text.contains("      T0  ");
            assert!(
                all_refused || text.contains(&format!("      {}  ", tier.code())),
                "{tier:?} is missing"
            );
        }
    }
    if to_be_written_anew() {
        std::fs::write(FILE, &now).unwrap();
    }
    let agreed = std::fs::read_to_string(FILE).unwrap_or_default();
    if now != agreed {
        let differs = now.lines().zip(agreed.lines()).find(|(a, b)| a != b);
        panic!("the policy and the matrix differ; read the change, then DAYLIGHT_BLESS=1: {differs:?}");
    }
}
