//! The scheduler process: Ballista's own, with the settings under which a lost executor was seen to be survived.

use crate::{address, args::SchedulerArgs, function, refused, runtime, say};
use ballista_core::{config::TaskSchedulingPolicy, utils::default_session_builder};
use ballista_scheduler::{
    cluster::BallistaCluster, config::SchedulerConfig, scheduler_process::start_server,
};
use datafusion::{execution::FunctionRegistry, prelude::SessionConfig};
use linkage::LinkError;
use std::{net::SocketAddr, sync::Arc};

/// Runs until it is ended.
///
/// # Errors
/// An address that cannot be listened at.
pub fn run(args: &SchedulerArgs) -> Result<(), LinkError> {
    let (host, port) = address(&args.listen)?;
    let listen: SocketAddr = args.listen.parse().map_err(|e| refused(&args.listen, e))?;
    let session = |config: SessionConfig| {
        let mut state = default_session_builder(config)?;
        state.register_udf(Arc::new(function::function()))?;
        Ok(state)
    };
    let config = SchedulerConfig {
        external_host: args.reached_at.clone().unwrap_or_else(|| host.clone()),
        bind_host: host,
        bind_port: port,
        // pushed tasks of a lost executor were not handed out again
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        executor_timeout_seconds: args.lost_after,
        expire_dead_executor_interval_seconds: (args.lost_after / 4).max(1),
        no_executors_grace_period_seconds: args.lost_after.max(60),
        override_session_builder: Some(Arc::new(session)),
        ..SchedulerConfig::default()
    };
    say::warnings();
    say::line(&format!(
        "scheduler at {}; an executor silent for {} seconds counts as lost",
        args.listen, args.lost_after
    ));
    runtime()?.block_on(async {
        let cluster = BallistaCluster::new_from_config(&config)
            .await
            .map_err(|e| refused(&args.listen, e))?;
        start_server(cluster, listen, Arc::new(config))
            .await
            .map_err(|e| refused(&args.listen, e))
    })
}
