//! Every protocol's reader over written-down dialogues, and over whatever comes.

use std::cell::RefCell;

use proptest::prelude::*;

use super::*;
use crate::conversation::dialogue::Script;

/// What a dialogue came to: the outcome, what was said last, what was written, the greetings.
struct Whole {
    outcome: Result<(), StartTlsFault>,
    rest: bool,
    said: String,
    written: String,
    greetings: Vec<String>,
}

fn held(protocol: StartTls, pieces: &[&[u8]]) -> Whole {
    let host = Host::parse("mail.example", 25).unwrap();
    let mut script = Script::new(pieces);
    let deadline = Instant::now() + Duration::from_secs(5);
    let terms = Terms {
        protocol,
        host: &host,
        local: IpAddr::from([192, 0, 2, 1]),
        step: Duration::from_secs(5),
        deadline,
    };
    let greetings = RefCell::new(Vec::new());
    let say = |event| match event {
        ServerEvent::Greeting { text } => greetings.borrow_mut().push(text),
        other => panic!("{other:?}"),
    };
    let Held { outcome, said, rest } = hold(&mut script, speaker(protocol).unwrap(), &terms, &say);
    let written = script.written.escape_ascii().to_string();
    Whole { outcome, rest: !rest.is_empty(), said, written, greetings: greetings.into_inner() }
}

fn outcome(protocol: StartTls, text: &[u8]) -> Result<(), StartTlsFault> {
    held(protocol, &[text]).outcome
}

