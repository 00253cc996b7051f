//! What runs by itself: the ticker, the publisher, deliveries, witnesses, erasures. None of them opens content, but for
//! erasing. Each can stop and start again: what it has done is in the store.

use std::sync::Arc;
use std::time::Duration;

use crate::app::deliver::Channel;
use crate::app::publish::Published;
use crate::app::witnessing::{Asked, Witness};
use crate::app::{AppError, Node};

/// How often there is a look for news to publish.
const PUBLISH: Duration = Duration::from_millis(250);
/// How often duties, deliveries and witnesses are looked at.
const TICK: Duration = Duration::from_secs(1);
/// How often what was sent is counted against what was delivered.
const COUNT: Duration = Duration::from_secs(60);
/// How often erasures are looked at.
const ERASE: Duration = Duration::from_secs(3_600);

/// What the jobs need from outside.
#[derive(Clone, Default)]
pub struct Outside {
    /// Ways to tell people.
    pub channels: Vec<Arc<dyn Channel>>,
    /// Witnesses to ask.
    pub witnesses: Vec<Arc<dyn Witness>>,
}

/// Runs every job until the task is dropped, each in its own time: a mail gateway that hangs delays no ticking, and a
/// witness that hangs no signing. A failure is logged, counted and tried again; one that leaves the outcome of a write
/// unknown ends all of them, so that the process ends.
///
/// # Errors
/// [`AppError::Unknown`].
pub async fn run(node: Node, outside: Outside) -> Result<(), AppError> {
    let deliveries = outside.channels.iter().map(|channel| {
        let (node, channel) = (node.clone(), channel.clone());
        every("deliver", TICK, move || {
            let (node, channel) = (node.clone(), channel.clone());
            async move { node.deliver(channel.as_ref()).await.map(|_| ()) }
        })
    });
    let witnesses = outside.witnesses.iter().map(|witness| {
        let (node, witness) = (node.clone(), witness.clone());
        every("witness", TICK, move || {
            let (node, witness) = (node.clone(), witness.clone());
            async move { ask(&node, witness.as_ref()).await }
        })
    });
    tokio::try_join!(
        every("publish", PUBLISH, || publish_once(&node)),
        every("tick", TICK, || tick(&node)),
        every("erase", ERASE, || async { node.erase_due().await.map(|_| ()) }),
        every("told", COUNT, || told(&node)),
        every("epochs", ERASE, || epochs(&node)),
        all(deliveries.collect()),
        all(witnesses.collect()),
    )?;
    Ok(())
}

/// Does something again and again, with at least `pause` between two beginnings.
async fn every<W, F>(job: &'static str, pause: Duration, work: W) -> Result<(), AppError>
where
    W: FnMut() -> F,
    F: Future<Output = Result<(), AppError>>,
{
    let (mut work, mut when) = (work, tokio::time::interval(pause));
    when.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        when.tick().await;
        settle(job, work().await)?;
    }
}

/// Runs jobs of one sort beside one another; ends when the first ends.
async fn all<F>(jobs: Vec<F>) -> Result<(), AppError>
where
    F: Future<Output = Result<(), AppError>>,
{
    let mut jobs: Vec<_> = jobs.into_iter().map(Box::pin).collect();
    if jobs.is_empty() {
        return Ok(());
    }
    std::future::poll_fn(|context| {
        for job in &mut jobs {
            if let std::task::Poll::Ready(done) = job.as_mut().poll(context) {
                return std::task::Poll::Ready(done);
            }
        }
        std::task::Poll::Pending
    })
    .await
}

fn settle(job: &'static str, outcome: Result<(), AppError>) -> Result<(), AppError> {
    match outcome {
        Err(AppError::Unknown) => Err(AppError::Unknown),
        Err(error) => {
            tracing::error!(job, %error, "a job failed and will be tried again");
            metrics::counter!("daylight_job_failures", "job" => job).increment(1);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

async fn publish_once(node: &Node) -> Result<(), AppError> {
    match node.publish().await? {
        Published::DoesNotExtend { marked, found } => {
            tracing::error!(
                marked,
                found,
                "the store does not extend what was signed: nothing more is signed"
            );
            metrics::gauge!("daylight_rolled_back").set(1.0);
        }
        Published::Signed { size, .. } => metrics::gauge!("daylight_signed_entries").set(size as f64),
        Published::Nothing => {}
    }
    Ok(())
}

/// One round of duties.
async fn tick(node: &Node) -> Result<(), AppError> {
    let done = node.tick().await?;
    if let Some(seconds) = done.held {
        tracing::error!(
            seconds,
            "the clock jumped or the node was down: no duty lapses until a person says that the time is right"
        );
    }
    // While nobody vouches for the time, what ends by it stays; it opens no more all the same.
    if done.held.is_none() {
        node.end_unsent().await?;
    }
    metrics::gauge!("daylight_time_held").set(if done.held.is_some() { 1.0 } else { 0.0 });
    metrics::counter!("daylight_lapsed").increment(u64::from(done.lapsed));
    if done.nobody > 0 {
        tracing::error!(
            count = done.nobody,
            "duties can climb nowhere: every rung was passed"
        );
    }
    Ok(())
}

async fn told(node: &Node) -> Result<(), AppError> {
    let told = node.told_for_metrics().await?;
    let states = [
        ("waiting", told.waiting),
        ("sent", told.sent),
        ("delivered", told.delivered),
        ("failed", told.failed),
    ];
    for (state, count) in states {
        metrics::gauge!("daylight_notices_in_a_day", "state" => state).set(count as f64);
    }
    Ok(())
}

async fn epochs(node: &Node) -> Result<(), AppError> {
    let done = node.tend_epochs().await?;
    if let Some(epoch) = done.began {
        tracing::warn!(
            epoch,
            "a new epoch's key was made: back up the keys again, and say so"
        );
    }
    for epoch in &done.ended {
        tracing::info!(epoch, "the key of an old epoch was destroyed");
    }
    Ok(())
}

async fn ask(node: &Node, witness: &dyn Witness) -> Result<(), AppError> {
    match node.ask_witness(witness).await? {
        Asked::Alarm(words) => tracing::error!(witness = witness.key().name(), "{words}"),
        Asked::Pending(words) => {
            tracing::warn!(witness = witness.key().name(), "not yet witnessed: {words}");
        }
        Asked::Witnessed | Asked::Nothing => {}
    }
    Ok(())
}

/// One round of duties, deliveries and witnesses, one after another: for a simulated clock, which moves between rounds.
///
/// # Errors
/// The first that the store gives.
pub async fn tick_once(node: &Node, outside: &Outside) -> Result<(), AppError> {
    tick(node).await?;
    for channel in &outside.channels {
        node.deliver(channel.as_ref()).await?;
    }
    for witness in &outside.witnesses {
        ask(node, witness.as_ref()).await?;
    }
    Ok(())
}
