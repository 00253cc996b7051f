//! November: a duty that climbs every rung, and an ordinary busy week up to Friday 27 November, 4:45pm.

use node::app::report::Safe;
use node::app::waiting::WaitFor;
use node::app::{AppError, Refusal};

use super::super::acts::{
    accept, answer, child, confirm, decide, done, file, open_duty, post, private, school, tell_public,
    tell_work,
};
use super::super::people::People;
use super::super::world::{World, at};

/// Nobody decides: the duty climbs every rung until the director accepts and asks. It is decided late, and says so.
pub async fn silence(world: &World, people: &People) -> Result<(), AppError> {
    world.live_until(at("2026-11-10 11:00")?).await?;
    let words =
        "She has missed two appointments and nobody answers the door. A neighbour says they have moved.";
    let mut report = school(words, Safe::Yes, vec![child("Anwen Pike", "2020-07-07")]);
    report.reporter.name = "R. Achebe".to_owned();
    report.reporter.role = "Health visitor".to_owned();
    report.reporter.organisation = "Eastmarch Health".to_owned();
    let reference = file(world, 7, &report).await?;
    confirm(world, people, &reference).await?;
    world.live_until(at("2026-11-13 09:15")?).await?;
    let director = people.acting("northmere/director")?;
    let duty = open_duty(world, &director, &reference, "C01").await?;
    world.node.accept(&director, &reference, duty).await?;
    let words = "Why has nobody rung the housing office since Tuesday?";
    world.node.ask(&director, &reference, duty, words).await?;
    world.live_until(at("2026-11-13 11:30")?).await?;
    let reason =
        "Late, because the hub had one decision-maker for three people's work. Housing has a new address.";
    decide(
        world,
        people,
        "northmere/hub-manager",
        &reference,
        &[("assessment", reason)],
    )
    .await?;
    let words =
        "We are sorry that this took three days. A social worker visits on Monday at the new address.";
    tell_work(world, people, &reference, words).await
}

/// The concerns of the last week: number, when, words, child, born.
const WEEK: [(u8, &str, &str, &str, &str); 6] = [
    (
        8,
        "2026-11-23 09:10",
        "He falls asleep in class and says he looks after the baby at night.",
        "Noah Firth",
        "2015-04-21",
    ),
    (
        9,
        "2026-11-23 13:40",
        "A new boyfriend collects her; she asked to stay late again.",
        "Keira Dunn",
        "2012-08-16",
    ),
    (
        10,
        "2026-11-24 10:05",
        "Bruising that he explained in two different ways to two people.",
        "Eli Marsden",
        "2019-12-02",
    ),
    (
        11,
        "2026-11-25 14:30",
        "She wrote that she does not feel safe walking home past the garages.",
        "Zara Whitlock",
        "2013-03-28",
    ),
    (
        12,
        "2026-11-26 15:50",
        "He has a second phone and is frightened when it rings.",
        "Kez Odell",
        "2011-06-09",
    ),
    (
        13,
        "2026-11-27 11:20",
        "The twins' mother has gone and the grandfather is not managing.",
        "Orla Finch",
        "2021-01-15",
    ),
];

/// An ordinary busy week.
pub async fn busy_week(world: &World, people: &People) -> Result<(), AppError> {
    for (number, time, words, name, born) in WEEK {
        world.live_until(at(time)?).await?;
        let reference = file(world, number, &school(words, Safe::Yes, vec![child(name, born)])).await?;
        if number < 12 {
            confirm(world, people, &reference).await?;
        }
        match number {
            8 => early_help(world, people, &reference).await?,
            9 => ended(world, people, &reference).await?,
            10 => two_accounts(world, people, &reference).await?,
            _ => {}
        }
    }
    grandmother(world, people).await?;
    world.live_until(at("2026-11-27 16:45")?).await
}

async fn early_help(world: &World, people: &People, reference: &str) -> Result<(), AppError> {
    world.live_until(at("2026-11-23 11:30")?).await?;
    let reason = "Early help for the family; the school nurse will visit.";
    decide(
        world,
        people,
        "northmere/hub",
        reference,
        &[("early-help", reason)],
    )
    .await?;
    let words = "The family will be offered early help.";
    tell_work(world, people, reference, words).await?;
    world.live_until(at("2026-11-23 13:30")?).await?;
    accept(
        world,
        people,
        "northmere/hub-manager",
        reference,
        "accept-hand-over",
    )
    .await
}

/// No further action: a second person must agree before it takes effect, or it is drawn by lot.
async fn ended(world: &World, people: &People, reference: &str) -> Result<(), AppError> {
    world.live_until(at("2026-11-23 16:00")?).await?;
    let reason = "The new carer is known to the school and was checked.";
    decide(
        world,
        people,
        "northmere/hub",
        reference,
        &[("no-further-action", reason)],
    )
    .await?;
    tell_work(
        world,
        people,
        reference,
        "We have checked, and no more is needed now. Ring if it changes.",
    )
    .await
}

/// A strategy discussion held, and a social worker who waits for health while the clock runs.
async fn two_accounts(world: &World, people: &People, reference: &str) -> Result<(), AppError> {
    world.live_until(at("2026-11-24 10:50")?).await?;
    let reason = "Two accounts that do not fit. Police and health today.";
    decide(
        world,
        people,
        "northmere/hub",
        reference,
        &[("strategy-discussion", reason)],
    )
    .await?;
    let words = "The agencies meet today; you may be asked to join by telephone.";
    tell_work(world, people, reference, words).await?;
    world.live_until(at("2026-11-24 16:10")?).await?;
    let held = node::app::duties::Answer {
        finding: Some("enquiry-no-conference".to_owned()),
        ..done("Held with the police and the school. Health could not join.")
    };
    answer(world, people, "northmere/hub-manager", reference, "C03", &held).await?;
    world.live_until(at("2026-11-25 10:20")?).await?;
    let worker = people.acting("northmere/north-worker")?;
    let duty = open_duty(world, &worker, reference, "C07").await?;
    let health = WaitFor::Post(post("northmere-health/safeguarding-lead")?);
    let asked = "Has he been seen at the clinic since September, and by whom?";
    world
        .node
        .wait_for(&worker, reference, duty, &health, asked)
        .await
        .map(drop)
}

/// A grandmother whose son must not know, told in sentences that confirm nothing.
async fn grandmother(world: &World, people: &People) -> Result<(), AppError> {
    world.live_until(at("2026-11-27 14:00")?).await?;
    let words = "I am her grandmother. Her father must not know that I told you.";
    let report = private(words, Safe::Yes, vec![child("Lily Thorne", "2012-05-05")]);
    let reference = file(world, 14, &report).await?;
    world.live_until(at("2026-11-27 15:10")?).await?;
    let outcome = [("assessment", "An assessment, with care for who has told us.")];
    decide(world, people, "northmere/hub", &reference, &outcome).await?;
    tell_public(world, people, "northmere/hub", &reference).await?;
    close_is_refused(world, people, &reference).await
}

/// Somebody tries to close it while a duty is open: refused, by name of the duty.
async fn close_is_refused(world: &World, people: &People, reference: &str) -> Result<(), AppError> {
    let hub = people.acting("northmere/hub")?;
    let seen = world.node.concern(&hub, reference).await?.seen;
    match world
        .node
        .close_concern(&hub, reference, seen, None, "Nothing more to do.")
        .await
    {
        Err(AppError::Refused(Refusal::OpenDuties(_))) => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Err(AppError::Broken("a concern with open duties was closed".into())),
    }
}
