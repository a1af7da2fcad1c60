//! Names of transparency logs by their identifiers, which are the SHA-256 hashes of their public keys (RFC 6962 section 3.2).
//!
//! Source: the lists of known logs that Chrome and Firefox ship, those of 2021 and those up to October 2026. Each identifier was computed from
//! the log's key. A log that is not here has no name, and is shown by its identifier.

/// Identifier in hexadecimal digits, operator and log.
const LOGS: &[(&str, &str)] = &[
    ("f65c942fd1773022145418083094568ee34d131933bfdf0c2f200bcc4ef164e3", "Google Argon2021"),
    ("2979bef09e393921f056739f63a577e5be577d9c600af8f94d5d265c255dc784", "Google Argon2022"),
    ("e83ed0da3ef5063532e75728bc896bc903d3cbd1116beceb69e1777d6d06bd6e", "Google Argon2023"),
    ("eecdd064d5db1acec55cb79db4cd13a23287467cbcecdec351485946711fb59b", "Google Argon2024"),
    ("4e75a3275c9a10c3385b6cd4df3f52eb1df0e08e1b8d69c0b1fa64b1629a39df", "Google Argon2025h1"),
    ("12f14e34bd53724c840619c38f3f7a13f8e7b56287889c6d300584ebe586263a", "Google Argon2025h2"),
    ("0e5794bcf3aea93e331b2c9907b3f790df9bc23d713225dd21a925ac61c54e21", "Google Argon2026h1"),
    ("d76d7d10d1a7f577c2c7e95fd700bff982c9335a65e1d0b3017317c0c8c56977", "Google Argon2026h2"),
    ("d6d58da9d01753f36a4aa0c7574902afebc7dc2cd38cd9f764c80c89191e9f02", "Google Argon2027h1"),
    ("68f698f81f6482be3a8ceeb9281d4cfc71515d6793d444d10a67acbb4f4ffbc4", "Google Aviator"),
    ("293c519654c83965baaa50fc5807d4b76fbf587a2972dca4c30cf4e54547f478", "Google Icarus"),
    ("badb88a46f9cafa4090e82e59356db6e78b4a53f582db0819795242f29b68c98", "Google ParcelYard2026h2"),
    ("1c897407e6010a01293bb678dfd7a368ceb18cca521dcca4d386e4a32e5b5d04", "Google ParcelYard2027h1"),
    ("6984b7233cb274b2d1467da5e040d71feba90a21e78865374ab9f9bcf8687237", "Google ParcelYard2027h2"),
    ("a4b90990b418581487bb13a2cc67700a3c359804f91bdfb8e377cd0ec80ddc10", "Google Pilot"),
    ("20f05faaa3a492fc6ac148cc33a20236186b49faa97e6bb3924fb25ec36b1c35", "Google PlumbersArms2026h2"),
    ("5ff9c0fba42dac78ce6442eb19ace081a29bd4e2fb53af0c633079e5058204c9", "Google PlumbersArms2027h1"),
    ("337a9ec7cae6a9048b752f2d93ae7e4b2a902d21b497129d83e279c753c92f8c", "Google PlumbersArms2027h2"),
    ("ee4bbdb775ce60bae142691fabe19e66a30f7e5fb072d88300c47b897aa8fdcb", "Google Rocketeer"),
    ("bbd9dfbc1f8a71b593942397aa927b473857950aab52e81a909664368e1ed185", "Google Skydiver"),
    ("7d3ef2f88fff88556824c2c0ca9e5289792bc50e78097f2e6a9768997e22f0d7", "Google Xenon2021"),
    ("46a555eb75fa912030b5a28969f4f37d112c4174befd49b885abf2fc70fe6d47", "Google Xenon2022"),
    ("adf7befa7cff10c88b9d3d9c1e3e186ab467295dcfb10c24ca858634ebdc828a", "Google Xenon2023"),
    ("76ff883f0ab6fb9551c261ccf587ba34b4a4cdbb29dc68420a9fe6674c5a3a74", "Google Xenon2024"),
    ("cf1156eed52e7caff3875bd9692e9be91a71674ab017ecac01d25b77cecc3b08", "Google Xenon2025h1"),
    ("dddcca3495d7e11605e79532fac79ff83d1c50dfdb003a1412760a2cacbbc82a", "Google Xenon2025h2"),
    ("969764bf555897adf743876837084277e9f03ad5f6a4f3366e46a43f0fcaa9c6", "Google Xenon2026h1"),
    ("d809553b944f7affc816196f944f85abb0f8fc5e8755260f15d12e72bb454b14", "Google Xenon2026h2"),
    ("44c2bd0ce9140e64a5c94a01930a5aa1bb35970e00ee111689682a1c44d7b566", "Google Xenon2027h1"),
    ("4494652eb0eeceafc44007d8a8fe28c0dae682bed8cb31b53fd33396b5b681a8", "Cloudflare Nimbus2021"),
    ("41c8cab1df22464a10c6a13a0942875e4e318b1b03ebeb4bc768f090629606f6", "Cloudflare Nimbus2022"),
    ("7a328c54d8b72db620ea38e0521ee98416703213854d3bd22bc13a57a352eb52", "Cloudflare Nimbus2023"),
    ("dab6bf6b3fb5b6229f9bc2bb5c6be87091716cbb51848534bda43d3048d7fbab", "Cloudflare Nimbus2024"),
    ("ccfb0f6a85710965fe959b53cee9b27c22e9855c0d978db6a97e54c0fe4c0db0", "Cloudflare Nimbus2025"),
    ("cb38f715897c84a1445f5bc1ddfbc96ef29a59cd470a690585b0cb14c31458e7", "Cloudflare Nimbus2026"),
    ("4c63dc98e59c1dab88f61e8a3ddeae8fab44a3377b5f9b94c3fba19cfcc1be26", "Cloudflare Nimbus2027"),
    ("5614069a2fd7c2ecd3f5e1bd44b23ec74676b9bc99115cc0ef949855d689d0dd", "DigiCert Log Server"),
    ("8775bfe7597cf88c43995fbdf36eff568d475636ff4ab560c1b4eaff5ea0830f", "DigiCert Log Server 2"),
    ("eec095ee8d72640f92e3c3b91bc712a3696a097b4b6a1a1438e647b2cbedc5f9", "DigiCert Nessie2021"),
    ("51a3b0f5fd01799c566db837788f0ca47acc1b27cbf79e88429a0dfed48b05e5", "DigiCert Nessie2022"),
    ("b3737707e18450f86386d605a9dc11094a792db1670c0b87dcf0030e7936a59a", "DigiCert Nessie2023"),
    ("73d99e891b4c9678a0207d479de6b2c61cd0515e71192a8c6b80107ac17772b5", "DigiCert Nessie2024"),
    ("e6d2316340778cc1104106d771b9cec1d240f6968486fbba87321dfd1e378e50", "DigiCert Nessie2025"),
    ("dcc95e6fa299b9b0fdbd6ca6a36e1d72c4212fdd1e0f47553a36d6cf1ad11d8d", "DigiCert Sphinx2024h2"),
    ("de8581d750247c6bcdcbaf5637c5e781c64ce46ed617639f8f34a726c9e2bd37", "DigiCert Sphinx2025h1"),
    ("a442c506496061548f0fd4ea9cfb7a2d26454d87a97f2fdf4559f6274f3a8454", "DigiCert Sphinx2025h2"),
    ("499c9b69de1d7cecfc36decd8764a6b85baf0a878019d15552fbe9eb29ddf8c3", "DigiCert Sphinx2026h1"),
    ("944e4387faecc1ef81f3192426a8186501c7d35f3802013f72677d55372e19d8", "DigiCert Sphinx2026h2"),
    ("46a23967c60db64687c66f3df999947693a6a611208457d555e7e3d0a1d9b646", "DigiCert Sphinx2027h1"),
    ("1fb0f8a92d8adda121776c05e2aa2e15bacbc62b65393695576aaab52e11d11d", "DigiCert Sphinx2027h2"),
    ("0c2aef2c4a5b9883d4dda382fe50fb5188b3e97333a1ec53a09dc9a79d0d0820", "DigiCert Wyvern2024h2"),
    ("7320220f08168af9f3c4a68b0ab26a9a4a00eef577858a084d0500d4a5424459", "DigiCert Wyvern2025h1"),
    ("ed3c4bd6e806c2a4a20057dbcb24e23801df512fedc486c5700f20ddb73e3fe0", "DigiCert Wyvern2025h2"),
    ("6411c46ca412eca7891ca2022e00bcab4f2807d41e3527abeafed503c97dcdf0", "DigiCert Wyvern2026h1"),
    ("c2317e574519a345ee7f38deb29041ebc7c2215a22bf7fd5b5ad769ad90e52cd", "DigiCert Wyvern2026h2"),
    ("001a5d1a1c2d9375b6485578f82f71a1ae6eef397d297c8ae3157bcadee1a01e", "DigiCert Wyvern2027h1"),
    ("37aa07cc216f2e6d919c709d24d8f731b00f2b147c621cc091a5fa1a84d816dd", "DigiCert Wyvern2027h2"),
    ("5cdc4392fee6ab4544b15e9ad456e61037fbd5fa47dca17394b25ee6f6c70eca", "DigiCert Yeti2021"),
    ("2245450759552456963fa12ff1f76d86e0232663adc04b7f5dc6835c6ee20f02", "DigiCert Yeti2022"),
    ("35cf191bbfb16c57bf0fad4c6d42cbbbb627202651ea3fe12aefa803c33bd64c", "DigiCert Yeti2023"),
    ("48b0e36bdaa647340fe56a02fa9d30eb1c5201cb56dd2c81d9bbbfab39d88473", "DigiCert Yeti2024"),
    ("7d591e12e1782a7b1c61677c5efdf8d0875c14a04e959eb9032fd90e8c2e79b8", "DigiCert Yeti2025"),
    ("af67883b57b04edd8fa6d97ef62ea8eb810ac77160f0245e55d60c2fe785873a", "Sectigo Elephant2026h2"),
    ("604c9aaf7a7f775f01d406fc920dc899eb0b1c7df8c9521bfafa17773b978bc9", "Sectigo Elephant2027h1"),
    ("a2490cdcdb8e33a400321760d6d4d51a2036191ea77d968be26a8a00f6fffff7", "Sectigo Elephant2027h2"),
    ("dfe156ebaa05afb59c0f86718da8c0324eae56d96ea7f5a56a01d1c13bbe525c", "Sectigo Mammoth2024h2"),
    ("134adf1ab5984209780c6fef4c7a91a416b72349ce58576adfaedaa7c2abe022", "Sectigo Mammoth2025h1"),
    ("af181a28d68ca3e0a98a4c9c67ab09f8bbbc22baaebcb138a3a19dd3f9b6030d", "Sectigo Mammoth2025h2"),
    ("252f94c22b29e96e9f411a72072b695c5b52ff97a90d2540bbfcdc51ec4dee0b", "Sectigo Mammoth2026h1"),
    ("94b1c18ab0d057c47be0ac040e1f2cbc8dc375727bc951f20a526126863ba73c", "Sectigo Mammoth2026h2"),
    ("5581d4c2169036014aea0b9b573c53f0c0e43878702508172fa3aa1d0713d30c", "Sectigo Sabre"),
    ("1998107109f0d6522e3080d29e3f64bb836e28ccf90f528eeedfce4a3f16b4ca", "Sectigo Sabre2024h2"),
    ("e092b3fc0c1dc8e768361fde61b9964d0a5278198a72d672c4b04da56d6f5404", "Sectigo Sabre2025h1"),
    ("1a04ff49d0541d40aff6a0c3bff1d8c4672f4eecee234068986b17402edc897d", "Sectigo Sabre2025h2"),
    ("566cd5a376be83dfe342b675c49c232498a769bac382cbab49a3877d9ab32d01", "Sectigo Sabre2026h1"),
    ("1f56d1ab94704a41dd3feafdf4699355302c1431bfe61346089fffae795dcc2f", "Sectigo Sabre2026h2"),
    ("c8a3c47fc7b3adb9356b013f6a7a126de33a4e43a5c646f997ad3975991dcf9a", "Sectigo Tiger2026h2"),
    ("1c9f682ce9faf0456950f81b968a87dddb3210d84ce6c8b2e382524ac4cf599f", "Sectigo Tiger2027h1"),
    ("03802ac262f6e05e03f8bc6f7b9851324fd76a3df5b7595175e222fb8e9bd5f6", "Sectigo Tiger2027h2"),
    ("3f174b4fd7224758941d651c84be0d12ed90377f1f856aebc1bf2885ecf8646e", "Let's Encrypt Oak2024H2"),
    ("a2e30ae445efbdad9b7e38ed47677753d7825b8494d72b5e1b2cc4b950a447e7", "Let's Encrypt Oak2025h1"),
    ("0de1f2302bd30dc140621209ea552efc47747cb1d7e930ef0e421eb47e4eaa34", "Let's Encrypt Oak2025h2"),
    ("1986d4c728aa6ffeba036f782a4d0191aace2d72310faece5d70412d254cc7d4", "Let's Encrypt Oak2026h1"),
    ("acab30706cebec8431f413d2f4915f111e422443b1f2a68c4f3c2b3ba71e02c3", "Let's Encrypt Oak2026h2"),
    ("6cfe501943a85ea916bc52d133e4dcc91ef1411c7d258420d173809e1818eb3a", "Let's Encrypt Sycamore2026h2"),
    ("8eca470bacde6af3a206b0a47a84b746fe1fc6bf953e25e69b4ee40248f3c6e8", "Let's Encrypt Sycamore2027h1"),
    ("e5e36247d92ef4ada38583b53591db729fc2f00ae4b6745174d3ddfc6aa25388", "Let's Encrypt Sycamore2027h2"),
    ("a826cbe30ac6351246533fe065f14f19d96e190813c41dd96d7900b3123c5527", "Let's Encrypt Willow2026h2"),
    ("a2810018734e176e1d47e09540f381ba546697cd63a84350716eb8094edaf10d", "Let's Encrypt Willow2027h1"),
    ("a695a2ad926d6f996e8efc49014257d8bbf046a7d62589b88dc2d7876c78e52f", "Let's Encrypt Willow2027h2"),
    ("eddaeb815c63213449b47be5077905abd0d93147c27ac5146b3bc58e43e9b6c7", "TrustAsia HETU2027"),
    ("874fb50dc029d9931de573e9f2899e8e4533b392d38b0a462574bf0feeb2fc1e", "TrustAsia Log2024-2"),
    ("28e28138fd832145e9a9d6aa75376d8377a88512b3c07f72414821dcbde98c66", "TrustAsia Log2025a"),
    ("282c8bdd810ff909120ace16d6e0ec201bea82a3a4af19d9effb59e83fdc4268", "TrustAsia Log2025b"),
    ("573448cc6e1d2c0dc94b69f287d1efe483c7a25c50c5320bbb3adea76f6eb041", "TrustAsia Luoshu2027"),
    ("74db9d58f7d47e9dfd787a162a991c18cf698da7c729918c9a18b0450dba44bc", "TrustAsia log2026a"),
    ("25b7efdea1130193ed93079770aa322a26620de35ac8aa7c75197de0b1a9e065", "TrustAsia log2026b"),
    ("c8c683ba1a79bca3cd1b266c6d9e8ccd27f484510c7ab1f2579f675210583a03", "Geomys Trastevere2026h2"),
    ("176dd142bf0aacbc818d4513bbdcc30adb5e59326253928b9ad7cb760ff6e3b9", "Geomys Trastevere2027h1"),
    ("75920828af3a6355f298ed097e347575f9b9843c11e1391f5744299f1cae8cee", "Geomys Trastevere2027h2"),
    ("8f972de9cf53d9eaa16431d8eaf58b58667cfd0cac4f973454b1996951ef9587", "Geomys Trastevere2028h1"),
    ("cba559e01483c99f94ecdd9eaf47b39963356d9ff5c1285eeae9f9d12aa04cc7", "Geomys Trastevere2028h2"),
    ("46af863d3b3ee59fa577dea8245d36b0d9ed22a223f4617741229452ee95505f", "Geomys Tuscolo2026h2"),
    ("596e6c338694b25972a256c8a0e8dd904a76e8083dda873b01083828143cee59", "Geomys Tuscolo2027h1"),
    ("d5de55eeba08b60c9ffc18c513be6a60ba004606bc595b96bb44f62cc57d39fa", "Geomys Tuscolo2027h2"),
    ("4de7c3efe537669a0cb01e3838faafdcf08c9a8056339e702b58959bd171892e", "Geomys Tuscolo2028h1"),
    ("035f1e6109e7e38601a9b8641e57e5f5a78f788727532fcf4253f1ebc9aa0f39", "Geomys Tuscolo2028h2"),
    ("1a8b9d6b0ffebf81b47939c6d2310a86d6d102d4f046e2182c9de35f5e2625ef", "IPng Networks Gouda2026h2"),
    ("1a8b9d6b8dd791d1cd0549edb60355d606b64fad30db71fe788f0fc7c8fbc4b1", "IPng Networks Gouda2027h1"),
    ("1a8b9d695362d86492a7b9e223606e34ece9e310ba34fb9305785d29ce5757eb", "IPng Networks Gouda2027h2"),
    ("1205d0255ac1893cae5410703c4f1273fc9700e12b584a7f806adc555580c0b1", "IPng Networks Gouda2028h1"),
    ("00d5c252a669cdfe8ed2c817a62e4cfced92c87491ee971c9afddb52887885a8", "IPng Networks Gouda2028h2"),
    ("26e3646e58692123bc343f4724359b3792cd245a88d815d39333fd9918ab4723", "IPng Networks Halloumi2026h2a"),
    ("44e822fc2bab0e92eed0e9fad69664602776d01760e0890509c923a1b03fc37f", "IPng Networks Halloumi2027h1"),
    ("09157f632d46c7f76d95265493bc0f00b395ac5db3a2b26bfb043dba4ac63893", "IPng Networks Halloumi2027h2"),
    ("ebe6bd0bea893a44ed3f383edbfe10cd99f186986e7d7b26b01a84324e7bf77e", "IPng Networks Halloumi2028h1"),
    ("00b356cfdde524b4655d4c63653c5250c434e20a04851039bafd64ce5c85ab6b", "IPng Networks Halloumi2028h2"),
    ("28d3c68ea183636f778390cb1e388ace93a04e91699d075736e9c616d11fe067", "Microsec Eszigno2026h2"),
    ("781026620c57ae709e060b3f8b049faab87a6978610cff98a435aa0203707bd9", "Microsec Eszigno2027h1"),
    ("1ab9e9a45fc2b7840b1fe7dc8afee54695dabb9a7c23d35fa53725bb893a99dd", "Microsec Eszigno2027h2"),
    ("6ddc9de98b19810a75a17711fad655a0e55b758ce92a45d9836eddf4fce72013", "Microsec Eszigno2028h1"),
    ("da22a348ef1bbb316e57e0114a4a9c7407b50f13a625393d26d2dee23a23e216", "Microsec Eszigno2028h2"),
    ("ea3006949d42ba7b03d85081e3262cb9ae718a5e6f5034f778f138054e82745c", "GoDaddy Aquamarine2026h2"),
    ("fdc2e805b884f3f0b37306c496227393d384c5422207fd408fee0205cea35616", "GoDaddy Aquamarine2027h1"),
    ("f0b0c1868d4a26a22a8ffee08543a9942bef8bbbbaf6d601ab21ddbe7149ffaf", "GoDaddy Aquamarine2027h2"),
    ("361d8f346f7eda0623e2195f36aa9518a887282133be9ce9a6bb942463eb4da6", "GoDaddy Aquamarine2028h1"),
    ("fe3c32c52dd1d6d5dbb1151d61eea21f912105f2196b550d87f6acf3d68f9c53", "GoDaddy Aquamarine2028h2"),
    ("15970488d7b997a05beb52512adee8d2e8b4a3165264121a9fabfbd5f85ad93f", "Symantec Sirius"),
    ("bc78e1dfc5f63c684649334da10fa15f0979692009c081b4f3f6917f3ed9b8a5", "Symantec Vega"),
    ("ddeb1d2b7a0d4fa6208b81ad8168707e2e8e9d01d55c888d3d11c4cdb6ecbecc", "Symantec log"),
    ("03019df3fd85a69a8ebd1facc6da9ba73e469774fe77f579fc5a08b8328c1d6b", "Venafi Gen2"),
    ("cdb5179b7fc1c046feea31136a3f8f002e6182faf8896fecc8b2f5b5ab604900", "Certly.IO"),
];

