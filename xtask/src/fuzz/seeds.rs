//! Seeds of the fuzz targets: real files, made by real tools where the fuzzing happens, and a few lines of text.
//!
//! A seed's ending says what it is, and [`ENDINGS`] which targets begin with it. All passwords are that of the targets. Derivations
//! have few iterations, since the targets allow few.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::paths;
use crate::step::Outcome;

/// For each target the endings of its seeds.
const ENDINGS: [(&str, &[&str]); 39] = [
    ("asn1", &["cer", "csr", "crl", "p12", "p7b", "key"]),
    ("base64", &["b64"]),
    ("ber", &["p12", "p7b", "cer"]),
    ("bks", &["bks"]),
    ("certificate", &["cer"]),
    ("chain", &["pem"]),
    ("crl", &["crl"]),
    ("der", &["cer", "csr", "p12", "p7b", "key"]),
    ("describe", &["cer", "csr"]),
    ("find", &["pem", "b64", "jwk", "ssh"]),
    ("general_name", &["san"]),
    ("host_list", &["hosts"]),
    ("inspect", ALL),
    ("jceks", &["jceks"]),
    ("jks", &["jks"]),
    ("jwk", &["jwk"]),
    ("name_rows", &["rows"]),
    ("name_text", &["dn"]),
    ("ocsp_response", &["ocsp"]),
    ("open", ALL),
    ("open_with_password", ALL),
    ("openssh", &["ssh"]),
    ("pbes2", &["pbe"]),
    ("pem", &["pem"]),
    ("pkcs12", &["p12"]),
    ("pkcs7", &["p7b", "b64", "pem"]),
    ("pkipath", &["path"]),
    ("plan_file", &["plan"]),
    ("private_key", &["key", "pem", "ssh", "jwk"]),
    ("probe", &["talk"]),
    ("proxy_answer", &["proxy"]),
    ("public_key", &["pub", "jwk"]),
    ("request", &["csr", "pem"]),
    ("server_flight", &["flight"]),
    ("sniff", ALL),
    ("starttls", &["spoken"]),
    ("transcript", &["tls"]),
    ("uber", &["uber"]),
    ("vault", &["bin"]),
];
const ALL: &[&str] = &[
    "b64", "bks", "cer", "csr", "jceks", "jks", "jwk", "key", "p12", "p7b", "path", "pem", "pub", "ssh",
    "uber",
];

