//! Handing parts to the engine: a few at a time, each with a deadline, handed out again when lost, and believed only if
//! as many pairs met as must have.

use crate::{
    args::RunArgs,
    cut::Must,
    function,
    part::{self, Done},
    refused, row,
};
use arrow::{array::AsArray, datatypes::Int64Type, record_batch::RecordBatch};
use ballista::prelude::{SessionConfigExt, SessionContextExt};
use ballista_core::{
    execution_plans::DistributedQueryExec,
    serde::protobuf::{CancelJobParams, scheduler_grpc_client::SchedulerGrpcClient},
    utils::create_grpc_client_endpoint,
};
use datafusion::{
    error::DataFusionError,
    execution::SessionStateBuilder,
    physical_plan::{ExecutionPlan, collect},
    prelude::{ParquetReadOptions, SessionConfig, SessionContext},
};
use datafusion_proto::protobuf::LogicalPlanNode;
use linkage::{LinkError, meter::Meter, pipeline::Watch};
use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::task::JoinSet;

/// Tasks into which the engine divides one part: parts are small, and many are under way.
const TASKS: usize = 2;
/// Between looks at whether to stop.
const LOOK: Duration = Duration::from_millis(200);

/// A part to do: its number, what it must come to, and how often it was handed out.
type Wanted = (usize, Must, u32);

/// The engine as one run sees it.
pub struct Cluster {
    engine: SessionContext,
    scheduler: String,
    dir: PathBuf,
    values: String,
    across: bool,
    deadline: Duration,
    attempts: u32,
    at_once: usize,
    meter: Arc<Meter>,
}

impl Cluster {
    /// Speaks to the scheduler about the parts in `dir`; `across` if only pairs of different sources count. `meter` is advanced,
    /// and asked whether to stop.
    ///
    /// # Errors
    /// No scheduler there.
    pub async fn connect(
        args: &RunArgs,
        dir: &Path,
        values: &Path,
        across: bool,
        meter: Arc<Meter>,
    ) -> Result<Arc<Self>, LinkError> {
        let config = SessionConfig::new_with_ballista()
            // the adaptive planner has no recovery from a lost executor
            .with_ballista_adaptive_query_planner(false)
            .with_target_partitions(TASKS)
            // a part's rows fit in memory, so nothing need be sorted to be joined
            .set_bool("datafusion.optimizer.prefer_hash_join", true);
        let state = SessionStateBuilder::new()
            .with_default_features()
            .with_config(config)
            .build();
        let url = format!("df://{}", args.scheduler);
        let engine = SessionContext::remote_with_state(&url, state)
            .await
            .map_err(|e| refused(&args.scheduler, e))?;
        // a state handed over loses its functions
        engine.register_udf(function::function());
        Ok(Arc::new(Self {
            engine,
            scheduler: args.scheduler.clone(),
            dir: dir.to_owned(),
            values: values.display().to_string(),
            across,
            deadline: Duration::from_secs(args.deadline),
            attempts: args.attempts,
            at_once: args.at_once as usize,
            meter,
        }))
    }

    /// Does all parts wanted, in any order; `each` has every one once.
    ///
    /// # Errors
    /// A part that was lost too often, whatever `each` meets, or a wish to stop.
    pub async fn all(
        self: &Arc<Self>,
        wanted: &[(usize, Must)],
        watch: &mut dyn Watch,
        mut each: impl FnMut(usize, Done) -> Result<(), LinkError>,
    ) -> Result<(), LinkError> {
        let mut waiting: VecDeque<Wanted> = wanted.iter().map(|(k, must)| (*k, *must, 1)).collect();
        let mut under_way: JoinSet<(Wanted, Result<Done, String>)> = JoinSet::new();
        loop {
            while !self.meter.stopped()
                && under_way.len() < self.at_once
                && let Some(next) = waiting.pop_front()
            {
                let here = Arc::clone(self);
                under_way.spawn(async move { (next, here.attempt(next).await) });
            }
            match under_way.join_next().await {
                None if self.meter.stopped() => return Err(LinkError::Stopped),
                None => return Ok(()),
                Some(Err(e)) => return Err(refused("part", e)),
                Some(Ok(((k, must, _), Ok(done)))) => {
                    each(k, done)?;
                    self.meter.add(must.meetings);
                }
                Some(Ok(_)) if self.meter.stopped() => {}
                Some(Ok((lost, Err(why)))) => waiting.push_back(self.lost(lost, &why, watch)?),
            }
        }
    }

