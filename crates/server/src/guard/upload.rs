//! A form with a file in it: fields cleaned as those of any form, the file as the bytes that were sent.

use axum::extract::{FromRequest, Multipart, Request};

use super::input::clean;
use crate::app::App;
use crate::error::Error;

/// The most parts a form with a file may have.
const PARTS: usize = 20;

/// A posted form with at most one file.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// The fields, in the order sent, cleaned.
    pub fields: Vec<(String, String)>,
    /// The file, if one was chosen. Its name and its kind, as whoever sent it says, are not kept.
    pub file: Option<Vec<u8>>,
}

impl FromRequest<App> for Upload {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let refused = |error: axum::extract::multipart::MultipartError| {
            if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                Error::TooLarge
            } else {
                Error::Malformed
            }
        };
        let form = Multipart::from_request(request, app).await;
        let mut form = form.map_err(|_| Error::Unsupported)?;
        let mut upload = Self::default();
        for _ in 0..PARTS {
            let Some(part) = form.next_field().await.map_err(refused)? else {
                return Ok(upload);
            };
            let (name, is_file) = (clean(part.name().unwrap_or_default()), part.file_name().is_some());
            let bytes = part.bytes().await.map_err(refused)?;
            if !is_file {
                let text = std::str::from_utf8(&bytes).map_err(|_| Error::Malformed)?;
                upload.fields.push((name, clean(text)));
            } else if !bytes.is_empty() {
                upload.file = Some(bytes.into());
            }
        }
        Err(Error::Malformed)
    }
}