/// The operator and the log, for example `Google Argon2026h1`.
pub(super) fn name(id: &[u8; 32]) -> Option<&'static str> {
    let digits = super::to_hex(id);
    LOGS.iter().find(|(known, _)| *known == digits).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use certwright_encoding::base64::parse_base64;
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn identifiers_are_hashes_and_stand_once() {
        let hash = |digits: &str| {
            digits.len() == 64 && digits.bytes().all(|octet| b"0123456789abcdef".contains(&octet))
        };
        assert!(LOGS.iter().all(|(digits, _)| hash(digits)));
        assert_eq!(LOGS.iter().map(|(digits, _)| digits).collect::<HashSet<_>>().len(), LOGS.len());
        assert_eq!(LOGS.iter().map(|(_, name)| name).collect::<HashSet<_>>().len(), LOGS.len());
    }

    #[test]
    fn a_log_is_found_by_the_hash_of_its_key() {
        let key = b"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEB/we6GOO/xwxivy4HhkrYFAAPo6e2nc346Wo2o2U+GvoPWSPJz91s/xrEvA3Bk9kWHUUXVZS5morFEzsgdHqPg==";
        let id = Sha256::digest(parse_base64(key).unwrap());
        assert_eq!(name(&id.into()), Some("Google Argon2026h1"));
        assert_eq!(name(&[0; 32]), None);
    }
}
