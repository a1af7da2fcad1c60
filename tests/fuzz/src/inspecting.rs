//! What is dropped to be inspected.

use std::hint::black_box;

use certwright_engine::files::Passwords;
use certwright_engine::inspect::Inspection;
use certwright_protocol::ui::inspect::ThingFormat;

/// When it is looked at, Unix seconds.
const NOW: i64 = 1_800_000_000;

/// Whatever is found is shown in every way.
pub fn inspect(input: &[u8]) {
    let mut inspection = Inspection::default();
    let problems = inspection.add("file", input, &Passwords::none());
    let bag = inspection.bag(NOW, problems);
    for thing in bag.things.iter().take(4) {
        assert!(inspection.sheet(thing.id, &[], NOW).is_ok());
        assert!(inspection.asn1(thing.id).is_ok());
        for format in [ThingFormat::Text, ThingFormat::Json, ThingFormat::Pem, ThingFormat::Der] {
            black_box(inspection.export(&[thing.id], format, NOW).is_ok());
        }
    }
    if let [first, second, ..] = bag.things.as_slice() {
        assert!(inspection.compare(first.id, second.id, NOW).is_ok());
    }
}
