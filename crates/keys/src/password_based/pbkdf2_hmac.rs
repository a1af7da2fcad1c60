//! PBKDF2 (RFC 8018, section 5.2) with HMAC and SHA-1 or SHA-2, over the libraries' compression functions.
//!
//! The crate `pbkdf2` goes through the buffers of its digest in every iteration, which costs a third of the time in
//! WebAssembly. From the second iteration on each HMAC is exactly two blocks of known layout, and the states after the
//! padded key are the same every time; so here the loop is over bare blocks.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::{Sha1, block_api::compress as compress_sha1, digest::Digest as _};
use sha2::{
    Sha224, Sha256, Sha384, Sha512,
    block_api::{compress256, compress512},
};
use zeroize::Zeroize as _;

use super::pbes2::HmacDigest;

/// Fills `derived`. The caller has bounded `iterations`, which is at least 1.
pub fn pbkdf2_hmac(digest: HmacDigest, password: &[u8], salt: &[u8], iterations: u32, derived: &mut [u8]) {
    match digest {
        HmacDigest::Sha1 => sha1(password, salt, iterations, derived),
        HmacDigest::Sha224 => sha224(password, salt, iterations, derived),
        HmacDigest::Sha256 => sha256(password, salt, iterations, derived),
        HmacDigest::Sha384 => sha384(password, salt, iterations, derived),
        HmacDigest::Sha512 => sha512(password, salt, iterations, derived),
    }
}

/// Defines PBKDF2 for one digest: its type, the word of its state, words of the state, bytes of a block, bytes of a digest,
/// compression function, and initial state (FIPS 180-4, section 5.3).
macro_rules! pbkdf2 {
    ($name:ident, $digest:ty, $word:ty, $words:literal, $block:literal, $length:literal, $compress:ident, $initial:expr) => {
        fn $name(password: &[u8], salt: &[u8], iterations: u32, derived: &mut [u8]) {
            const WIDTH: usize = size_of::<$word>();
            /// Words of a digest, which for some is shorter than the state.
            const WORDS: usize = $length / WIDTH;
            let words = |bytes: &[u8]| {
                let mut words = [0; WORDS];
                for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<WIDTH>().0) {
                    *word = <$word>::from_be_bytes(*bytes);
                }
                words
            };
            let mut key = [0; $block];
            if password.len() > $block {
                copy(&mut key, &<$digest>::digest(password));
            } else {
                copy(&mut key, password);
            }
            let mut inner: [$word; $words] = $initial;
            $compress(&mut inner, &[key.map(|byte| byte ^ 0x36)]);
            let mut outer: [$word; $words] = $initial;
            $compress(&mut outer, &[key.map(|byte| byte ^ 0x5c)]);
            // A digest, the bit that ends the message, and its length, the block of the key counted.
            let mut block = [0; $block];
            if let Some(end) = block.get_mut($length) {
                *end = 0x80;
            }
            let bits = ($block + $length) * 8_u16;
            if let Some(length) = block.last_chunk_mut() {
                *length = bits.to_be_bytes();
            }
            for (number, chunk) in (1_u32..).zip(derived.chunks_mut($length)) {
                // Any length of key will do.
                let Ok(hmac) = Hmac::<$digest>::new_from_slice(password) else { return };
                let first =
                    hmac.chain_update(salt).chain_update(number.to_be_bytes()).finalize().into_bytes();
                copy(&mut block, &first);
                let mut sum: [$word; WORDS] = words(&first);
                for _ in 1..iterations {
                    let mut state = inner;
                    $compress(&mut state, core::slice::from_ref(&block));
                    for (bytes, word) in block.chunks_exact_mut(WIDTH).zip(state.iter().take(WORDS)) {
                        bytes.copy_from_slice(&word.to_be_bytes());
                    }
                    state = outer;
                    $compress(&mut state, core::slice::from_ref(&block));
                    for (bytes, word) in block.chunks_exact_mut(WIDTH).zip(state.iter().take(WORDS)) {
                        bytes.copy_from_slice(&word.to_be_bytes());
                    }
                    for (sum, word) in sum.iter_mut().zip(&state) {
                        *sum ^= word;
                    }
                }
                for (bytes, word) in chunk.chunks_mut(WIDTH).zip(&sum) {
                    copy(bytes, &word.to_be_bytes());
                }
                sum.zeroize();
            }
            key.zeroize();
            inner.zeroize();
            outer.zeroize();
            block.zeroize();
        }
    };
}

