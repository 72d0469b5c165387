//! A sink that is asked over HTTP: batches of JSON lines are posted.

use std::{
    io::{self, Read as _},
    sync::Arc,
    time::Duration,
};

use guardhouse::text::tame;
use jiff::{Timestamp, fmt::rfc2822};
use miette::miette;
use ureq::{
    Agent, Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, Uri, header},
    tls::{Certificate, RootCerts, TlsConfig},
};

use super::{Answer, batch::Batch};

/// How long it may take to be connected.
const CONNECT: Duration = Duration::from_secs(10);

/// The most bytes of an answer's head.
const MAX_HEAD: usize = 32 << 10;

/// The most bytes of an answer's body that are read, and not looked at; behind them the connection is closed.
const MAX_BODY: u64 = 64 << 10;

/// The longest wait that an answer may ask for.
const MAX_WAIT: Duration = Duration::from_mins(5);

/// Bytes of an error's words that are shown.
const SHOWN: usize = 200;

/// The server.
pub(super) struct HttpSink {
    agent: Agent,
    uri: Uri,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl HttpSink {
    /// The one at this place, with these headers in every request, each of which may take so long.
    pub(super) fn new(uri: &Uri, headers: Vec<(HeaderName, HeaderValue)>, timeout: Duration) -> miette::Result<Self> {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            // The records and the credential are for this server and no other.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(timeout))
            .max_response_header_size(MAX_HEAD)
            .user_agent(concat!("guardhouse/", env!("CARGO_PKG_VERSION")));
        if uri.scheme_str() == Some("https") {
            config = config.https_only(true).tls_config(tls()?);
        }
        Ok(Self { agent: config.build().new_agent(), uri: uri.clone(), headers })
    }

    /// Posts a batch and says what became of it.
    pub(super) fn deliver(&self, batch: &Batch) -> Answer {
        let mut request = self.agent.post(&self.uri).header(header::CONTENT_TYPE, "application/x-ndjson");
        if let Some(last) = batch.last {
            request = request
                .header("Guardhouse-Journal", last.journal().to_string())
                .header("Guardhouse-Records", format!("{}-{}", batch.first, last.record()));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        match request.send(batch.lines.as_slice()) {
            Ok(response) => answer(response),
            // Nothing of the answer and nothing of a header is in it, but a certificate's names may be.
            Err(error) => Answer::Later { why: tame(&error.to_string(), SHOWN), after: None },
        }
    }
}

/// What a server's answer means.
fn answer(response: Response<Body>) -> Answer {
    let status = response.status();
    let after = response.headers().get(header::RETRY_AFTER).and_then(|value| wait(value.to_str().ok()?));
    // So that the connection can be used again. What it says is not for us, nor for a log: it may repeat a header.
    let _ = io::copy(&mut response.into_body().into_reader().take(MAX_BODY), &mut io::sink());
    let why = format!("it answered {}", status.as_u16());
    match status {
        _ if status.is_success() => Answer::Delivered,
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Answer::Later { why, after },
        _ if status.is_server_error() => Answer::Later { why, after },
        StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY => {
            Answer::RefusedForContent(why)
        }
        _ => Answer::Refused(why),
    }
}

/// What a `Retry-After` asks for (RFC 9110, section 10.2.3): seconds, or a date.
fn wait(value: &str) -> Option<Duration> {
    let seconds = value.trim().parse().ok().map(Duration::from_secs);
    let until = || {
        let date = rfc2822::DateTimeParser::new().parse_timestamp(value.trim()).ok()?;
        Duration::try_from(date.duration_since(Timestamp::now())).ok()
    };
    seconds.or_else(until).map(|wait| wait.min(MAX_WAIT))
}

/// TLS by ring, that trusts whom the system trusts.
fn tls() -> miette::Result<TlsConfig> {
    let found = rustls_native_certs::load_native_certs();
    let roots: Vec<_> = found.certs.iter().map(|root| Certificate::from_der(root.as_ref()).to_owned()).collect();
    if roots.is_empty() {
        let why = found.errors.first().map_or_else(|| "none".to_owned(), ToString::to_string);
        return Err(miette!("expected certificates that this system trusts, found {}", tame(&why, SHOWN)));
    }
    Ok(TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_may_ask_for_a_wait_and_not_for_a_long_one() {
        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(wait("999999999"), Some(MAX_WAIT));
        assert_eq!(wait("Tue, 31 Dec 2199 23:59:59 GMT"), Some(MAX_WAIT));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), None, "it is over");
        assert_eq!(wait("soon"), None);
        assert_eq!(wait("-1"), None);
    }
}