/// One dialogue of each that leads to TLS.
const GOOD: [(StartTls, &[u8]); 13] = [
    (
        StartTls::Smtp,
        b"220-mail.example ESMTP\r\n220 welcome\r\n250-mail.example\r\n250-SIZE\r\n250 STARTTLS\r\n220 go\r\n",
    ),
    (StartTls::Lmtp, b"220 mail.example LMTP\r\n250-mail.example\r\n250 STARTTLS\r\n220 go\r\n"),
    (
        StartTls::Imap,
        b"* OK ready\r\n* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\na1 OK\r\n* OK hm\r\na2 OK go\r\n",
    ),
    (StartTls::Pop3, b"+OK ready\r\n+OK list\r\nTOP\r\nSTLS\r\n.\r\n+OK go\r\n"),
    (StartTls::Ftp, b"220-hello\r\n there\r\n220 ftp\r\n234 go\r\n"),
    (StartTls::Ldap, b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"),
    (StartTls::Postgres, b"S"),
    (
        StartTls::Mysql,
        b"\x1a\0\0\0\x0a8.0.36\0\x01\0\0\0saltsalt\0\xff\xff\x2d\x02\0",
    ),
    (
        StartTls::XmppClient,
        b"<?xml version='1.0'?><stream:stream from='mail.example' id='1'><stream:features><starttls xmlns='u'><required/></starttls></stream:features><proceed xmlns='u'/>",
    ),
    (
        StartTls::XmppServer,
        b"<stream:stream>\n<stream:features>\n<starttls xmlns='u'/></stream:features><proceed xmlns='u'></proceed>",
    ),
    (StartTls::Nntp, b"200 news\r\n101 list\r\nVERSION 2\r\nSTARTTLS\r\n.\r\n382 go\r\n"),
    (
        StartTls::Sieve,
        b"\"IMPLEMENTATION\" {4}\r\nabcd\r\n\"STARTTLS\"\r\nOK (X) \"ready\"\r\nOK \"go\"\r\n",
    ),
    (
        StartTls::Irc,
        b":irc.example NOTICE * :hello\r\n:irc.example CAP * LS * :sasl\r\n:irc.example CAP * LS :tls away\r\n:irc.example 670 * :go\r\n",
    ),
];

#[test]
fn the_way_to_tls() {
    for (protocol, text) in GOOD {
        let all = held(protocol, &[text]);
        assert_eq!(all.outcome, Ok(()), "{protocol:?}: {}", all.said);
        assert!(!all.rest, "{protocol:?}");
        assert_eq!(all.greetings.len(), 1, "{protocol:?}");
        let octets: Vec<&[u8]> = text.chunks(1).collect();
        let one_by_one = held(protocol, &octets);
        assert_eq!(one_by_one.outcome, Ok(()), "{protocol:?}");
        assert_eq!(one_by_one.written, all.written, "{protocol:?}");
        // Whatever follows is left over, and found.
        assert!(held(protocol, &[&[text, b"x"].concat()]).rest, "{protocol:?}");
    }
    let written = |at: usize| held(GOOD[at].0, &[GOOD[at].1]).written;
    assert_eq!(written(0), "EHLO [192.0.2.1]\\r\\nSTARTTLS\\r\\n");
    assert_eq!(written(1), "LHLO [192.0.2.1]\\r\\nSTARTTLS\\r\\n");
    assert_eq!(written(3), "CAPA\\r\\nSTLS\\r\\n");
    assert!(written(8).contains("to=\\'mail.example\\'"), "{}", written(8));
    assert_eq!(held(GOOD[0].0, &[GOOD[0].1]).greetings, ["220-mail.example ESMTP\n220 welcome"]);
    assert_eq!(held(GOOD[7].0, &[GOOD[7].1]).greetings, ["8.0.36"]);
}

/// Cut off anywhere it is a hang-up, or a fault of its own; never a panic, never an agreement.
#[test]
fn cut_off_anywhere() {
    for (protocol, text) in GOOD {
        for end in 0..text.len() {
            let outcome = outcome(protocol, &text[..end]);
            // MySQL agrees by its greeting; a line may lack its end.
            assert!(outcome.is_err(), "{protocol:?} {end}");
        }
    }
}

#[test]
fn not_offered_and_refused() {
    use StartTlsFault::{NotOffered, Refused};
    let cases: [(StartTls, &[u8], StartTlsFault); 24] = [
        (StartTls::Smtp, b"220 a ESMTP\r\n250-a\r\n250 SIZE\r\n", NotOffered),
        (StartTls::Smtp, b"220 a SMTP\r\n500 what?\r\n", NotOffered),
        (StartTls::Smtp, b"220 a ESMTP\r\n250 STARTTLS\r\n454 not now\r\n", Refused),
        (StartTls::Smtp, b"554 not you\r\n", Refused),
        (StartTls::Lmtp, b"220 a\r\n250 a\r\n", NotOffered),
        (StartTls::Imap, b"* OK\r\n* CAPABILITY IMAP4rev1\r\na1 OK\r\n", NotOffered),
        (StartTls::Imap, b"* PREAUTH\r\n* CAPABILITY STARTTLS\r\na1 OK\r\n", NotOffered),
        (StartTls::Imap, b"* BYE too many\r\n", Refused),
        (StartTls::Imap, b"* OK\r\n* CAPABILITY STARTTLS\r\na1 OK\r\na2 NO\r\n", Refused),
        (StartTls::Pop3, b"+OK\r\n+OK\r\nTOP\r\n.\r\n", NotOffered),
        (StartTls::Pop3, b"+OK\r\n-ERR\r\n-ERR\r\n", Refused),
        (StartTls::Pop3, b"-ERR busy\r\n", Refused),
        (StartTls::Ftp, b"220 ftp\r\n530 sign in\r\n211-Features\r\n UTF8\r\n211 End\r\n", NotOffered),
        (StartTls::Ftp, b"220 ftp\r\n431 no\r\n211-Features\r\n AUTH TLS\r\n211 End\r\n", Refused),
        (StartTls::Ftp, b"421 busy\r\n", Refused),
        (StartTls::Ldap, b"\x30\x0e\x02\x01\x01\x78\x09\x0a\x01\x02\x04\x00\x04\x02no", NotOffered),
        (StartTls::Ldap, b"\x30\x84\0\0\0\x0c\x02\x01\x00\x78\x07\x0a\x01\x34\x04\x00\x04\x00", Refused),
        (StartTls::Postgres, b"N", NotOffered),
        (StartTls::Postgres, b"E\0\0\0\x0eSFATAL\0Mno\0", Refused),
        (StartTls::Mysql, b"\x09\0\0\0\xff\x69\x04blocke", Refused),
        (StartTls::Nntp, b"200 a\r\n500 what?\r\n500 what?\r\n", NotOffered),
        (StartTls::Sieve, b"\"IMPLEMENTATION\" \"x\"\r\nOK\r\n", NotOffered),
        (StartTls::Irc, b":a 421 * CAP :what?\r\n:a 421 * STARTTLS :what?\r\n", NotOffered),
        (StartTls::Irc, b":a CAP * LS :tls\r\n:a 691 * :no\r\n", Refused),
    ];
    for (protocol, text, fault) in cases {
        assert_eq!(outcome(protocol, text), Err(fault), "{protocol:?} {}", text.escape_ascii());
    }
    let xmpp = b"<stream:stream><stream:error><host-unknown xmlns='u'/></stream:error></stream:stream>";
    let all = held(StartTls::XmppClient, &[xmpp]);
    assert_eq!((all.outcome, all.said.as_str()), (Err(Refused), "host-unknown"));
    let no = held(StartTls::Ldap, &[b"\x30\x0e\x02\x01\x01\x78\x09\x0a\x01\x02\x04\x00\x04\x02no"]);
    assert_eq!(no.said, "no");
}

/// Every protocol recognises the others, where they speak first.
#[test]
fn others_are_recognised() {
    let greetings: [(&[u8], PlainProtocol); 9] = [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", PlainProtocol::Http),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", PlainProtocol::Ssh),
        (b"220 mail.example ESMTP\r\n500 what?\r\n500 what?\r\n", PlainProtocol::SmtpOrFtp),
        (b"* OK IMAP4rev1 ready\r\n", PlainProtocol::Imap),
        (b"+OK POP3 ready\r\n", PlainProtocol::Pop3),
        (b"200 news.example ready\r\n", PlainProtocol::Nntp),
        (b"\"IMPLEMENTATION\" \"x\"\r\nOK\r\n", PlainProtocol::Sieve),
        (b"\x4a\0\0\0\x0a8.0.36-log\0\x01\0\0\0salt", PlainProtocol::Mysql),
        (b":irc.example NOTICE * :*** Looking up\r\n", PlainProtocol::Irc),
    ];
    for protocol in StartTls::ALL.into_iter().filter(|protocol| *protocol != StartTls::None) {
        for (greeting, looks_like) in greetings {
            if is_of(looks_like, protocol) {
                continue;
            }
            let found = outcome(protocol, greeting);
            assert_eq!(found, Err(StartTlsFault::OtherProtocol { looks_like }), "{protocol:?}");
        }
        let alert = [0x15, 3, 1, 0, 2, 2, 40];
        assert_eq!(outcome(protocol, &alert), Err(StartTlsFault::TlsAlready), "{protocol:?}");
        let nothing = outcome(protocol, b"");
        assert_eq!(nothing, Err(StartTlsFault::HungUp), "{protocol:?}");
        let endless = b"x".repeat(100_000);
        assert_eq!(outcome(protocol, &endless), Err(StartTlsFault::Malformed), "{protocol:?}");
    }
    let ftp = b"220 (vsFTPd 3.0.3)\r\n530 Please login with USER and PASS.\r\n";
    let other = StartTlsFault::OtherProtocol { looks_like: PlainProtocol::SmtpOrFtp };
    assert_eq!(outcome(StartTls::Smtp, ftp), Err(other.clone()));
    assert_eq!(outcome(StartTls::Ftp, b"220 mail.example ESMTP Postfix\r\n"), Err(other));
}

