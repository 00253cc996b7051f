//! Too many and too slow.
//!
//! A report from someone without an account is never refused in silence: the page that says so gives the numbers to
//! ring. Counted by source and in total, in memory, under a keyed hash: no address is kept anywhere.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use node::signin::door::{Door, Tag};
use tokio::time::Instant;

use crate::app::App;
use crate::error::Error;

/// How long a handler may take.
const TIME: Duration = Duration::from_secs(20);

/// Middleware: an answer within [`TIME`], or [`Error::Unknown`]: what was begun may have been written.
pub async fn timeout(request: Request, next: Next) -> Response {
    let safe = request.method().is_safe();
    match tokio::time::timeout(TIME, next.run(request)).await {
        Ok(response) => response,
        Err(_) if safe => Error::Busy.into_response(),
        Err(_) => Error::Unknown.into_response(),
    }
}

/// Where a request comes from: an IPv4 address, or the /64 an IPv6 address lies in, which is one household or office.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Source([u8; 8]);

impl Source {
    /// From an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        let mut out = [0; 8];
        match address.to_canonical() {
            IpAddr::V4(four) => out
                .iter_mut()
                .zip(four.octets())
                .for_each(|(slot, byte)| *slot = byte),
            IpAddr::V6(six) => out
                .iter_mut()
                .zip(six.octets())
                .for_each(|(slot, byte)| *slot = byte),
        }
        Self(out)
    }

    /// What it is counted under.
    #[must_use]
    pub fn tag(&self, door: &Door) -> Tag {
        door.tag("source", &self.0)
    }
}

/// The last address in `X-Forwarded-For`: the one our own proxy wrote. Earlier ones are whatever the sender claims.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers.get_all("x-forwarded-for").into_iter().next_back()?;
    line.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

impl FromRequestParts<App> for Source {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let direct = parts
            .extensions
            .get::<ConnectInfo<std::net::SocketAddr>>()
            .map(|c| c.0.ip());
        let proxied = app
            .settings()
            .behind_proxy
            .then(|| forwarded(&parts.headers))
            .flatten();
        let nowhere = IpAddr::from([0, 0, 0, 0]);
        Ok(Self::of(proxied.or(direct).unwrap_or(nowhere)))
    }
}

/// How many in how long. A burst may come at once; after that one in every `each`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Rate {
    burst: u32,
    each: Duration,
}

impl Rate {
    /// Takes one from a bucket that was full at `full`, or says how long to wait. The generic cell rate algorithm
    /// (ITU-T I.371): one time a bucket is all there is to keep.
    fn take(self, full: Option<Instant>, now: Instant) -> Result<Instant, Duration> {
        let start = full.filter(|at| *at > now).unwrap_or(now);
        let next = start + self.each;
        let most = now + self.each.saturating_mul(self.burst);
        if next <= most { Ok(next) } else { Err(next - most) }
    }
}

#[derive(Debug, Default)]
struct Buckets {
    sources: HashMap<[u8; 32], Instant>,
    total: Option<Instant>,
}

/// Counts what comes in, by source and in total.
#[derive(Debug)]
pub struct Limits {
    per_source: Rate,
    in_total: Rate,
    buckets: Mutex<Buckets>,
}

/// How many sources are remembered before those that are full again are forgotten.
const SOURCES: usize = 4096;

impl Limits {
    /// For reports without an account. A school may send a dozen at once; a county sends a few hundred a day.
    #[must_use]
    pub fn for_reports() -> Self {
        let per_source = Rate {
            burst: 20,
            each: Duration::from_secs(30),
        };
        let in_total = Rate {
            burst: 600,
            each: Duration::from_millis(500),
        };
        Self {
            per_source,
            in_total,
            buckets: Mutex::default(),
        }
    }

    /// For codes asked for or typed without an account. Each costs a slow hash: in total no more than a few a second.
    #[must_use]
    pub fn for_codes() -> Self {
        Self {
            per_source: Rate {
                burst: 10,
                each: Duration::from_secs(60),
            },
            in_total: Rate {
                burst: 120,
                each: Duration::from_millis(500),
            },
            buckets: Mutex::default(),
        }
    }

    /// Takes one for `source`.
    ///
    /// # Errors
    /// [`Error::TooMany`], with the seconds to wait. What is refused for its source is not counted in the total.
    pub fn take(&self, source: &Tag) -> Result<(), Error> {
        let now = Instant::now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.sources.len() >= SOURCES {
            buckets.sources.retain(|_, full| *full > now);
        }
        let own = self.per_source.take(buckets.sources.get(&source.0).copied(), now);
        let own = own.map_err(too_many)?;
        let all = self.in_total.take(buckets.total, now).map_err(too_many)?;
        buckets.sources.insert(source.0, own);
        buckets.total = Some(all);
        Ok(())
    }
}

fn too_many(wait: Duration) -> Error {
    metrics::counter!("daylight_refused_total", "why" => "too-many").increment(1);
    Error::TooMany {
        retry_after: wait.as_secs().saturating_add(1),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_source_may_send_a_burst_and_then_waits() {
        let limits = Limits::for_reports();
        let (one, two) = (Tag([1; 32]), Tag([2; 32]));
        for _ in 0..20 {
            assert_eq!(limits.take(&one), Ok(()));
        }
        assert_eq!(limits.take(&one), Err(Error::TooMany { retry_after: 31 }));
        assert_eq!(limits.take(&two), Ok(()), "another source is not held up");
        tokio::time::advance(Duration::from_secs(30)).await;
        assert_eq!(limits.take(&one), Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn all_sources_together_are_limited_too() {
        let limits = Limits::for_reports();
        let refused = (0..1200_u32).filter(|n| {
            let mut tag = [0; 32];
            tag.iter_mut()
                .zip(n.to_be_bytes())
                .for_each(|(slot, byte)| *slot = byte);
            limits.take(&Tag(tag)).is_err()
        });
        assert_eq!(refused.count(), 600);
    }

    #[test]
    fn a_network_is_one_source() {
        let of = |text: &str| Source::of(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }

    #[test]
    fn only_the_last_hop_is_believed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "198.51.100.1, 192.0.2.7".parse().unwrap());
        assert_eq!(forwarded(&headers), Some("192.0.2.7".parse().unwrap()));
    }
}
