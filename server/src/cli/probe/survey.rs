//! A survey as text for people: what is to be said first, then versions with their suites, groups and habits.

use certwright_protocol::report::SurveyReport;
use certwright_protocol::ui::survey::{SuiteRow, SurveyView};

/// The survey's lines.
pub(super) fn describe(report: &SurveyReport) -> Vec<String> {
    let view = SurveyView::from(report);
    let mut lines = vec![String::new(), view.summary];
    for (tone, remark) in &view.remarks {
        let try_this = match remark.words.what_to_try.as_str() {
            "" => String::new(),
            what => format!(" {what}"),
        };
        let words = &remark.words;
        lines.push(format!("  - [{}] {}: {}{try_this}", tone.word(), words.title, words.what_happened));
    }
    for version in &view.versions {
        lines.push(format!("{:<20}{}", version.title, version.state));
        lines.extend(version.suites.iter().map(suite));
    }
    if !view.groups.is_empty() {
        lines.push(format!("{:<20}{}", "Groups", view.groups.join(", ")));
    }
    for habit in &view.features {
        lines.push(format!("  {:<42}{}", habit.label, habit.value));
    }
    lines.push(view.note);
    lines
}

fn suite(suite: &SuiteRow) -> String {
    let line = format!("  {}  {:<46}{:<22}{}", suite.code, suite.name, suite.detail, suite.remark);
    line.trim_end().to_owned()
}
