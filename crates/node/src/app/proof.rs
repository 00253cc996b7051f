//! Proof of one entry: the receipt somebody keeps, the exhibit an inspector checks, and the page that checks either.

use std::collections::HashMap;

use domain::id::{RecordId, StreamId};
use domain::policy::{Action, Item};
use domain::record::Kind;
use domain::time::Instant;
use ledger::checkpoint::SignedCheckpoint;
use ledger::hash::Hash;
use ledger::leaf::{Disclosure, Leaf};
use ledger::proof::Proof;
use ledger::source::{SourceError, TileSource, tile_hashes};
use ledger::tile::TilePath;
use ledger::tree::Reader;

use super::report::NextLook;
use super::{Acting, AppError, Node};
use crate::Inner;
use crate::content::Content;
use crate::store::read::streams::Stored;

/// How far a record's proof has come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Proven {
    /// Written here, and on disk.
    Recorded,
    /// Under a head this agency signed, at this time.
    Signed {
        /// When the head was signed.
        at: Instant,
    },
    /// Under a head that witnesses outside this agency have signed too.
    Witnessed {
        /// When the last of them did.
        at: Instant,
        /// Their names.
        by: Vec<String>,
    },
}

/// What somebody who reported is shown after sending, and may keep where that is safe.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// The reference.
    pub reference: String,
    /// When it was recorded.
    pub recorded: Instant,
    /// When we were told.
    pub received: Instant,
    /// How far its proof has come.
    pub proven: Proven,
    /// What happens next, in clock time.
    pub next: NextLook,
    /// Whether it was said to be safe to keep something.
    pub safe_to_keep: bool,
    /// Whether it was reported in somebody's work: the full copy is theirs.
    pub in_work: bool,
}

/// One entry's proof, for a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryProof {
    /// The entry's index in the log.
    pub index: u64,
    /// How far its proof has come.
    pub proven: Proven,
    /// The entry's hash, in hexadecimal.
    pub leaf: String,
    /// The path to the root, in hexadecimal.
    pub path: Vec<String>,
    /// The size of the log at the signed head.
    pub size: u64,
    /// The exhibit file, when it is signed.
    pub exhibit: Option<Vec<u8>>,
}

impl Node {
    /// The receipt of a report this visit has just filed.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a ticket that is not one.
    pub async fn receipt(&self, ticket: &str) -> Result<Receipt, AppError> {
        let node = &self.inner;
        let id: StreamId = ticket.parse().map_err(|_| AppError::NotFound)?;
        let stream = node.load(id).await?;
        let concern = super::act::fold(&stream)?;
        let raised = stream
            .spines
            .iter()
            .find(|s| s.kind == Kind::Raised)
            .ok_or(AppError::NotFound)?;
        let stored = node.store.record(raised.id).await?.ok_or(AppError::NotFound)?;
        Ok(Receipt {
            reference: concern.reference.clone(),
            recorded: raised.recorded,
            received: raised.told(),
            proven: node.proven(stored.idx).await?,
            next: node.next_look(&concern, raised.told()),
            safe_to_keep: raised.is("safe-to-keep"),
            in_work: concern.reporter_kind == "work",
        })
    }

    /// The short receipt as a file: reference, time and proof, no name and none of the words. None while the record is
    /// not yet under a signed head.
    ///
    /// # Errors
    /// As [`Node::receipt`]; [`AppError::NotFound`] too when it was said not to be safe to keep anything.
    pub async fn receipt_file(&self, ticket: &str, full: bool) -> Result<Option<Vec<u8>>, AppError> {
        let node = &self.inner;
        let id: StreamId = ticket.parse().map_err(|_| AppError::NotFound)?;
        let stream = node.load(id).await?;
        let concern = super::act::fold(&stream)?;
        let raised = stream
            .spines
            .iter()
            .find(|s| s.kind == Kind::Raised)
            .ok_or(AppError::NotFound)?;
        if !raised.is("safe-to-keep") || (full && concern.reporter_kind != "work") {
            return Err(AppError::NotFound);
        }
        let opened = node.open_stream(&stream).await?;
        let short = ["id", "kind", "recorded", "received", "code.reference"];
        let mut out = Vec::new();
        for spine in stream.spines.iter().filter(|s| s.sequence <= raised.sequence) {
            if spine.id != raised.id && !full {
                continue;
            }
            let stored = node.store.record(spine.id).await?.ok_or(AppError::NotFound)?;
            let content = opened.get(&spine.sequence).ok_or(AppError::NotFound)?;
            let hidden = |name: &str| {
                let mut erasures = concern.erasures.iter();
                erasures.any(|e| e.record == spine.id && e.field == name && e.hides())
            };
            let shown = content
                .disclosures()
                .iter()
                .filter(|d| (full || short.contains(&d.name())) && !hidden(d.name()));
            match node.exhibit(&stored, shown).await? {
                Some(exhibit) => out.extend(exhibit),
                None => return Ok(None),
            }
            if full {
                out.push(b'\n');
            }
        }
        Ok(Some(out))
    }

