//! What is kept and what must go: an entry on the wrong child, and an inspection that is let in.

use node::app::AppError;
use node::app::grants::NewGrant;
use node::app::report::Safe;
use node::domain::record::Kind;

use super::super::acts::{child, confirm, decide, file, school, second_reading, tell_work};
use super::super::people::People;
use super::super::world::{World, at};

/// A paragraph about somebody else's child: two people outside the line agree that it goes, and four weeks later it does.
pub async fn wrong_child(world: &World, people: &People) -> Result<(), AppError> {
    world.live_until(at("2026-09-14 10:30")?).await?;
    let words = "She has not been collected twice this week.\n\nHer sister at the other school was seen by the nurse: \
                 this turned out to be another family of the same name.";
    let reference = file(
        world,
        15,
        &school(words, Safe::Yes, vec![child("Ana Brook", "2014-10-03")]),
    )
    .await?;
    world.live_until(at("2026-09-14 14:00")?).await?;
    confirm(world, people, &reference).await?;
    let reason = "The school and her mother have agreed who collects her.";
    decide(world, people, "northmere/hub", &reference, &[("advice", reason)]).await?;
    second_reading(world, people, &reference).await?;
    tell_work(
        world,
        people,
        &reference,
        "Advice to the school and her mother. Ring if it happens again.",
    )
    .await?;
    world.live_until(at("2026-09-16 09:40")?).await?;
    let records = people.acting("northmere/records-officer")?;
    let page = world.node.concern(&records, &reference).await?;
    let paragraphs = page.entries.iter().filter(|entry| entry.kind == Kind::Paragraph);
    let wrong = paragraphs
        .map(|entry| entry.record)
        .nth(1)
        .ok_or(AppError::NotFound)?;
    let asked = world
        .node
        .ask_erasure(&records, &reference, wrong, "text", "wrong-person")
        .await?;
    let asked = asked.erasures.last().ok_or(AppError::NotFound)?.asked;
    world.live_until(at("2026-09-17 11:00")?).await?;
    let officer = people.acting("northmere/data-protection-officer")?;
    world
        .node
        .agree_erasure(&officer, &reference, asked)
        .await
        .map(drop)
}

/// The director asks, the monitoring officer agrees: an inspector sees lists without names until the middle of December.
pub async fn inspection(world: &World, people: &People) -> Result<(), AppError> {
    world.live_until(at("2026-11-16 09:30")?).await?;
    let inspector = people.who("northmere/inspector")?;
    let director = people.acting("northmere/director")?;
    let grant = NewGrant {
        inspector,
        inspection: "An invented inspectorate, joint inspection of Northmere".to_owned(),
        power: "joint-inspection".to_owned(),
        warrant: false,
        from: at("2026-11-23 00:00")?,
        to: at("2026-12-19 00:00")?,
        told_from: at("2026-09-01 00:00")?,
        told_to: at("2026-12-01 00:00")?,
    };
    let asked = world.node.ask_grant(&director, &grant).await?;
    world.live_until(at("2026-11-16 14:00")?).await?;
    let officer = people.acting("northmere/monitoring-officer")?;
    world.node.agree_grant(&officer, inspector, asked).await
}