    /// A lost part is handed out again, within reason.
    fn lost(&self, (k, must, times): Wanted, why: &str, watch: &mut dyn Watch) -> Result<Wanted, LinkError> {
        let what = format!("part {}", k + 1);
        if times >= self.attempts {
            let times = if times == 1 {
                "once".to_owned()
            } else {
                format!("{times} times")
            };
            return Err(refused(
                &what,
                format!(
                    "lost {times}, the last time because: {why}. What is done is kept; the same command goes on"
                ),
            ));
        }
        watch.say(&format!("{what} was lost and is handed out again: {why}"));
        Ok((k, must, times + 1))
    }

    /// Does a part once; in words, why not.
    async fn attempt(&self, (k, must, times): Wanted) -> Result<Done, String> {
        if times > 1 {
            // whatever was in the way may need a moment
            let seconds = 1_u64 << (times - 2).min(5);
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(seconds)) => {}
                () = self.stopped() => return Err("stopped".to_owned()),
            }
        }
        let table = format!("part_{k}_{times}");
        let path = part::rows_path(&self.dir, k).display().to_string();
        let options = ParquetReadOptions::default();
        self.engine
            .register_parquet(&table, &path, options)
            .await
            .map_err(words)?;
        let answer = self.ask(&table).await;
        let _ = self.engine.deregister_table(&table);
        tally(&answer?, must)
    }

    async fn ask(&self, table: &str) -> Result<Vec<RecordBatch>, String> {
        let question = question(table, &self.values, self.across);
        let frame = self.engine.sql(&question).await.map_err(words)?;
        let context = Arc::new(frame.task_ctx());
        let plan = frame.create_physical_plan().await.map_err(words)?;
        let late = tokio::select! {
            answer = collect(Arc::clone(&plan), context) => return answer.map_err(words),
            () = tokio::time::sleep(self.deadline) => format!(
                "no answer within {} seconds; is there an executor, and is it not overloaded?",
                self.deadline.as_secs()
            ),
            () = self.stopped() => "stopped".to_owned(),
        };
        self.give_up(plan.as_ref()).await;
        Err(late)
    }

    /// Ends when somebody wishes to stop.
    async fn stopped(&self) {
        while !self.meter.stopped() {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Takes a question back, so that executors do not go on with it. It is as well if that fails.
    async fn give_up(&self, plan: &dyn ExecutionPlan) {
        let asked = plan.downcast_ref::<DistributedQueryExec<LogicalPlanNode>>();
        let Some(job) = asked.and_then(DistributedQueryExec::job_id) else {
            return;
        };
        let Ok(endpoint) = create_grpc_client_endpoint(format!("http://{}", self.scheduler), None) else {
            return;
        };
        // where nobody answers there is nothing to take back
        let connected = tokio::time::timeout(LOOK * 10, endpoint.connect()).await;
        if let Ok(Ok(channel)) = connected {
            let question = CancelJobParams {
                job_id: job.to_string(),
            };
            let _ = SchedulerGrpcClient::new(channel).cancel_job(question).await;
        }
    }
}

/// The beginning of what the engine said: the rest is how it came to say so.
fn words(e: DataFusionError) -> String {
    const MOST: usize = 240;
    let whole = e.to_string();
    let mut said: String = whole.chars().take(MOST).collect();
    if said.len() < whole.len() {
        said.push('…');
    }
    said
}

/// The question for one part: which pairs meet, what comes of each, how often each thing came, and with which marks.
fn question(table: &str, values: &str, across: bool) -> String {
    let values = values.replace('\'', "''");
    let counts = if across { " AND l.source <> r.source" } else { "" };
    format!(
        "SELECT what, count(*) AS times, sum(mark) AS marks FROM (\
         SELECT {}('{values}', l.record, r.record, l.codes, r.codes) AS what, l.mark + r.mark AS mark \
         FROM {table} l JOIN {table} r ON l.block = r.block AND l.record < r.record{counts}\
         ) GROUP BY what",
        function::NAME
    )
}

/// Adds an answer up, and checks it: the meetings there must be, and no pair kept twice. An engine that lost an executor has
/// been seen to answer with some rows twice.
fn tally(answer: &[RecordBatch], must: Must) -> Result<Done, String> {
    let unread = || "the answer is not of the form asked for".to_owned();
    let (mut done, mut met) = (Done::default(), Must::default());
    for batch in answer {
        let [what, times, marks] = batch.columns() else {
            return Err(unread());
        };
        let what = what.as_binary_opt::<i32>().ok_or_else(unread)?;
        let times = times.as_primitive_opt::<Int64Type>().ok_or_else(unread)?;
        let marks = marks.as_primitive_opt::<Int64Type>().ok_or_else(unread)?;
        for k in 0..batch.num_rows() {
            let n = u64::try_from(times.value(k)).map_err(|_| unread())?;
            met.meetings += n;
            met.marks += u64::try_from(marks.value(k)).map_err(|_| unread())?;
            match what.value(k) {
                row::REPEATED => continue,
                row::BELOW => {}
                bytes if n == 1 => done.edges.push(row::edge(bytes).ok_or_else(unread)?),
                _ => return Err(format!("a pair was compared {n} times")),
            }
            done.candidates += n;
        }
    }
    if met != must {
        return Err(if met.meetings == must.meetings {
            "as many pairs met as must have, but others".to_owned()
        } else {
            format!("{} pairs met where {} must have", met.meetings, must.meetings)
        });
    }
    done.edges.sort_unstable_by_key(|e| (e.left, e.right));
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::{
        array::{ArrayRef, BinaryArray, Int64Array},
        datatypes::{DataType, Field, Schema},
    };
    use linkage::score::Edge;

    fn answer(rows: &[(&[u8], i64, i64)]) -> Vec<RecordBatch> {
        let field = |name, kind| Field::new(name, kind, true);
        let schema = Schema::new(vec![
            field("what", DataType::Binary),
            field("times", DataType::Int64),
            field("marks", DataType::Int64),
        ]);
        let what: BinaryArray = rows.iter().map(|r| Some(r.0)).collect();
        let times: Int64Array = rows.iter().map(|r| Some(r.1)).collect();
        let marks: Int64Array = rows.iter().map(|r| Some(r.2)).collect();
        let columns: Vec<ArrayRef> = vec![Arc::new(what), Arc::new(times), Arc::new(marks)];
        vec![RecordBatch::try_new(Arc::new(schema), columns).unwrap()]
    }

    #[test]
    fn an_answer_is_believed_only_if_it_adds_up() {
        let edge = Edge {
            left: 1,
            right: 4,
            weight: 2.5,
            pattern: 9,
        };
        let kept = row::edge_bytes(&edge);
        let must = |meetings, marks| Must { meetings, marks };
        let good = answer(&[(row::BELOW, 5, 70), (&kept, 1, 8), (row::REPEATED, 3, 2)]);
        let done = tally(&good, must(9, 80)).unwrap();
        assert_eq!(
            done,
            Done {
                candidates: 6,
                edges: vec![edge]
            }
        );
        let fewer = tally(&good, must(10, 80)).unwrap_err();
        assert!(fewer.contains("9 pairs met where 10 must have"), "{fewer}");
        // one lost and another doubled: as many, but not the same
        assert!(tally(&good, must(9, 81)).unwrap_err().contains("but others"));
        assert!(
            tally(&answer(&[(&kept, 2, 16)]), must(2, 16))
                .unwrap_err()
                .contains("compared 2 times")
        );
        assert!(tally(&answer(&[(b"x", 1, 0)]), must(1, 0)).is_err());
        assert_eq!(tally(&[], Must::default()).unwrap(), Done::default());
        assert!(tally(&[], must(1, 1)).is_err());
    }

    #[test]
    fn a_folder_with_a_quote_in_its_name_stays_a_name() {
        assert!(question("t", "/it's/v", true).contains("('/it''s/v', "));
    }
}
