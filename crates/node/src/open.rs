//! Opening what records contain. Only with a permit, except for the node's own staff directory.

use std::collections::BTreeMap;

use domain::id::RecordId;

use crate::Inner;
use crate::app::AppError;
use crate::assemble::Stream;
use crate::content::Content;

impl Inner {
    /// Opens every record of a stream, by place. A record whose content is gone is left out.
    pub(crate) async fn open_stream(&self, stream: &Stream) -> Result<BTreeMap<u32, Content>, AppError> {
        let records = self.store.records(stream.id, 0).await?;
        let mut sealed: BTreeMap<u64, Vec<u8>> = self
            .store
            .sealed_of_stream(stream.id)
            .await?
            .into_iter()
            .collect();
        let mut out = BTreeMap::new();
        for record in records {
            if let Some(bytes) = sealed.remove(&record.idx) {
                let plain = stream.key.open(record.id, &record.leaf_hash, &bytes)?;
                let content = Content::decode(&plain).ok_or_else(|| unreadable(record.id))?;
                out.insert(record.sequence, content);
            }
        }
        Ok(out)
    }
}

fn unreadable(record: RecordId) -> AppError {
    AppError::Broken(format!(
        "the content of record {record} is not in a form this release knows"
    ))
}
