//! The phases of a probe and their times.

use certwright_protocol::conversation::Target;
use certwright_protocol::report::{Phase, PhaseName, PhaseState};

/// Knows which phase runs and since when, in microseconds of the server's clock.
#[derive(Default)]
pub(super) struct PhaseClock {
    running: Option<PhaseName>,
    since_us: u64,
    last_us: u64,
}

impl PhaseClock {
    /// All phases of a probe of `target`, none begun.
    pub(super) fn waiting(target: &Target) -> Vec<Phase> {
        let names = PhaseName::ALL.into_iter().filter(|name| name.is_in(target));
        names.map(|name| Phase { name, state: PhaseState::Waiting, took_us: None }).collect()
    }

    /// What comes once TCP stands, or the proxy's tunnel.
    pub(super) fn after_connecting(target: &Target, tunnelled: bool) -> PhaseName {
        let next = [PhaseName::Proxy, PhaseName::StartTls];
        let next = next.into_iter().skip(usize::from(tunnelled)).find(|name| name.is_in(target));
        next.unwrap_or(PhaseName::Handshake)
    }

    /// Ends the running phase well and begins another; phases in between are skipped.
    pub(super) fn enter(&mut self, phases: &mut [Phase], next: PhaseName, at_us: u64) {
        self.close(phases, PhaseState::Done, at_us);
        for phase in phases.iter_mut() {
            if phase.name == next {
                phase.state = PhaseState::Running;
                break;
            }
            if phase.state == PhaseState::Waiting {
                phase.state = PhaseState::Skipped;
            }
        }
        self.running = Some(next);
        self.since_us = at_us;
    }

    /// Ends the running phase; whatever did not begin is skipped.
    pub(super) fn finish(&mut self, phases: &mut [Phase], failed: bool, at_us: u64) {
        self.close(phases, if failed { PhaseState::Failed } else { PhaseState::Done }, at_us);
        for phase in phases.iter_mut().filter(|phase| phase.state == PhaseState::Waiting) {
            phase.state = PhaseState::Skipped;
        }
    }

    /// The latest time seen.
    pub(super) fn last_us(&self) -> u64 {
        self.last_us
    }

    fn close(&mut self, phases: &mut [Phase], state: PhaseState, at_us: u64) {
        self.last_us = at_us;
        let Some(running) = self.running.take() else { return };
        for phase in phases.iter_mut().filter(|phase| phase.name == running) {
            phase.state = state;
            phase.took_us = Some(at_us.saturating_sub(self.since_us));
        }
    }
}

#[cfg(test)]
mod tests {
    use certwright_protocol::conversation::StartTls;

    use super::*;

    #[test]
    fn what_is_before_tls_is_a_phase_only_where_there_is_something() {
        let names = |target: &Target| -> Vec<PhaseName> {
            PhaseClock::waiting(target).into_iter().map(|phase| phase.name).collect()
        };
        let plain = Target::new("a.example", 443);
        assert!(names(&plain).into_iter().all(PhaseName::is_always));
        assert_eq!(PhaseClock::after_connecting(&plain, false), PhaseName::Handshake);
        let mail = Target { starttls: StartTls::Smtp, ..plain };
        assert_eq!(names(&mail).get(2), Some(&PhaseName::StartTls));
        assert_eq!(PhaseClock::after_connecting(&mail, false), PhaseName::StartTls);
    }

    #[test]
    fn a_phase_that_never_began_is_skipped() {
        let mut clock = PhaseClock::default();
        let mut phases = PhaseClock::waiting(&Target::new("a.example", 443));
        clock.enter(&mut phases, PhaseName::Resolve, 0);
        clock.enter(&mut phases, PhaseName::Connect, 5);
        clock.enter(&mut phases, PhaseName::Handshake, 25);
        clock.enter(&mut phases, PhaseName::AfterHandshake, 125);
        clock.finish(&mut phases, true, 130);
        let seen: Vec<_> = phases.iter().map(|p| (p.state, p.took_us)).collect();
        assert_eq!(
            seen,
            [
                (PhaseState::Done, Some(5)),
                (PhaseState::Done, Some(20)),
                (PhaseState::Done, Some(100)),
                (PhaseState::Skipped, None),
                (PhaseState::Failed, Some(5)),
            ]
        );
    }
}
