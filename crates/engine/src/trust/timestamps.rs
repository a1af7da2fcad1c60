//! The promises of transparency logs that come with a server's certificate (RFC 6962 section 3.3): in the certificate itself and in the stapled OCSP response.
//!
//! The third place, an extension of the handshake, needs a ClientHello that asks for it; a survey does so. The logs' signatures are not checked: that
//! takes their public keys, and here are only their names.

use certwright_certs::OcspResponse;
use certwright_certs::certificate::Certificate;
use certwright_certs::extensions::{
    OcspSignedCertificateTimestamps, SignedCertificateTimestamp, SignedCertificateTimestamps,
};
use certwright_protocol::report::{LogTimestamp, TimestampPlace};

/// More than this are not told.
const MOST: usize = 32;

/// The timestamps of version 1, in their order. What cannot be read is left out: the certificate's own sheet says so.
pub(super) fn timestamps(leaf: &Certificate, staple: Option<&OcspResponse>) -> Vec<LogTimestamp> {
    let embedded = leaf.extensions().get::<SignedCertificateTimestamps>();
    let embedded = embedded.ok().flatten().map(|list| (TimestampPlace::Certificate, list));
    let responses = staple.and_then(OcspResponse::basic).map(|basic| basic.responses()).unwrap_or_default();
    let stapled = responses.iter().filter_map(|response| {
        let list = response.extensions.get::<OcspSignedCertificateTimestamps>().ok()??;
        Some((TimestampPlace::Staple, list.0))
    });
    let lists = embedded.into_iter().chain(stapled);
    let all = lists.flat_map(|(place, list)| list.0.into_iter().filter_map(move |stamp| told(place, &stamp)));
    all.take(MOST).collect()
}

fn told(place: TimestampPlace, stamp: &SignedCertificateTimestamp) -> Option<LogTimestamp> {
    let SignedCertificateTimestamp::V1 { log_id, timestamp, .. } = stamp else { return None };
    Some(LogTimestamp {
        place,
        log: stamp.log().map(str::to_owned),
        log_id: log_id.iter().map(|octet| format!("{octet:02x}")).collect(),
        // The quotient of 64 bits by 1000 fits.
        at: i64::try_from(timestamp / 1000).unwrap_or(i64::MAX),
    })
}
