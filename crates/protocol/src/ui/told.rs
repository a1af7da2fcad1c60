//! What is told to the page in finished words: problems and remarks. The worker words them, so the page carries neither their facts nor the
//! catalogue.

use serde::{Deserialize, Serialize};

use crate::catalogue::Explanation;
use crate::kind_of;
use crate::problem::Problem;
use crate::view::{ChainRemark, FileRemark};

/// Something in words, with the name of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Its kind, a word with underscores that does not change: `alias_taken`.
    pub kind: String,
    /// What happened, and what to try.
    pub words: Explanation,
    /// Who has to act, for people: `you`; empty where nobody has to.
    pub who: String,
}

impl From<Problem> for Told {
    fn from(problem: Problem) -> Self {
        Self { kind: kind_of(&problem), words: problem.explain(), who: problem.who().words().to_owned() }
    }
}

impl From<&FileRemark> for Told {
    fn from(remark: &FileRemark) -> Self {
        Self { kind: kind_of(remark), words: remark.explain(), who: String::new() }
    }
}

impl From<&ChainRemark> for Told {
    fn from(remark: &ChainRemark) -> Self {
        Self { kind: kind_of(remark), words: remark.explain(), who: String::new() }
    }
}