    /// The keys with which anybody checks what this node signs, as a policy file: to be given apart from what it proves. With
    /// the keys of the witnesses that sign its log, so that what they signed is said; no number of them is asked for.
    ///
    /// # Errors
    /// When the log's key cannot be read.
    pub fn policy_file(&self, witnesses: &[String]) -> Result<String, AppError> {
        let node = &self.inner;
        let log = crate::prove::log_key(&node.keys(), &node.agency)?;
        let issuer = node.issuer.verifier();
        let lines: String = (1..)
            .zip(witnesses)
            .map(|(n, key)| format!("witness w{n} {key}\n"))
            .collect();
        Ok(format!("log {log}\n#issuer {issuer}\n{lines}quorum none\n"))
    }

    /// The proof of one entry of a concern, with the exhibit that shows what this reader may read of it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such entry, or none for this person.
    pub async fn proof(
        &self,
        acting: &Acting,
        reference: &str,
        record: RecordId,
    ) -> Result<EntryProof, AppError> {
        let node = &self.inner;
        let who = node.who(acting).await?;
        let (stream, concern, facts) = node.concern_by_reference(&who, reference).await?;
        let spine = stream
            .spines
            .iter()
            .find(|s| s.id == record)
            .ok_or(AppError::NotFound)?;
        let permit = node.permit(&who, Action::Read, &facts.what(&who, Item::Proof), None)?;
        let words = node.permit(&who, Action::Read, &facts.what(&who, Item::Words), None);
        node.shown(acting, &permit, spine.sequence).await?;
        let stored = node.store.record(record).await?.ok_or(AppError::NotFound)?;
        let hidden = concern
            .erasures
            .iter()
            .filter(|e| e.record == record && e.hides());
        let hidden: Vec<String> = hidden.map(|e| e.field.clone()).collect();
        let spine_fields: Vec<String> = spine.fields().into_iter().map(|(name, _)| name).collect();
        let content = node.open_one(&stream, &stored).await?.unwrap_or_default();
        let shown: Vec<&Disclosure> = content
            .disclosures()
            .iter()
            .filter(|d| spine_fields.iter().any(|f| f == d.name()) || words.is_ok())
            .filter(|d| !hidden.iter().any(|field| field == d.name()))
            .collect();
        node.entry_proof(&stored, &shown).await
    }
}

impl Inner {
    /// How far the proof of the entry at `index` has come.
    pub(crate) async fn proven(&self, index: u64) -> Result<Proven, AppError> {
        let Some(head) = self.store.checkpoint_covering(index).await? else {
            return Ok(Proven::Recorded);
        };
        let lines = self.store.cosigned_since(index).await?;
        match lines.iter().map(|(_, at)| *at).max() {
            None => Ok(Proven::Signed { at: head.at }),
            Some(at) => {
                let mut by: Vec<String> = lines.into_iter().map(|(name, _)| name).collect();
                by.sort();
                by.dedup();
                Ok(Proven::Witnessed { at, by })
            }
        }
    }

    async fn entry_proof(&self, stored: &Stored, shown: &[&Disclosure]) -> Result<EntryProof, AppError> {
        let leaf = domain::record::hex(&stored.leaf_hash);
        let proven = self.proven(stored.idx).await?;
        let Some(exhibit) = self.exhibit(stored, shown.iter().copied()).await? else {
            return Ok(EntryProof {
                index: stored.idx,
                proven,
                leaf,
                path: Vec::new(),
                size: 0,
                exhibit: None,
            });
        };
        let proof = Proof::parse(&exhibit).map_err(|e| AppError::Broken(e.to_string()))?;
        Ok(EntryProof {
            index: stored.idx,
            proven,
            leaf,
            path: proof
                .path
                .iter()
                .map(|hash| domain::record::hex(hash.as_bytes()))
                .collect(),
            size: proof.checkpoint.checkpoint().size,
            exhibit: Some(exhibit),
        })
    }