/// What makes files, a command a line.
const RECIPE: &str = "
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem
openssl genpkey -algorithm ED25519 -out ed.pem
openssl pkey -in rsa.pem -outform DER -out rsa.key
openssl pkey -in ec.pem -outform DER -out ec.key
openssl pkey -in ed.pem -outform DER -out ed.key
openssl pkey -in rsa.pem -pubout -out rsa.pub
openssl pkey -in ec.pem -pubout -outform DER -out ec.pub
openssl rsa -in rsa.pem -traditional -out pkcs1.pem
openssl rsa -in rsa.pem -traditional -outform DER -out pkcs1.key
openssl rsa -in rsa.pem -traditional -aes256 -passout pass:changeit -out pkcs1-locked.pem
openssl ec -in ec.pem -out sec1.pem
openssl ec -in ec.pem -outform DER -out sec1.key
openssl ec -in ec.pem -des3 -passout pass:changeit -out sec1-locked.pem
openssl pkcs8 -topk8 -in ec.pem -passout pass:changeit -iter 1000 -out pbes2.pem
openssl pkcs8 -topk8 -in ec.pem -passout pass:changeit -iter 1000 -outform DER -out pbes2.key
openssl pkcs8 -topk8 -in ec.pem -passout pass:changeit -v2 des3 -v2prf hmacWithSHA512 -iter 1000 -outform DER -out pbes2-3des.key
openssl pkcs8 -topk8 -in ec.pem -passout pass:changeit -scrypt -scrypt_N 16 -scrypt_r 8 -scrypt_p 1 -outform DER -out scrypt.key
openssl pkcs8 -topk8 -in ec.pem -passout pass:changeit -v1 PBE-SHA1-3DES -iter 1000 -outform DER -out pbes1.key
openssl req -x509 -new -key ec.pem -days 30 -subj /C=GE/O=Acme,Inc/CN=Root -addext nameConstraints=permitted;DNS:example.com -addext certificatePolicies=1.2.3.4 -out root.pem
openssl req -x509 -new -key rsa.pem -days 30 -subj /CN=a+UID=b -multivalue-rdn -addext subjectAltName=DNS:a.example,IP:10.0.0.1,email:a@b.example,URI:https://c.example,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:u@d.example -addext extendedKeyUsage=clientAuth,serverAuth -out leaf.pem
openssl x509 -in root.pem -outform DER -out root.cer
openssl x509 -in leaf.pem -outform DER -out leaf.cer
openssl req -new -key ec.pem -subj /C=DE/CN=request -addext subjectAltName=DNS:a.example -addext keyUsage=digitalSignature -out request.pem
openssl req -in request.pem -outform DER -out request.csr
openssl x509 -req -in request.pem -CA root.pem -CAkey ec.pem -set_serial 5 -days 30 -copy_extensions copy -out signed.pem
openssl crl2pkcs7 -nocrl -certfile signed.pem -certfile root.pem -out chain7.pem
openssl pkcs7 -in chain7.pem -print_certs -out chain.pem
openssl req -new -key ed.pem -subj /CN=ed -outform DER -out ed.csr
openssl crl2pkcs7 -nocrl -certfile root.pem -certfile leaf.pem -outform DER -out both.p7b
openssl crl2pkcs7 -nocrl -certfile root.pem -out pkcs7.pem
openssl enc -base64 -in both.p7b -out both.b64
openssl pkcs12 -export -inkey ec.pem -in root.pem -name It -passout pass:changeit -iter 1000 -out modern.p12
openssl pkcs12 -export -inkey ec.pem -in root.pem -certfile leaf.pem -passout pass:changeit -iter 1000 -legacy -out legacy.p12
openssl pkcs12 -export -inkey ec.pem -in root.pem -passout pass:changeit -iter 1000 -nomac -out nomac.p12
openssl pkcs12 -export -inkey ec.pem -in root.pem -passout pass:changeit -keypbe NONE -certpbe NONE -nomac -out open.p12
openssl pkcs12 -export -nokeys -in root.pem -passout pass: -iter 1000 -out certificates.p12
ssh-keygen -q -t ed25519 -N changeit -Z aes256-ctr -a 1 -C me -f ssh-locked.pem
ssh-keygen -q -t ecdsa -N  -C me -f ssh-open.pem
ssh-keygen -q -t rsa -b 2048 -N changeit -Z chacha20-poly1305@openssh.com -a 2 -C me -f ssh-rsa.pem
keytool -genkeypair -keystore one.jks -storetype JKS -storepass changeit -keypass changeit -alias it -dname CN=it -keyalg EC -groupname secp256r1
keytool -importcert -noprompt -keystore one.jks -storepass changeit -alias root -file root.pem
keytool -genkeypair -J-Djdk.jceks.iterationCount=10000 -keystore one.jceks -storetype JCEKS -storepass changeit -keypass changeit -alias it -dname CN=it -keyalg EC -groupname secp256r1
keytool -genseckey -J-Djdk.jceks.iterationCount=10000 -keystore one.jceks -storetype JCEKS -storepass changeit -keypass changeit -alias secret -keyalg AES -keysize 128
keytool -genkeypair -J-Dkeystore.pkcs12.macIterationCount=1000 -J-Dkeystore.pkcs12.keyPbeIterationCount=1000 -J-Dkeystore.pkcs12.certPbeIterationCount=1000 -keystore java.p12 -storepass changeit -alias it -dname CN=it -keyalg EC -groupname secp256r1
keytool -importcert -noprompt -J-Dkeystore.pkcs12.macIterationCount=1000 -J-Dkeystore.pkcs12.certPbeIterationCount=1000 -keystore java.p12 -storepass changeit -alias root -file root.pem
keytool -gencrl -keystore java.p12 -storepass changeit -alias it -id 5 -id 70000 -file two.crl
openssl ocsp -issuer root.pem -cert leaf.pem -reqout leaf.ocsp
openssl ocsp -issuer root.pem -cert root.pem -cert leaf.pem -index /dev/null -CA root.pem -rsigner root.pem -rkey ec.pem -noverify -respout unknown.ocsp
keytool -importkeystore -noprompt -srckeystore one.jks -srcstorepass changeit -destkeystore one.bks -deststoretype BKS -deststorepass changeit -providerclass org.bouncycastle.jce.provider.BouncyCastleProvider -providerpath /usr/share/java/bcprov.jar
keytool -importkeystore -noprompt -srckeystore one.jks -srcstorepass changeit -destkeystore one.uber -deststoretype UBER -deststorepass changeit -providerclass org.bouncycastle.jce.provider.BouncyCastleProvider -providerpath /usr/share/java/bcprov.jar
";

