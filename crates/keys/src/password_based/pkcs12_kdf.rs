//! Deriving keys as PKCS#12 does for its own schemes and its MAC (RFC 7292, appendix B.2).

use sha1::digest::{Digest, block_api::BlockSizeUser};
use zeroize::{Zeroize, Zeroizing};

/// What the derived bytes are for: the diversifier of RFC 7292, appendix B.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An encryption key.
    Key = 1,
    /// An initialisation vector.
    Iv = 2,
    /// A MAC key.
    Mac = 3,
}

/// Derives `length` bytes. `password` is UTF-16 big-endian with its terminating NUL; `iterations` is at least 1,
/// and the caller has bounded it.
pub fn derive<D: Digest + BlockSizeUser>(
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    iterations: u64,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let block = <D as BlockSizeUser>::block_size();
    let diversifier = vec![purpose as u8; block];
    // I = S || P, each repeated up to a multiple of the block.
    let mut input = Zeroizing::new(Vec::new());
    for part in [salt, password] {
        let padded = part.len().div_ceil(block) * block;
        input.reserve_exact(padded);
        input.extend(part.iter().copied().cycle().take(padded));
    }
    // Enough room from the start, so that no reallocation leaves a copy behind.
    let mut derived = Zeroizing::new(Vec::with_capacity(length + <D as Digest>::output_size()));
    while derived.len() < length {
        let mut digest = D::new().chain_update(&diversifier).chain_update(input.as_slice()).finalize();
        for _ in 1..iterations {
            digest = D::digest(&digest);
        }
        derived.extend_from_slice(&digest);
        // I_j = (I_j + B + 1) mod 2^v, where B is the digest repeated up to a block.
        for chunk in input.chunks_mut(block) {
            let mut carry = 1_u16;
            for (position, byte) in chunk.iter_mut().enumerate().rev() {
                let addend = digest.get(position % digest.len()).copied().unwrap_or_default();
                carry += u16::from(*byte) + u16::from(addend);
                [_, *byte] = carry.to_be_bytes();
                carry >>= 8;
            }
        }
        digest.as_mut_slice().zeroize();
    }
    derived.truncate(length);
    derived
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Password;

    #[test]
    fn openssl_derives_the_same() {
        // openssl kdf -keylen 40 -kdfopt digest:X -kdfopt hexpass:… -kdfopt hexsalt:0102030405060708
        //   -kdfopt iter:N -kdfopt id:1 PKCS12KDF
        let password = Password::new("pä").to_bmp();
        let pass: String = password.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        for (digest, id, iterations) in
            [("SHA1", 1, 1), ("SHA1", 2, 77), ("SHA256", 3, 1000), ("SHA512", 1, 3)]
        {
            let output = std::process::Command::new("openssl")
                .args(["kdf", "-keylen", "200"])
                .args(["-kdfopt", &format!("digest:{digest}"), "-kdfopt", &format!("hexpass:{pass}")])
                .args(["-kdfopt", "hexsalt:0102030405060708", "-kdfopt", &format!("iter:{iterations}")])
                .args(["-kdfopt", &format!("id:{id}"), "PKCS12KDF"])
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let expected = String::from_utf8(output.stdout).unwrap().trim().replace(':', "").to_lowercase();
            let purpose = [Purpose::Key, Purpose::Iv, Purpose::Mac][id - 1];
            let salt = [1, 2, 3, 4, 5, 6, 7, 8];
            let derived = match digest {
                "SHA1" => derive::<sha1::Sha1>(purpose, password.as_bytes(), &salt, iterations, 200),
                "SHA256" => derive::<sha2::Sha256>(purpose, password.as_bytes(), &salt, iterations, 200),
                _ => derive::<sha2::Sha512>(purpose, password.as_bytes(), &salt, iterations, 200),
            };
            let derived: String = derived.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(derived, expected, "{digest} {id} {iterations}");
        }
    }
}
