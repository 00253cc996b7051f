//! Three months of Northmere, lived through by the real use cases. Nothing here is inserted any other way.
//!
//! It has the events that show what the software is for: a bank-holiday Friday, a lapse at each rung, a vacant post, a
//! concern about a colleague, a notice that bounces, siblings decided differently, one vehicle in three concerns, an entry
//! on the wrong child, an inspection let in.

mod autumn;
mod keeping;
mod november;

use node::app::AppError;

use super::people::People;
use super::world::World;

/// Lives through it all. `tell` is told what week it is.
pub async fn live(world: &World, people: &People, mut tell: impl FnMut(&str)) -> Result<(), AppError> {
    tell("August: a bank-holiday Friday");
    let callum = autumn::bank_holiday(world, people).await?;
    tell("September: an entry on the wrong child");
    keeping::wrong_child(world, people).await?;
    autumn::assessed(world, people, &callum).await?;
    tell("October: three siblings");
    let siblings = autumn::siblings(world, people).await?;
    tell("October: a colleague, and the same vehicle three times");
    autumn::colleague(world, people).await?;
    autumn::vehicle(world, people).await?;
    autumn::conference(world, people, &siblings).await?;
    autumn::third_time(world, people).await?;
    tell("November: nobody answers");
    november::silence(world, people).await?;
    tell("November: an inspection is let in");
    keeping::inspection(world, people).await?;
    tell("November: a busy week");
    november::busy_week(world, people).await
}