    /// The exhibit of one record: the disclosures chosen, the leaf, the path, the newest head, cosigned if it is.
    pub(crate) async fn exhibit<'a>(
        &self,
        stored: &Stored,
        shown: impl Iterator<Item = &'a Disclosure>,
    ) -> Result<Option<Vec<u8>>, AppError> {
        let broken = |e: &dyn std::fmt::Display| AppError::Broken(e.to_string());
        let Some((head, lines)) = self.best_head(stored.idx).await? else {
            return Ok(None);
        };
        let mut signed = SignedCheckpoint::parse(&head).map_err(|e| broken(&e))?;
        for line in lines {
            let parsed = ledger::note::Signature::parse_lines(&line).map_err(|e| broken(&e))?;
            parsed.into_iter().for_each(|signature| signed.add(signature));
        }
        let size = signed.checkpoint().size;
        let tiles = self.tiles_for(stored.idx, size).await?;
        let path = Reader::new(tiles, size)
            .inclusion(stored.idx, size)
            .map_err(|e| broken(&e))?;
        let leaf = Leaf::parse(&stored.leaf)?;
        let extra = leaf.present(shown)?.into_bytes();
        let proof = Proof {
            extra: Some(extra),
            index: stored.idx,
            path,
            checkpoint: signed,
        };
        Ok(Some(proof.to_bytes()))
    }

    /// The newest head over an entry that witnesses signed, else the newest of all, with the witnesses' lines.
    async fn best_head(&self, index: u64) -> Result<Option<(Vec<u8>, Vec<String>)>, AppError> {
        let cosigned = self.store.cosigned_size().await?.filter(|size| *size > index);
        let head = match cosigned {
            Some(size) => self
                .store
                .checkpoints(size, 1)
                .await?
                .into_iter()
                .find(|c| c.size == size),
            None => self.store.latest_checkpoint().await?.filter(|c| c.size > index),
        };
        let Some(head) = head else { return Ok(None) };
        let lines = self.store.cosignatures(head.size).await?;
        Ok(Some((
            head.note,
            lines.into_iter().map(|(_, line, _)| line).collect(),
        )))
    }

    /// Every tile that a path from `index` in a tree of `size` entries may need.
    pub(crate) async fn tiles_for(&self, index: u64, size: u64) -> Result<Tiles, AppError> {
        let head = self.store.head().await?;
        let mut tiles = HashMap::new();
        for level in 0_u8..8 {
            let shift = u32::from(level).saturating_mul(8);
            let (node, end) = (index >> shift, size >> shift);
            if level > 0 && end == 0 {
                break;
            }
            let mut wanted = vec![
                node >> 8,
                node.saturating_add(1) >> 8,
                end >> 8,
                end.saturating_sub(1) >> 8,
            ];
            wanted.sort_unstable();
            wanted.dedup();
            for tile in wanted {
                if let Some(hashes) = self.tile_now(&head.edge, level, tile).await? {
                    tiles.insert((level, tile), hashes);
                }
            }
        }
        Ok(Tiles(tiles))
    }

    async fn tile_now(
        &self,
        edge: &ledger::append::Edge,
        level: u8,
        tile: u64,
    ) -> Result<Option<Vec<Hash>>, AppError> {
        if let Some(bytes) = self.store.tile(level, tile).await? {
            let path = TilePath::hashes(level, tile, 256);
            return Ok(Some(
                tile_hashes(path, &bytes).map_err(|e| AppError::Broken(e.to_string()))?,
            ));
        }
        let last = edge.size() >> u32::from(level).saturating_mul(8) >> 8;
        Ok((tile == last).then(|| edge.level(level).to_vec()))
    }
}

/// Tiles fetched beforehand, for a reader that does not wait.
pub(crate) struct Tiles(HashMap<(u8, u64), Vec<Hash>>);

impl TileSource for Tiles {
    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, SourceError> {
        let missing = || SourceError::missing(TilePath::hashes(level, index, width));
        let tile = self.0.get(&(level, index)).ok_or_else(missing)?;
        tile.get(..usize::from(width))
            .map(<[Hash]>::to_vec)
            .ok_or_else(missing)
    }
}

/// A record's content, opened.
impl Inner {
    pub(crate) async fn open_one(
        &self,
        stream: &crate::assemble::Stream,
        stored: &Stored,
    ) -> Result<Option<Content>, AppError> {
        let sealed = self.store.sealed(&[stored.idx]).await?;
        let Some((_, bytes)) = sealed.first() else {
            return Ok(None);
        };
        let plain = stream.key.open(stored.id, &stored.leaf_hash, bytes)?;
        Ok(Content::decode(&plain))
    }
}
