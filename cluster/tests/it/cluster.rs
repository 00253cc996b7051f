//! Processes of a cluster, ended with the test.

use clap::Parser;
use std::{
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

/// Longer than anything here takes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(400);
/// Silence after which an executor counts as lost, in seconds.
const LOST_AFTER: &str = "6";

/// Waits until something holds.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "waited in vain: {what}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// A process that does not outlive the test.
pub struct Process(Child);

impl Process {
    fn start(arguments: &[&str]) -> Self {
        let mut command = program();
        Self(
            command
                .args(arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        )
    }

    /// Ends it as `kill -9` does.
    pub fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// Its output when it has ended by itself.
    pub fn end(mut self) -> Output {
        let mut ended = None;
        until("the run ends", || {
            ended = self.0.try_wait().unwrap();
            ended.is_some()
        });
        let mut stderr = Vec::new();
        std::io::Read::read_to_end(&mut self.0.stderr.take().unwrap(), &mut stderr).unwrap();
        Output {
            status: ended.unwrap(),
            stdout: Vec::new(),
            stderr,
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_daylight-link-cluster"))
}

/// An address nobody listens at.
pub fn free() -> String {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string()
}

/// A scheduler and its executors.
pub struct Cluster {
    pub scheduler: String,
    pub executors: Vec<Process>,
    _scheduler: Process,
}

impl Cluster {
    pub fn start(executors: usize) -> Self {
        let scheduler = free();
        let process = Process::start(&["scheduler", "--listen", &scheduler, "--lost-after", LOST_AFTER]);
        until("the scheduler listens", || TcpStream::connect(&scheduler).is_ok());
        let addresses: Vec<String> = (0..executors).map(|_| free()).collect();
        let executor = |a: &String| {
            Process::start(&[
                "executor",
                "--scheduler",
                &scheduler,
                "--listen",
                a,
                "--tasks",
                "2",
            ])
        };
        let executors = addresses.iter().map(executor).collect();
        for a in &addresses {
            until("the executor listens", || TcpStream::connect(a).is_ok());
        }
        Self {
            scheduler,
            executors,
            _scheduler: process,
        }
    }

    /// Starts a run; what it says goes to a file beside the results, so that nobody need read along.
    pub fn run(&self, files: &[&Path], out: &Path, more: &[&str]) -> Process {
        run(&self.scheduler, files, out, more)
    }
}

pub fn run(scheduler: &str, files: &[&Path], out: &Path, more: &[&str]) -> Process {
    let mut command = program();
    command
        .arg("run")
        .args(files)
        .args(["--id", "id", "--format", "csv", "--seed", "3"]);
    command
        .args(["--scheduler", scheduler])
        .args(more)
        .arg("--out")
        .arg(out);
    Process(
        command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap(),
    )
}

/// Runs to the end, which must be a good one; what was said.
pub fn finish(run: Process) -> String {
    let done = run.end();
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success(), "{said}");
    said
}

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    link: link::LinkArgs,
}

/// The same by the local engine.
pub fn local(files: &[&Path], out: &Path, more: &[&str]) {
    let files = files.iter().map(|f| f.to_str().unwrap());
    let usual = [
        "--id",
        "id",
        "--format",
        "csv",
        "--seed",
        "3",
        "--quiet",
        "--out",
        out.to_str().unwrap(),
    ];
    let all = std::iter::once("link")
        .chain(files)
        .chain(usual)
        .chain(more.iter().copied());
    let cli = Cli::try_parse_from(all).unwrap();
    link::execute(&cli.link, &mut Vec::new()).unwrap();
}

/// Everything a run writes that must not depend on where it ran.
pub fn results(out: &Path) -> Vec<(&'static str, String)> {
    [
        "edges.csv",
        "clusters.csv",
        "model.json",
        "stats.json",
        "report.html",
    ]
    .map(|name| (name, std::fs::read_to_string(out.join(name)).unwrap()))
    .to_vec()
}

/// Fails with the first line that differs: two files of thousands of lines say nothing.
pub fn assert_same(out: &Path, expected: &Path) {
    for ((name, a), (_, b)) in results(out).iter().zip(&results(expected)) {
        let other = a.lines().zip(b.lines()).find(|(x, y)| x != y);
        assert!(
            a == b,
            "{name}: {} and {} lines; {other:?}",
            a.lines().count(),
            b.lines().count()
        );
    }
}

/// Parts that are done in a run that is under way.
pub fn done(out: &Path) -> Vec<PathBuf> {
    let list = |dir: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(dir)
            .map(|d| d.filter_map(|e| Some(e.ok()?.path())).collect())
            .unwrap_or_default()
    };
    let name = |p: &PathBuf| p.file_name().unwrap().to_string_lossy().into_owned();
    let runs = list(&out.join("unfinished"));
    let parts = runs
        .iter()
        .filter(|p| name(p).starts_with("run-"))
        .flat_map(|p| list(p));
    parts
        .filter(|p| name(p).starts_with("done-") && !name(p).ends_with(".partial"))
        .collect()
}