pbkdf2!(
    sha1,
    Sha1,
    u32,
    5,
    64,
    20,
    compress_sha1,
    [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
);
pbkdf2!(
    sha224,
    Sha224,
    u32,
    8,
    64,
    28,
    compress256,
    [0xc105_9ed8, 0x367c_d507, 0x3070_dd17, 0xf70e_5939, 0xffc0_0b31, 0x6858_1511, 0x64f9_8fa7, 0xbefa_4fa4]
);
pbkdf2!(
    sha256,
    Sha256,
    u32,
    8,
    64,
    32,
    compress256,
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19]
);
pbkdf2!(
    sha384,
    Sha384,
    u64,
    8,
    128,
    48,
    compress512,
    [
        0xcbbb_9d5d_c105_9ed8,
        0x629a_292a_367c_d507,
        0x9159_015a_3070_dd17,
        0x152f_ecd8_f70e_5939,
        0x6733_2667_ffc0_0b31,
        0x8eb4_4a87_6858_1511,
        0xdb0c_2e0d_64f9_8fa7,
        0x47b5_481d_befa_4fa4
    ]
);
pbkdf2!(
    sha512,
    Sha512,
    u64,
    8,
    128,
    64,
    compress512,
    [
        0x6a09_e667_f3bc_c908,
        0xbb67_ae85_84ca_a73b,
        0x3c6e_f372_fe94_f82b,
        0xa54f_f53a_5f1d_36f1,
        0x510e_527f_ade6_82d1,
        0x9b05_688c_2b3e_6c1f,
        0x1f83_d9ab_fb41_bd6b,
        0x5be0_cd19_137e_2179
    ]
);

/// Copies as much as there is room for.
fn copy(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn by_the_crate(
        digest: HmacDigest,
        password: &[u8],
        salt: &[u8],
        iterations: u32,
        length: usize,
    ) -> Vec<u8> {
        let mut derived = vec![0; length];
        match digest {
            HmacDigest::Sha1 => pbkdf2::pbkdf2_hmac::<Sha1>(password, salt, iterations, &mut derived),
            HmacDigest::Sha224 => pbkdf2::pbkdf2_hmac::<Sha224>(password, salt, iterations, &mut derived),
            HmacDigest::Sha256 => pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, iterations, &mut derived),
            HmacDigest::Sha384 => pbkdf2::pbkdf2_hmac::<Sha384>(password, salt, iterations, &mut derived),
            HmacDigest::Sha512 => pbkdf2::pbkdf2_hmac::<Sha512>(password, salt, iterations, &mut derived),
        }
        derived
    }

    const ALL: [HmacDigest; 5] =
        [HmacDigest::Sha1, HmacDigest::Sha224, HmacDigest::Sha256, HmacDigest::Sha384, HmacDigest::Sha512];

    #[test]
    fn the_same_as_the_crate_around_the_block() {
        for digest in ALL {
            for length in [0, 1, 63, 64, 65, 127, 128, 129, 300] {
                let password: Vec<u8> = (0..=255).cycle().take(length).collect();
                let mut derived = [0; 150];
                pbkdf2_hmac(digest, &password, b"salt", 3, &mut derived);
                assert_eq!(
                    derived.as_slice(),
                    by_the_crate(digest, &password, b"salt", 3, 150),
                    "{digest:?}"
                );
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn the_same_as_the_crate(
            kind in 0..ALL.len(),
            password in proptest::collection::vec(any::<u8>(), 0..200),
            salt in proptest::collection::vec(any::<u8>(), 0..200),
            iterations in 1..20_u32,
            length in 0..200_usize,
        ) {
            let mut derived = vec![0xaa; length];
            pbkdf2_hmac(ALL[kind], &password, &salt, iterations, &mut derived);
            prop_assert_eq!(derived, by_the_crate(ALL[kind], &password, &salt, iterations, length));
        }
    }
}
