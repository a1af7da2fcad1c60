//! All certificates at hand, indexed: who may have issued whom by name, which keys are the same, and how far each name is from a trust anchor.

use std::collections::{HashMap, VecDeque};

use certwright_certs::{Certificate, Name};

use crate::question::Question;

/// A certificate at hand: its number in the graph. The end-entity is 0.
pub(super) type Place = usize;

/// A certificate at hand.
pub(super) struct Node<'a> {
    pub(super) certificate: &'a Certificate,
    /// Its number among the anchors of the question, if it is one.
    pub(super) anchor: Option<usize>,
    /// The place in what the peer sent.
    pub(super) sent: Option<usize>,
    subject: usize,
    issuer: usize,
    /// Equal for equal keys.
    pub(super) key: usize,
}

/// Certificates with a name, as the issuers that others look for.
#[derive(Default)]
struct Named {
    places: Vec<Place>,
    /// Certificates to the next anchor, this one counted; `None` if no chain of names leads there.
    distance: Option<usize>,
}

pub(super) struct Graph<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    names: Vec<Named>,
    /// The anchor that is the end-entity itself.
    pub(super) end_entity_anchor: Option<Place>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(question: &Question<'a>) -> Self {
        let mut builder = Builder::default();
        for (index, certificate) in question.certificates.iter().enumerate() {
            builder.add(certificate, None, Some(index));
        }
        for certificate in question.extra {
            builder.add(certificate, None, None);
        }
        for (index, anchor) in question.anchors.iter().enumerate() {
            builder.add(&anchor.certificate, Some(index), None);
        }
        builder.finish()
    }

    /// Who has the name of the issuer of the certificate at `place`.
    pub(super) fn issuers(&self, place: Place) -> &[Place] {
        let named = self.nodes.get(place).and_then(|node| self.names.get(node.issuer));
        named.map(|named| named.places.as_slice()).unwrap_or_default()
    }

    /// How many certificates at least have to follow the one at `place` up to an anchor; `None` if no chain of names leads there.
    pub(super) fn distance(&self, place: Place) -> Option<usize> {
        let node = self.nodes.get(place)?;
        self.names.get(node.issuer)?.distance
    }

    /// True if the certificates are the same, or have the same name and key (RFC 4158 section 2.4.2).
    pub(super) fn is_repetition(&self, a: Place, b: Place) -> bool {
        match (self.nodes.get(a), self.nodes.get(b)) {
            (Some(a), Some(b)) => a.subject == b.subject && a.key == b.key,
            _ => false,
        }
    }
}

#[derive(Default)]
struct Builder<'a> {
    nodes: Vec<Node<'a>>,
    name_numbers: HashMap<&'a Name, usize>,
    key_numbers: HashMap<&'a [u8], usize>,
    known: HashMap<&'a [u8], Place>,
    anchors: HashMap<&'a [u8], Place>,
}

impl<'a> Builder<'a> {
    fn add(&mut self, certificate: &'a Certificate, anchor: Option<usize>, sent: Option<usize>) {
        let place = self.nodes.len();
        let seen = if anchor.is_some() { &mut self.anchors } else { &mut self.known };
        // The first of equal certificates gives the label or the place in what was sent.
        if *seen.entry(certificate.der()).or_insert(place) != place {
            return;
        }
        let next = self.name_numbers.len();
        let subject = *self.name_numbers.entry(certificate.subject()).or_insert(next);
        let next = self.name_numbers.len();
        let issuer = *self.name_numbers.entry(certificate.issuer()).or_insert(next);
        let next = self.key_numbers.len();
        let key = *self.key_numbers.entry(certificate.spki_der()).or_insert(next);
        self.nodes.push(Node { certificate, anchor, sent, subject, issuer, key });
    }

    fn finish(self) -> Graph<'a> {
        let mut names: Vec<Named> = Vec::new();
        names.resize_with(self.name_numbers.len(), Named::default);
        let mut issued: Vec<Vec<Place>> = vec![Vec::new(); names.len()];
        let mut queue = VecDeque::new();
        for (place, node) in self.nodes.iter().enumerate() {
            if let Some(named) = names.get_mut(node.subject) {
                named.places.push(place);
                if node.anchor.is_some() && named.distance.is_none() {
                    named.distance = Some(1);
                    queue.push_back(node.subject);
                }
            }
            if let Some(issued) = issued.get_mut(node.issuer) {
                issued.push(place);
            }
        }
        // A certificate that is an anchor too is at hand twice, as either.
        let end_entity = self.nodes.first().map(|node| node.certificate.der());
        let end_entity_anchor = end_entity.and_then(|der| self.anchors.get(der)).copied();
        while let Some(name) = queue.pop_front() {
            let distance = names.get(name).and_then(|named| named.distance).unwrap_or_default();
            for place in issued.get(name).into_iter().flatten() {
                let Some(node) = self.nodes.get(*place) else { continue };
                if let Some(named) = names.get_mut(node.subject)
                    && named.distance.is_none()
                {
                    named.distance = Some(distance + 1);
                    queue.push_back(node.subject);
                }
            }
        }
        Graph { nodes: self.nodes, names, end_entity_anchor }
    }
}
