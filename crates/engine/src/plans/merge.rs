//! Two copies of a plan brought together: of two tabs, of an undone step and what came after it, or of the two sides.

use std::collections::{BTreeMap, BTreeSet};

use certwright_protocol::ui::plans::PlanSide;

use super::model::{Line, MOST_LINES, Plan, is_own};

/// Both tabs changed a plan that was `base`: word by word, what one side changed is taken from it. Where both changed the same word, ours stays.
pub(crate) fn three_way(base: &Plan, ours: &Plan, theirs: &Plan) -> Plan {
    Plan {
        id: ours.id.clone(),
        kind: ours.kind,
        mine: ours.mine,
        created_ms: ours.created_ms,
        modified_ms: ours.modified_ms.max(theirs.modified_ms),
        fields: words(&base.fields, &ours.fields, &theirs.fields),
        marks: words(&base.marks, &ours.marks, &theirs.marks),
        chains: words(&base.chains, &ours.chains, &theirs.chains),
        seen: words(&base.seen, &ours.seen, &theirs.seen),
        log: lines(&base.log, &ours.log, &theirs.log),
    }
}

fn words<V: Clone + PartialEq>(
    base: &BTreeMap<String, V>,
    ours: &BTreeMap<String, V>,
    theirs: &BTreeMap<String, V>,
) -> BTreeMap<String, V> {
    let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let value = |key: &String| {
        let (before, own, other) = (base.get(key), ours.get(key), theirs.get(key));
        let kept = if own == before { other } else { own };
        kept.map(|value| (key.clone(), value.clone()))
    };
    keys.into_iter().filter_map(value).collect()
}

/// What either has beyond the other is kept, what either has taken out is not.
fn lines(base: &[Line], ours: &[Line], theirs: &[Line]) -> Vec<Line> {
    let gone = |line: &Line| base.contains(line) && !(ours.contains(line) && theirs.contains(line));
    let all: BTreeSet<&Line> = ours.iter().chain(theirs).filter(|line| !gone(line)).collect();
    let more = all.len().saturating_sub(MOST_LINES);
    all.into_iter().skip(more).cloned().collect()
}

/// What the other side has sent, brought into the plan that is here: its own steps and certificates are taken from it; what was filled in
/// or seen here stays.
pub(crate) fn brought_together(mut here: Plan, sent: &Plan) -> Plan {
    let from = here.mine.other();
    for (key, value) in sent.fields.iter().filter(|(key, _)| !is_own(key)) {
        // The day of the switch is the server's to say. All else that was filled in here stays: a host that changes is for whoever works here to change.
        if (from == PlanSide::Server && key == "switch_date") || !here.fields.contains_key(key) {
            here.fields.insert(key.clone(), value.clone());
        }
    }
    here.marks.retain(|_, mark| mark.by != from);
    for (key, mark) in sent.marks.iter().filter(|(_, mark)| mark.by == from) {
        here.marks.entry(key.clone()).or_insert(*mark);
    }
    for (key, chain) in &sent.chains {
        let is_clients = ["client", "new_client"].contains(&key.as_str());
        // Each side knows its own best; what a probe saw of the server is known on both.
        let wanted = match from {
            PlanSide::Client => is_clients || !here.chains.contains_key(key),
            PlanSide::Server => !is_clients,
        };
        if wanted {
            here.chains.insert(key.clone(), chain.clone());
        }
    }
    for (key, seen) in &sent.seen {
        // What was seen here is certain, what was seen elsewhere is told.
        let is_news = here.seen.get(key).is_none_or(|known| !known.is_own() && known.at_ms < seen.at_ms);
        if is_news {
            here.seen.insert(key.clone(), seen.clone());
        }
    }
    here.log = lines(&[], &here.log, &sent.log);
    here
}
