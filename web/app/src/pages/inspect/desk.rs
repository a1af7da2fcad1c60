//! What the page knows of what is inspected: the bag as the worker told it last, what of it is looked at, and how. It outlives the page's
//! being left and opened again.

use std::rc::Rc;

use certwright_protocol::ui::Told;
use certwright_protocol::ui::{Bag, InputFile, JudgePlan};

use crate::state::Files;

/// How a thing is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// The chains of the bag, judged.
    Chain,
    /// All about a thing.
    Details,
    /// A thing's encoding.
    Asn1,
    /// Two things side by side.
    Compare,
}

/// What is inspected.
#[derive(Clone, PartialEq)]
pub(crate) struct Desk {
    pub(crate) bag: Rc<Bag>,
    /// Files that the browser could not read.
    pub(crate) unread: Rc<Vec<Told>>,
    /// Files that the worker has not been given yet.
    pub(crate) incoming: Option<Files>,
    /// The files that it was given last, while one of them needs a password: they are sent again with it.
    pub(crate) files: Option<Files>,
    /// The thing that is looked at.
    pub(crate) chosen: Option<u32>,
    pub(crate) view: View,
    /// How the chain is judged, as far as the user has wishes.
    wish: Option<JudgePlan>,
    /// The host that showed the chain, if it came from a probe.
    host: String,
    /// The two things that are compared.
    pub(crate) compared: [Option<u32>; 2],
    /// The octets that the ASN.1 view begins with: offset and length.
    pub(crate) lit: Option<(u32, u32)>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            bag: Rc::default(),
            unread: Rc::default(),
            incoming: None,
            files: None,
            chosen: None,
            view: View::Chain,
            wish: None,
            host: String::new(),
            compared: [None; 2],
            lit: None,
        }
    }
}

/// A change of it.
pub(crate) enum Change {
    /// New files, and those that the browser could not read.
    Incoming(Vec<InputFile>, Vec<Told>),
    /// The chain was shown by this host.
    Host(String),
    /// The worker gets the files that came in.
    Taken,
    /// What is in the bag now.
    Bag(Bag),
    /// The same bag, told in another language.
    Retold(Bag),
    Choose(u32),
    Look(View),
    /// Looks at a thing's encoding, from these octets on.
    Light(u32, (u32, u32)),
    Plan(JudgePlan),
    /// Puts a thing on a side of the comparison: 0 is the left one.
    Compare(usize, u32),
}

impl Desk {
    /// How the chain is judged: as the user wishes, else as the worker suggests.
    pub(crate) fn plan(&self) -> Option<JudgePlan> {
        let suggested = self.bag.plan.as_ref()?;
        let mut plan = match &self.wish {
            Some(wish) => wish.clone(),
            None => JudgePlan { name: self.host.clone(), ..suggested.clone() },
        };
        let there = |id: &u32| self.bag.things.iter().any(|thing| thing.id == *id);
        // What was discarded meanwhile has no say any more.
        plan.trust.things.retain(there);
        if !there(&plan.leaf) {
            plan.leaf = suggested.leaf;
        }
        Some(plan)
    }

    /// The two things to compare: those that were chosen, else the first and one of its kind, if possible of the same name: the renewed one.
    pub(crate) fn compared(&self) -> Option<[u32; 2]> {
        let things = &self.bag.things;
        let chosen = |side: usize| {
            let id = self.compared.get(side).copied().flatten()?;
            things.iter().find(|thing| thing.id == id)
        };
        let left = chosen(0).or_else(|| things.first())?;
        let others = || things.iter().filter(|thing| thing.id != left.id);
        let alike = || others().filter(|thing| thing.kind == left.kind && thing.same_as.is_none());
        let named = alike().find(|thing| thing.title == left.title);
        let right = chosen(1)
            .filter(|right| right.id != left.id)
            .or(named)
            .or_else(|| alike().next())
            .or_else(|| others().next())?;
        Some([left.id, right.id])
    }

    pub(crate) fn apply(&mut self, change: Change) {
        match change {
            Change::Incoming(files, problems) => {
                self.incoming = Some(Files(Rc::new(files)));
                self.unread = Rc::new(problems);
            }
            Change::Host(host) => {
                self.wish = None;
                self.host = host;
            }
            Change::Taken => {
                if let Some(files) = self.incoming.take() {
                    self.files = Some(files);
                }
            }
            Change::Bag(bag) => self.fill(bag),
            Change::Retold(bag) => self.bag = Rc::new(bag),
            Change::Choose(id) => {
                self.chosen = Some(id);
                self.lit = None;
                if matches!(self.view, View::Chain | View::Compare) {
                    self.view = View::Details;
                }
            }
            Change::Look(view) => self.view = view,
            Change::Light(id, range) => {
                self.chosen = Some(id);
                self.lit = Some(range);
                self.view = View::Asn1;
            }
            Change::Plan(plan) => self.wish = Some(plan),
            Change::Compare(side, id) => {
                if let Some(place) = self.compared.get_mut(side) {
                    *place = Some(id);
                }
            }
        }
    }

    /// Takes a new state of the bag: what has come is looked at, what has gone no longer.
    fn fill(&mut self, bag: Bag) {
        let known = |id: u32| self.bag.things.iter().any(|thing| thing.id == id);
        let new: Vec<u32> = bag.things.iter().map(|thing| thing.id).filter(|id| !known(*id)).collect();
        let leaf = bag.plan.as_ref().map(|plan| plan.leaf);
        let there = |id: &u32| bag.things.iter().any(|thing| thing.id == *id);
        let next = leaf.filter(|leaf| new.contains(leaf)).or(new.first().copied());
        let first = self.bag.things.is_empty();
        self.chosen = self.chosen.filter(there).or(next).or(bag.things.first().map(|thing| thing.id));
        if first || leaf.is_none() {
            self.view = if leaf.is_some() { View::Chain } else { View::Details };
            self.chosen = next.or(self.chosen);
        }
        if bag.things.is_empty() {
            // Files that could not be read stay told until something else is done; a password opens the last ones yet.
            let told = !bag.problems.is_empty();
            let unread = if told { self.unread.clone() } else { Rc::default() };
            *self = Self { unread, files: self.files.take(), ..Self::default() };
        }
        // Files may hold keys in clear: they are kept no longer than a password is asked for.
        if !bag.problems.iter().any(|problem| problem.kind.starts_with("password_")) {
            self.files = None;
        }
        self.bag = Rc::new(bag);
    }
}