/// Seeds that are texts: name and content.
const TEXTS: &[(&str, &str)] = &[
    ("plain.dn", "CN=Marshall T. Rose,OU=Research\\, and more,O=Dover,C=US"),
    ("multi.dn", "UID=jsmith+CN=J.  Smith,DC=example,DC=net"),
    ("hex.dn", "1.3.6.1.4.1.1466.0=#04024869,CN=\\E1\\83\\9A\\20"),
    ("quoted.dn", "CN=\"a, b\";O=\\#x\\ "),
    ("two.rows", "C=GE\n\nO=Acme, Inc\n\nCN=it\nUID=7"),
    ("raw.rows", "1.2.3.4=#0c0161\n\nCN=\\#no"),
    ("dns.san", "DNS:*.a.example"),
    ("unicode.san", "DNS:bücher.example"),
    ("ip.san", "IP:2001:db8::1"),
    ("upn.san", "UPN:user@corp.example"),
    ("mail.san", "email:me@b.example"),
    ("uri.san", "URI:https://c.example/x?y=z"),
    ("id.san", "RID:1.2.3.4"),
    ("dir.san", "dirName:CN=a,O=b"),
    (
        "ed.jwk",
        r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
    ),
    (
        "ec.jwk",
        r#"{"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE","use":"enc","kid":"1"}]}"#,
    ),
    (
        "connect.plan",
        r#"{"certwright_plan":1,"plan":{"version":1,"id":"0123456789abcdef","kind":"connect","mine":"client","created_ms":1,"modified_ms":2,"fields":{"client_name":"Shop","server_name":"ERP","host":"erp.example:443"},"marks":{"key":{"at_ms":1,"by":"client"}},"chains":{"client":[]},"seen":{"trust":{"at_ms":1,"chain":[],"requested":true,"authorities":["CN=Root"],"outcome":"accepted","shown":null,"verdict":"reached","words":null}},"log":[{"at_ms":1,"client":true,"what":"begun","step":""}]}}"#,
    ),
    (
        "renew.plan",
        r#"{"certwright_plan":1,"plan":{"version":1,"id":"0123456789abcdef","kind":"renew_server","mine":"server","created_ms":1,"modified_ms":2,"fields":{"switch_date":"2027-02-28","cache_hours":"24"}}}"#,
    ),
    ("plain.hosts", "# ours\nerp.example\nmail.example:587\nhttps://a.example/x\n[::1]:8443\n"),
    ("table.hosts", "Host;Port;Protocol;SNI\nerp.example;443;;a.example\n\"b.example\";25;smtp;\n"),
    ("rows.hosts", r#"[{"host":"a.example","port":443}]"#),
    // The protocol's number, the size of pieces, and what is said.
    (
        "smtp.spoken",
        "\u{1}\u{40}220-mail.example ESMTP\r\n220 welcome\r\n250-mail.example\r\n250 STARTTLS\r\n220 go\r\n",
    ),
    ("lmtp.spoken", "\u{2}\u{7}220 mail.example LMTP\r\n250-mail.example\r\n250 STARTTLS\r\n220 go\r\n"),
    ("imap.spoken", "\u{3}\u{40}* OK ready\r\n* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK\r\na2 OK go\r\n"),
    ("pop3.spoken", "\u{4}\u{40}+OK ready\r\n+OK list\r\nTOP\r\nSTLS\r\n.\r\n+OK go\r\n"),
    ("ftp.spoken", "\u{5}\u{9}220-hello\r\n there\r\n220 ftp\r\n234 go\r\n"),
    ("ldap.spoken", "\u{6}\u{3}0\u{c}\u{2}\u{1}\u{1}x\u{7}\n\u{1}\0\u{4}\0\u{4}\0"),
    ("postgres.spoken", "\u{7}\u{1}E\0\0\0\u{e}SFATAL\0Mno\0"),
    ("mysql.spoken", "\u{8}\u{40}\u{1a}\0\0\0\n8.0.36\0\u{1}\0\0\0saltsalt\0\0\u{8}-\u{2}\0"),
    (
        "xmpp.spoken",
        "\u{9}\u{40}<?xml version='1.0'?><stream:stream id='1'><stream:features><starttls xmlns='u'/></stream:features><proceed xmlns='u'/>",
    ),
    ("nntp.spoken", "\u{b}\u{40}200 news\r\n101 list\r\nVERSION 2\r\nSTARTTLS\r\n.\r\n382 go\r\n"),
    (
        "sieve.spoken",
        "\u{c}\u{40}\"IMPLEMENTATION\" {4}\r\nabcd\r\n\"STARTTLS\"\r\nOK (X) \"ready\"\r\nOK \"go\"\r\n",
    ),
    (
        "irc.spoken",
        "\u{d}\u{40}:irc.example NOTICE * :hello\r\n:irc.example CAP * LS :tls away\r\n:irc.example 670 * :go\r\n",
    ),
    ("connect.proxy", "\0\u{40}HTTP/1.1 200 OK\r\nVia: x\r\n\r\n220"),
    ("forbidden.proxy", "\0\u{5}HTTP/1.1 403 No: me\r\nServer: squid\r\n\r\n403.16 - Forbidden"),
    ("socks.proxy", "\u{1}\u{3}\u{5}\u{2}\u{1}\0\u{5}\0\0\u{1}\u{7f}\0\0\u{1}\u{1}\u{1}"),
    ("ssh-ed.pub", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ me\n"),
    (
        "all.talk",
        r#"{"at_us":1,"event":{"kind":"resolved","addresses":[{"address":"127.0.0.1","allowed":true}]}}
{"at_us":2,"event":{"kind":"connecting","address":"127.0.0.1:443"}}
{"at_us":3,"event":{"kind":"connected","local":"127.0.0.1:5","remote":"127.0.0.1:443"}}
{"at_us":4,"event":{"kind":"server_chain","certificates":["MAA="],"ocsp_staple":null}}
{"at_us":5,"event":{"kind":"certificate_requested","authorities":["MAA="],"schemes":[1027,2052]}}
{"at_us":6,"event":{"kind":"signature_wanted","scheme":1027,"message":"AAAA"}}
{"at_us":7,"event":{"kind":"handshake_done","version":"tls13","cipher_suite":"TLS_AES_128_GCM_SHA256","group":"X25519","alpn":null}}
{"kind":"start","host":"a.example","port":443}"#,
    ),
];

/// Whether a target has a line in the table.
#[cfg(test)]
pub(super) fn is_provided_for(target: &str) -> bool {
    ENDINGS.iter().any(|(name, _)| *name == target)
}

/// Makes the seeds, unless they are there: a folder for each target.
pub(super) fn ensure(folder: &Path) -> Outcome {
    let stamp = folder.join("made-by");
    let recipe = include_str!("seeds.rs");
    if fs::read_to_string(&stamp).is_ok_and(|old| old == recipe) {
        println!("    unchanged");
        return Ok(());
    }
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(told)?;
    }
    let pool = folder.join("all");
    fs::create_dir_all(&pool).map_err(told)?;
    for line in RECIPE.lines().filter(|line| !line.is_empty()) {
        make(line, &pool)?;
    }
    for (name, text) in TEXTS {
        fs::write(pool.join(name), text).map_err(told)?;
    }
    derive(&pool).map_err(told)?;
    let count = distribute(&pool, folder).map_err(told)?;
    println!("    {count} seeds");
    fs::write(&stamp, recipe).map_err(told)
}

/// Runs a line of the recipe. Its words are divided by single spaces, so that two of them enclose an empty one.
fn make(line: &str, folder: &Path) -> Outcome {
    let mut words = line.split(' ');
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    command.current_dir(folder).stdin(Stdio::null());
    let output = command.output().map_err(|error| format!("cannot start `{line}`: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("`{line}` failed: {}", String::from_utf8_lossy(&said)))
}

/// Seeds that are parts of others, or made of them, for which there is no tool.
fn derive(pool: &Path) -> std::io::Result<()> {
    let read = |name: &str| fs::read(pool.join(name));
    let both = [read("leaf.cer")?, read("root.cer")?].concat();
    fs::write(pool.join("both.path"), sequence(&both))?;
    for name in ["pbes2", "pbes2-3des", "scrypt", "pbes1"] {
        fs::write(pool.join(format!("{name}.pbe")), first_element(&read(&format!("{name}.key"))?))?;
    }
    for name in ["ssh-locked", "ssh-open", "ssh-rsa"] {
        let text = fs::read_to_string(pool.join(format!("{name}.pem")))?;
        let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
        fs::write(pool.join(format!("{name}.ssh")), from_base64(&body))?;
    }
    fs::write(pool.join("13.tls"), transcript13())?;
    fs::write(pool.join("12.tls"), transcript12())?;
    fs::write(pool.join("12.flight"), flight12())?;
    let vaults = paths::root().join("crates").join("keystore").join("tests").join("data");
    fs::copy(vaults.join("vault-v1.bin"), pool.join("vault-v1.bin")).map(drop)
}

/// A TLS 1.2 handshake up to ClientKeyExchange, with empty certificates.
fn transcript12() -> Vec<u8> {
    let certificates = prefixed(3, &[]);
    let signature = [&[4, 3][..], &prefixed(2, &[7; 70])].concat();
    let exchange = [&[3, 0, 29][..], &prefixed(1, &[5; 32]), &signature].concat();
    let request = [prefixed(1, &[64]), prefixed(2, &[4, 3]), prefixed(2, &[])].concat();
    handshake(&[
        (1, &client_hello([0xc0, 0x2b])),
        (2, &server_hello([0xc0, 0x2b], &[])),
        (11, &certificates),
        (12, &exchange),
        (13, &request),
        (14, &[]),
        (11, &certificates),
        (16, &prefixed(1, &[5; 32])),
    ])
}

/// A server's first flight in TLS 1.2, in a record; before it stands how large the pieces are in which it comes.
fn flight12() -> Vec<u8> {
    let certificates = prefixed(3, &prefixed(3, &[7; 40]));
    let group = [prefixed(2, &[0xff; 128]), prefixed(2, &[2]), prefixed(2, &[3])].concat();
    let exchange = [group, vec![4, 1], prefixed(2, &[7; 70])].concat();
    let request = [prefixed(1, &[1]), prefixed(2, &[4, 1]), prefixed(2, &[])].concat();
    let messages = handshake(&[
        (2, &server_hello([0, 0x33], &extension(23, &[]))),
        (11, &certificates),
        (22, &[&[1][..], &prefixed(3, &[5; 20])].concat()),
        (12, &exchange),
        (13, &request),
        (14, &[]),
    ]);
    [&[50, 22, 3, 3][..], &prefixed(2, &messages)].concat()
}

/// A TLS 1.3 handshake up to the server's Finished, with an empty certificate.
fn transcript13() -> Vec<u8> {
    let signature = [&[4, 3][..], &prefixed(2, &[7; 70])].concat();
    let request = [&[0][..], &prefixed(2, &extension(13, &prefixed(2, &[4, 3])))].concat();
    handshake(&[
        (1, &client_hello([0x13, 0x01])),
        (2, &server_hello([0x13, 0x01], &extension(43, &[3, 4]))),
        (8, &prefixed(2, &[])),
        (13, &request),
        (11, &[&[0][..], &prefixed(3, &[])].concat()),
        (15, &signature),
        (20, &[6; 32]),
    ])
}

fn handshake(messages: &[(u8, &[u8])]) -> Vec<u8> {
    messages.iter().flat_map(|(kind, body)| [&[*kind][..], &prefixed(3, body)].concat()).collect()
}

fn client_hello(suite: [u8; 2]) -> Vec<u8> {
    let name = [&[0][..], &prefixed(2, b"server.example")].concat();
    let extensions = [
        extension(0, &prefixed(2, &name)),
        extension(13, &prefixed(2, &[4, 3])),
        extension(43, &prefixed(1, &[3, 4, 3, 3])),
    ];
    [&[3, 3][..], &[9; 32], &[0], &prefixed(2, &suite), &[1, 0], &prefixed(2, &extensions.concat())].concat()
}

fn server_hello(suite: [u8; 2], extensions: &[u8]) -> Vec<u8> {
    [&[3, 3][..], &[8; 32], &[0], &suite, &[0], &prefixed(2, extensions)].concat()
}

/// An extension of TLS.
fn extension(kind: u16, body: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &prefixed(2, body)].concat()
}

/// Bytes behind their length, in so many bytes.
fn prefixed(width: usize, bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len().to_be_bytes();
    [length.get(length.len() - width..).unwrap_or_default(), bytes].concat()
}

/// A DER sequence of up to 65 535 bytes.
fn sequence(content: &[u8]) -> Vec<u8> {
    [&[0x30, 0x82][..], &prefixed(2, content)].concat()
}

/// The first element of a DER sequence.
fn first_element(der: &[u8]) -> &[u8] {
    let inner = der.get(header_and_content(der).0..).unwrap_or_default();
    let (header, content) = header_and_content(inner);
    inner.get(..header + content).unwrap_or_default()
}

/// Lengths of header and content of a DER element.
fn header_and_content(der: &[u8]) -> (usize, usize) {
    match der.get(1).copied().map(usize::from).unwrap_or_default() {
        short @ ..128 => (2, short),
        long => {
            let width = long - 128;
            let bytes = der.get(2..2 + width).unwrap_or_default();
            (2 + width, bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
        }
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut kept, mut bits) = (Vec::new(), 0_u32, 0);
    for digit in text.bytes().filter_map(|byte| ALPHABET.iter().position(|known| *known == byte)) {
        kept = kept << 6 | u32::try_from(digit).unwrap_or_default();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((kept >> bits).to_le_bytes()[0]);
        }
    }
    bytes
}

/// Copies each seed to the targets that begin with it; returns how many copies there are.
fn distribute(pool: &Path, folder: &Path) -> std::io::Result<usize> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(pool)? {
        files.push(entry?.path());
    }
    let mut count = 0;
    for (target, endings) in ENDINGS {
        let place = folder.join(target);
        fs::create_dir_all(&place)?;
        for file in &files {
            let fits = file.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known));
            if let (true, Some(name)) = (fits, file.file_name()) {
                fs::copy(file, place.join(name))?;
                count += 1;
            }
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_cut_and_decoded_rightly() {
        assert_eq!(from_base64("b3BlbnNzaC1rZXktdjEA"), b"openssh-key-v1\0");
        assert_eq!(from_base64("YQ=="), b"a");
        assert_eq!(first_element(&[0x30, 5, 0x30, 1, 7, 5, 0]), [0x30, 1, 7]);
        let long = sequence(&sequence(&[1; 300]));
        assert_eq!(first_element(&long), sequence(&[1; 300]));
        assert_eq!(prefixed(3, b"ab"), [0, 0, 2, b'a', b'b']);
    }
}
