//! The certificates of a run, in one file that the browser gets as well.
//!
//! Numbers are 32-bit and little-endian, and a blob is its length and its octets. The trusted certificates come first, then the
//! chains (the kind, a host name, the certificates), then the certificates to be summarised; each list begins with its length.

/// A point in time at which all chains are valid, in seconds since 1970: 2026-07-01T00:00:00Z.
pub const NOW: i64 = 1_782_864_000;

/// Certificates as DER.
#[derive(Debug, Default)]
pub struct Set<'a> {
    /// What is trusted.
    pub anchors: Vec<&'a [u8]>,
    /// What servers sent.
    pub chains: Vec<Chain<'a>>,
    /// What is summarised.
    pub certificates: Vec<&'a [u8]>,
}

/// A chain as a TLS server sends it.
#[derive(Debug)]
pub struct Chain<'a> {
    /// The key of the authority that signed the end-entity certificate, for example `EC P-256`.
    pub kind: &'a str,
    /// Who was meant.
    pub host: &'a str,
    /// The end-entity first.
    pub certificates: Vec<&'a [u8]>,
}

impl<'a> Set<'a> {
    /// Reads a set; `None` if it is none.
    pub fn parse(mut file: &'a [u8]) -> Option<Self> {
        let rest = &mut file;
        let anchors = blobs(rest)?;
        let mut chains = Vec::new();
        for _ in 0..number(rest)? {
            let kind = core::str::from_utf8(blob(rest)?).ok()?;
            let host = core::str::from_utf8(blob(rest)?).ok()?;
            chains.push(Chain { kind, host, certificates: blobs(rest)? });
        }
        Some(Self { anchors, chains, certificates: blobs(rest)? })
    }

    /// The kinds of chains, each once, in the order of their names.
    pub fn kinds(&self) -> Vec<&'a str> {
        let mut kinds: Vec<&str> = self.chains.iter().map(|chain| chain.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// The chains of one kind.
    pub fn chains_of<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = &'s Chain<'a>> {
        self.chains.iter().filter(move |chain| chain.kind == kind)
    }

    /// Writes the set.
    pub fn to_file(&self) -> Vec<u8> {
        let mut file = Vec::new();
        push_blobs(&mut file, &self.anchors);
        push_number(&mut file, self.chains.len());
        for chain in &self.chains {
            push_blob(&mut file, chain.kind.as_bytes());
            push_blob(&mut file, chain.host.as_bytes());
            push_blobs(&mut file, &chain.certificates);
        }
        push_blobs(&mut file, &self.certificates);
        file
    }
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    let (octets, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    usize::try_from(u32::from_le_bytes(*octets)).ok()
}

fn blob<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = number(rest)?;
    let (blob, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(blob)
}

fn blobs<'a>(rest: &mut &'a [u8]) -> Option<Vec<&'a [u8]>> {
    (0..number(rest)?).map(|_| blob(rest)).collect()
}

fn push_number(file: &mut Vec<u8>, number: usize) {
    // A set has a few megabytes.
    file.extend_from_slice(&u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
}

fn push_blob(file: &mut Vec<u8>, blob: &[u8]) {
    push_number(file, blob.len());
    file.extend_from_slice(blob);
}

fn push_blobs(file: &mut Vec<u8>, blobs: &[&[u8]]) {
    push_number(file, blobs.len());
    for blob in blobs {
        push_blob(file, blob);
    }
}
