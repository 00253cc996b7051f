//! The repository's files: those that git tracks or would track, as text.

use std::path::Path;
use std::process::Command;

use super::scan::Scan;

/// One file.
pub struct File {
    /// From the root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Its Rust, taken apart, if it is Rust.
    pub rust: Option<Scan>,
}

impl File {
    fn new(path: String, text: String) -> Self {
        let rust = path
            .ends_with(".rs")
            .then(|| Scan::of(&text, is_test_file(&path)));
        Self { path, text, rust }
    }

    /// Whether its name ends with one of `ends`.
    pub fn is(&self, ends: &[&str]) -> bool {
        ends.iter().any(|end| self.path.ends_with(end))
    }
}

fn is_test_file(path: &str) -> bool {
    path.split('/')
        .any(|part| matches!(part, "tests" | "benches" | "examples" | "fuzz" | "tests.rs"))
}

/// All of them.
pub struct Tree {
    /// In order of path.
    pub files: Vec<File>,
}

/// Files that are made by tools, or are data: not read.
fn is_left_out(path: &str) -> bool {
    let made = [
        "Cargo.lock",
        "package-lock.json",
        ".snap",
        ".woff2",
        ".svg",
        ".br",
        ".gz",
        ".png",
        ".parquet",
        ".proptest-regressions",
    ];
    let folders = [
        "assets/dist/",
        "fuzz/corpus/",
        "docs/spec/vectors/",
        "node_modules/",
    ];
    made.iter().any(|end| path.ends_with(end)) || folders.iter().any(|folder| path.contains(folder))
}

impl Tree {
    /// Reads the repository at `root`.
    ///
    /// # Errors
    /// When git cannot list the files.
    pub fn read(root: &Path) -> Result<Self, String> {
        let listed = Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .map_err(|error| format!("tidy: cannot start git: {error}"))?;
        if !listed.status.success() {
            return Err("tidy: git cannot list the files".to_owned());
        }
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let mut files: Vec<File> = listed
            .lines()
            .filter(|path| !is_left_out(path))
            .filter_map(|path| {
                Some(File::new(
                    path.to_owned(),
                    std::fs::read_to_string(root.join(path)).ok()?,
                ))
            })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files })
    }

    /// A tree of these files, for tests.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| File::new((*path).to_owned(), (*text).to_owned()))
            .collect();
        Self { files }
    }

    /// The file at `path`.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The Rust files, with what they are made of.
    pub fn rust(&self) -> impl Iterator<Item = (&File, &Scan)> {
        self.files
            .iter()
            .filter_map(|file| file.rust.as_ref().map(|scan| (file, scan)))
    }
}
