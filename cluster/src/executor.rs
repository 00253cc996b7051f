//! An executor process: Ballista's own, that knows our function.

use crate::{address, args::ExecutorArgs, function, refused, runtime, say};
use ballista_core::{config::TaskSchedulingPolicy, registry::BallistaFunctionRegistry};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use linkage::LinkError;
use std::sync::Arc;

/// Runs until it is ended.
///
/// # Errors
/// No scheduler, or an address that cannot be listened at.
pub fn run(args: &ExecutorArgs) -> Result<(), LinkError> {
    let (scheduler_host, scheduler_port) = address(&args.scheduler)?;
    let (bind_host, port) = address(&args.listen)?;
    // held until the end, which takes it away
    let temporary = tempfile::tempdir().map_err(|e| refused("temporary folder", e))?;
    let work = args.work.as_deref().unwrap_or(temporary.path());
    let mut functions = BallistaFunctionRegistry::default();
    functions
        .scalar_functions
        .insert(function::NAME.to_owned(), Arc::new(function::function()));
    let config = ExecutorProcessConfig {
        external_host: Some(args.reached_at.clone().unwrap_or_else(|| bind_host.clone())),
        bind_host,
        port,
        scheduler_host,
        scheduler_port,
        scheduler_connect_timeout_seconds: 60,
        vcores: args.tasks.unwrap_or(0),
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        work_dir: Some(work.display().to_string()),
        // what executors hand to one another is of no use once the part is done
        job_data_ttl_seconds: 3_600,
        job_data_clean_up_interval_seconds: 600,
        executor_heartbeat_interval_seconds: 3,
        override_function_registry: Some(Arc::new(functions)),
        ..ExecutorProcessConfig::default()
    };
    say::warnings();
    say::line(&format!(
        "executor at {} for the scheduler at {}",
        args.listen, args.scheduler
    ));
    runtime()?
        .block_on(start_executor_process(Arc::new(config)))
        .map_err(|e| refused(&args.scheduler, e))
}