#[test]
fn greetings_are_clean_and_short() {
    let text =
        [&b"220-\x1b[2Jred\0\x07\r\n"[..], &b"220-more and more\r\n".repeat(100), b"220 end\r\n"].concat();
    let all = held(StartTls::Smtp, &[&text]);
    let greeting = &all.greetings[0];
    assert!(greeting.starts_with("220- [2Jred") && greeting.len() <= 1024);
    assert!(greeting.chars().all(|c| c == '\n' || !c.is_control()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes(at in 0..GOOD.len(), octets in prop::collection::vec(any::<u8>(), 0..300)) {
        let all = held(GOOD[at].0, &[&octets]);
        prop_assert!(all.said.chars().all(|c| !c.is_control()));
    }

    /// Right until a place, and anything there.
    #[test]
    fn changed_somewhere(
        at in 0..GOOD.len(),
        place in any::<prop::sample::Index>(),
        octets in prop::collection::vec(any::<u8>(), 0..20),
        cut in 1_usize..50,
    ) {
        let (protocol, text) = GOOD[at];
        let (start, end) = text.split_at(place.index(text.len()));
        let text = [start, &octets, end].concat();
        let pieces: Vec<&[u8]> = text.chunks(cut).collect();
        let all = held(protocol, &pieces);
        prop_assert!(all.greetings.len() <= 1);
        prop_assert!(all.greetings.iter().all(|greeting| greeting.len() <= 1024));
    }
}
