//! The tree of a certificate's elements and its octets: each lights up the other, by pointer and by keyboard.

use certwright_tests::page::{id, id_with};

use crate::World;

pub(crate) fn light_up(world: &World) {
    let browser = &world.browser;
    world.begin_with(&["leaf.pem"]);
    browser.click(&id("view-asn1"));
    browser.wait_for(&id("asn1-node"));
    world.pictures("inspect-asn1");
    let der = world.authority.run(&["x509", "-in", "leaf.pem", "-outform", "DER"]);

    // openssl names the offsets, lengths of head and content; the element of the serial number is the fifth line or so.
    let parsed = String::from_utf8(world.authority.run(&["asn1parse", "-in", "leaf.pem"])).unwrap();
    let line = parsed.lines().filter(|line| line.contains("INTEGER")).nth(1).unwrap();
    let number = |name: &str| -> usize {
        let after = line.split(name).nth(1).unwrap();
        after
            .trim_start_matches([' ', '='])
            .split(|character: char| !character.is_ascii_digit())
            .next()
            .unwrap()
            .parse()
            .unwrap()
    };
    let (head, length) = (number("hl"), number(" l"));
    let offset: usize = line.split(':').next().unwrap().trim().parse().unwrap();

    let node = id_with("asn1-node", "data-offset", &offset.to_string());
    browser.point_at(&node);
    browser.wait_for(&format!("{node}.lit"));
    let lit = |class: &str| browser.see_all(&format!("{} b.{class}", id("asn1-hex")));
    assert_eq!(lit("head").len(), head);
    assert_eq!(lit("lit").len(), length);
    let shown: String = lit("lit").iter().map(|octet| octet.text.clone()).collect();
    let expected: String =
        der[offset + head..offset + head + length].iter().map(|octet| format!("{octet:02x}")).collect();
    assert_eq!(shown, expected);
    let about = browser.wait_for(&id("asn1-about")).text;
    assert!(about.contains("INTEGER") && about.contains(&format!("{length} of content")), "{about}");

    // From the octets to the element.
    browser.point_at(&format!("{} b[data-at=\"{}\"]", id("asn1-hex"), offset + head));
    browser.wait_for(&format!("{node}.lit"));

    // By keyboard: down, and closing what one stands on.
    let before = browser.see_all(&id("asn1-node")).len();
    browser.run("document.querySelector(arguments[0]).focus()", vec![id("asn1-tree").into()]);
    for key in ["Home", "ArrowDown", "ArrowLeft"] {
        browser.run(
            "document.querySelector(arguments[0]).dispatchEvent(new KeyboardEvent('keydown', { key: arguments[1], bubbles: true, cancelable: true }))",
            vec![id("asn1-tree").into(), key.into()],
        );
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    browser.wait_for(&format!("{}.focused[data-node=\"1\"][aria-expanded=\"false\"]", id("asn1-node")));
    assert!(browser.see_all(&id("asn1-node")).len() < before);

    // A section of the sheet leads to its octets.
    browser.click(&id("view-details"));
    browser.wait_for(&id("sheet"));
    browser.run(
        "document.querySelector(arguments[0]).click()",
        vec![format!("{} {}", id("section"), id("show-bytes")).into()],
    );
    browser.wait_for(&id("asn1-about"));
}
