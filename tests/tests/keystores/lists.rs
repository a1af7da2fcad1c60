//! Finding entries, selecting many, and the lists that are made of them.

use certwright_tests::page::{id, id_with};

use crate::World;

pub(crate) fn find_and_select(world: &World) {
    let browser = &world.browser;
    browser.go_to_keystore();
    browser.fill(&id("list-search"), "payroll");
    browser.wait_for_rows(1);
    browser.fill(&id("list-search"), "");
    browser.wait_for_rows(5);
    browser.choose(&id("list-filter"), "trusted");
    browser.wait_for_rows(1);
    browser.choose(&id("list-filter"), "all");
    browser.wait_for_rows(5);
    browser.click(&id("sort-alias"));
    let sorted = browser.rows();
    assert!(sorted.windows(2).all(|pair| pair[0].0.to_lowercase() <= pair[1].0.to_lowercase()), "{sorted:?}");

    browser.click(&id("select-all"));
    browser.wait_for(&id_with("bulk", "data-count", "5"));
    world.pictures("selected");
    browser.click(&id("bulk-csv"));
    let csv = String::from_utf8(browser.take_download("keystore.csv")).unwrap();
    assert_eq!(csv.lines().count(), 6, "{csv}");
    assert!(csv.contains("payroll-2027,") && csv.contains("CN=payroll.example.com"), "{csv}");
    browser.click(&id("bulk-ics"));
    let calendar = String::from_utf8(browser.take_download("keystore.ics")).unwrap();
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n"), "{calendar}");
    // The key pair “orders” and the trusted “partner” are one certificate, so one event.
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 4, "{calendar}");

    // All gone, and all back.
    browser.click(&id("bulk-delete"));
    browser.wait_for_rows(0);
    browser.click(&id("undo"));
    browser.wait_for_rows(5);
}
