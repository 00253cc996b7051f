//! The first records: which keys speak, which rules and policy are in force, as the node starts.

use domain::id::StreamId;
use domain::record::{Actor, Draft, Kind};
use sha2::{Digest, Sha256};

use super::{AppError, Node};
use crate::assemble::{StreamKind, Work};
use crate::write::Batch;

/// The stream of the node's own affairs: one, with a fixed id, so that every process finds it.
pub(crate) const AFFAIRS: StreamId = StreamId([0; 16]);

impl Node {
    /// Writes what the node starts with, when it differs from what was written last.
    pub(crate) async fn first_records(&self) -> Result<(), AppError> {
        let node = &self.inner;
        let now = node.clock.now();
        let stream = match node.load(AFFAIRS).await {
            Ok(stream) => stream,
            Err(AppError::NotFound) => node.begin_as(AFFAIRS, StreamKind::Affairs, 1)?,
            Err(error) => return Err(error),
        };
        let last = |kind: Kind, code: &str| {
            let found = stream.spines.iter().rfind(|s| s.kind == kind);
            found.and_then(|s| s.text(code)).unwrap_or_default().to_owned()
        };
        let key = node.issuer.verifier().to_string();
        let log = crate::prove::log_key(&node.keys(), &node.agency)?;
        let policy = domain::record::hex(&Sha256::digest(node.policy.text().as_bytes()));
        let drafts = [
            (last(Kind::KeyBegan, "issuer") != key).then(|| {
                Draft::new(Kind::KeyBegan, Actor::Node)
                    .code("issuer", key)
                    .code("log", log)
            }),
            (last(Kind::AgencyLoaded, "digest") != node.agency.digest).then(|| {
                Draft::new(Kind::AgencyLoaded, Actor::Node).code("digest", node.agency.digest.as_str())
            }),
            (last(Kind::RulesLoaded, "version") != node.pack.version).then(|| {
                Draft::new(Kind::RulesLoaded, Actor::Node)
                    .code("pack", node.pack.id.as_str())
                    .code("version", node.pack.version.as_str())
                    .code("digest", node.pack.digest.as_str())
            }),
            (last(Kind::PolicyLoaded, "digest") != policy)
                .then(|| Draft::new(Kind::PolicyLoaded, Actor::Node).code("digest", policy)),
        ];
        let mut work = Work::on(stream);
        for draft in drafts.into_iter().flatten() {
            work.push(now, draft)?;
        }
        if !work.drafts.is_empty() {
            node.write(Batch::of(work)).await?;
        }
        Ok(())
    }
}
