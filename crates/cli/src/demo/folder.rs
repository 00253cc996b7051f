//! E-mail in the demo: a folder of messages, and one mailbox that is full.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use node::app::deliver::{Channel, Delivery, Message, NotDelivered};

/// The mailbox that refuses everything: the notice that bounces.
const FULL: &str = "ines.duarte@northmere.example";

/// A channel that writes each message to a file.
pub struct Folder {
    name: &'static str,
    directory: PathBuf,
    written: AtomicU32,
}

impl Folder {
    /// A channel of this name that writes into `directory`.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn new(name: &'static str, directory: PathBuf) -> std::io::Result<Self> {
        std::fs::create_dir_all(&directory)?;
        Ok(Self {
            name,
            directory,
            written: AtomicU32::new(0),
        })
    }
}

impl Channel for Folder {
    fn name(&self) -> &str {
        self.name
    }

    fn send<'a>(&'a self, message: &'a Message) -> Delivery<'a> {
        Box::pin(async move {
            if message.to == FULL {
                return Err(NotDelivered("the mailbox is full".to_owned()));
            }
            let number = self.written.fetch_add(1, Ordering::SeqCst);
            let things = if message.count == 1 {
                "thing is"
            } else {
                "things are"
            };
            let text = format!(
                "To: {}\nSubject: Something is waiting for you\n\n{} {things} waiting for you. Sign in to see.\n",
                message.to, message.count
            );
            let file = self.directory.join(format!("{number:05}.eml"));
            std::fs::write(file, text).map_err(|error| NotDelivered(error.to_string()))
        })
    }
}
