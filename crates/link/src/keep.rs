//! The steps of a run that is not finished, so that a stopped or killed run is gone on with and not begun again.
//!
//! They lie in the folder `unfinished` beside the results, under the key of the run: a digest of inputs, settings, model,
//! labels and the program itself. Another key empties the folder. Every file appears under its name only when it is
//! complete and carries a check sum; one that does not fit is as good as absent.

use linkage::{
    LinkError,
    block::RuleReport,
    pipeline::{Learned, Scored},
    score::Edge,
    table::{hash_bytes, mix},
    write,
};
use serde::{Deserialize, Serialize};
use std::{
    fs::File,
    io::{BufReader, Read, Write},
    path::{Path, PathBuf},
};

/// Kept steps of one run.
pub struct Keep {
    dir: PathBuf,
}

/// Bytes of one kept pair.
const EDGE: usize = 20;
/// Pairs written, read and summed at a time.
const CHUNK: usize = 1 << 16;

/// What stands before the pairs.
#[derive(Serialize, Deserialize)]
struct Head {
    rules: Vec<RuleReport>,
    candidates: u64,
    edges: u64,
}

#[derive(Serialize, Deserialize)]
struct Summed {
    sum: String,
    learned: Learned,
}

impl Keep {
    /// The steps of the run with this key, beside results in `out`.
    pub fn open(out: &Path, key: &str) -> Result<Self, LinkError> {
        let dir = out.join("unfinished");
        let io = |source| LinkError::Io {
            path: dir.display().to_string(),
            source,
        };
        let name = dir.join("key");
        if std::fs::read_to_string(&name).is_ok_and(|k| k == key) {
            return Ok(Self { dir });
        }
        clear(&dir).map_err(io)?;
        std::fs::create_dir_all(&dir).map_err(io)?;
        write::text(&name, key)?;
        Ok(Self { dir })
    }

    /// What was learned, if it was.
    pub fn learned(&self) -> Option<Learned> {
        let text = std::fs::read_to_string(self.dir.join("learned.json")).ok()?;
        let kept: Summed = serde_json::from_str(&text).ok()?;
        let again = serde_json::to_string(&kept.learned).ok()?;
        (kept.sum == sum_of(&again) && kept.learned.model.to_json().is_ok()).then_some(kept.learned)
    }

    /// Keeps what was learned.
    pub fn keep_learned(&self, learned: &Learned) -> Result<(), LinkError> {
        let words = |e: serde_json::Error| LinkError::Model(e.to_string());
        let sum = sum_of(&serde_json::to_string(learned).map_err(words)?);
        let kept = Summed {
            sum,
            learned: learned.clone(),
        };
        let json = serde_json::to_string(&kept).map_err(words)?;
        write::text(&self.dir.join("learned.json"), &json)
    }

    /// The scored pairs, if they were kept.
    pub fn scored(&self) -> Option<Scored> {
        let mut file = BufReader::with_capacity(1 << 20, File::open(self.dir.join("scored")).ok()?);
        let mut four = [0; 8];
        file.read_exact(&mut four).ok()?;
        let length = usize::try_from(u64::from_le_bytes(four))
            .ok()
            .filter(|n| *n < 1 << 24)?;
        let mut head = vec![0; length];
        file.read_exact(&mut head).ok()?;
        let mut sum = mix(hash_bytes(&head));
        let head: Head = serde_json::from_slice(&head).ok()?;
        let mut left = usize::try_from(head.edges).ok()?;
        let mut edges = Vec::new();
        let mut bytes = vec![0; CHUNK * EDGE];
        while left > 0 {
            let n = left.min(CHUNK);
            let part = bytes.get_mut(..n * EDGE)?;
            file.read_exact(part).ok()?;
            sum = mix(sum ^ hash_bytes(part));
            edges.extend(part.chunks_exact(EDGE).map(edge));
            left -= n;
        }
        file.read_exact(&mut four).ok()?;
        (u64::from_le_bytes(four) == sum && file.read(&mut four).ok()? == 0).then_some(Scored {
            edges,
            rules: head.rules,
            candidates: head.candidates,
        })
    }

    /// Keeps scored pairs.
    pub fn keep_scored(&self, scored: &Scored) -> Result<(), LinkError> {
        let head = Head {
            rules: scored.rules.clone(),
            candidates: scored.candidates,
            edges: scored.edges.len() as u64,
        };
        let head = serde_json::to_vec(&head).map_err(|e| LinkError::Model(e.to_string()))?;
        write::whole(&self.dir.join("scored"), |out| {
            out.write_all(&(head.len() as u64).to_le_bytes())?;
            out.write_all(&head)?;
            let mut sum = mix(hash_bytes(&head));
            let mut bytes = Vec::with_capacity(CHUNK * EDGE);
            for part in scored.edges.chunks(CHUNK) {
                bytes.clear();
                for e in part {
                    bytes.extend_from_slice(&e.left.to_le_bytes());
                    bytes.extend_from_slice(&e.right.to_le_bytes());
                    bytes.extend_from_slice(&e.weight.to_le_bytes());
                    bytes.extend_from_slice(&e.pattern.to_le_bytes());
                }
                sum = mix(sum ^ hash_bytes(&bytes));
                out.write_all(&bytes)?;
            }
            out.write_all(&sum.to_le_bytes())
        })
    }

    /// Takes everything away: the run is finished.
    pub fn forget(self) {
        // results are complete without it; what could not be removed is removed by the next run
        let _ = clear(&self.dir);
    }
}

fn clear(dir: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

fn sum_of(text: &str) -> String {
    format!("{:016x}", hash_bytes(text.as_bytes()))
}

fn edge(bytes: &[u8]) -> Edge {
    let four = |from: usize| {
        let mut out = [0; 4];
        if let Some(b) = bytes.get(from..from + 4) {
            out.copy_from_slice(b);
        }
        out
    };
    let pattern = u64::from(u32::from_le_bytes(four(12))) | u64::from(u32::from_le_bytes(four(16))) << 32;
    Edge {
        left: u32::from_le_bytes(four(0)),
        right: u32::from_le_bytes(four(4)),
        weight: f32::from_le_bytes(four(8)),
        pattern,
    }
}

/// A digest of a file's contents: of accidents, not of malice.
pub fn digest(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut block = vec![0; 1 << 20];
    let (mut sum, mut length) = (0x6461_796c, 0_u64);
    loop {
        let mut filled = 0;
        while let Some(rest) = block.get_mut(filled..).filter(|r| !r.is_empty()) {
            match file.read(rest)? {
                0 => break,
                n => filled += n,
            }
        }
        let part = block.get(..filled).unwrap_or_default();
        if part.is_empty() {
            return Ok(format!("{:016x}{length:x}", mix(sum ^ length)));
        }
        sum = mix(sum ^ hash_bytes(part));
        length += part.len() as u64;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    fn scored(n: u32) -> Scored {
        let edge = |k: u32| Edge {
            left: k,
            right: k + 1,
            weight: k as f32 / 7.0,
            pattern: u64::from(k) << 33 | 5,
        };
        Scored {
            edges: (0..n).map(edge).collect(),
            rules: vec![RuleReport {
                rule: "r".into(),
                pairs: 9,
                ..Default::default()
            }],
            candidates: 77,
        }
    }

    #[test]
    fn scored_pairs_come_back_and_a_file_cut_or_changed_anywhere_counts_as_absent() {
        let dir = tempfile::tempdir().unwrap();
        let keep = Keep::open(dir.path(), "k").unwrap();
        assert!(keep.scored().is_none());
        for n in [0, 1, 300] {
            keep.keep_scored(&scored(n)).unwrap();
            assert_eq!(keep.scored(), Some(scored(n)));
        }
        let path = dir.path().join("unfinished/scored");
        let whole = std::fs::read(&path).unwrap();
        for at in (0..whole.len()).step_by(37) {
            std::fs::write(&path, &whole[..at]).unwrap();
            assert!(keep.scored().is_none(), "cut at {at}");
            let mut bad = whole.clone();
            bad[at] ^= 4;
            std::fs::write(&path, bad).unwrap();
            assert!(keep.scored().is_none(), "changed at {at}");
        }
        std::fs::write(&path, [whole, vec![0]].concat()).unwrap();
        assert!(keep.scored().is_none());
    }

    #[test]
    fn another_key_empties_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        Keep::open(dir.path(), "k")
            .unwrap()
            .keep_scored(&scored(2))
            .unwrap();
        assert!(Keep::open(dir.path(), "k").unwrap().scored().is_some());
        assert!(Keep::open(dir.path(), "other").unwrap().scored().is_none());
        assert!(Keep::open(dir.path(), "k").unwrap().scored().is_none());
    }

    #[test]
    fn a_digest_sees_every_byte_and_the_length() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        let of = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            digest(&path).unwrap()
        };
        let long = vec![7_u8; (1 << 20) + 5];
        let mut other = long.clone();
        other[1 << 20] = 8;
        let all = [of(b""), of(b"a"), of(b"b"), of(b"a\0"), of(&long), of(&other)];
        for (k, d) in all.iter().enumerate() {
            assert!(!all[..k].contains(d));
        }
        assert_eq!(of(&long), all[4]);
    }
}
