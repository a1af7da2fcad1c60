//! A server's life: it serves, it drains (nothing new, what runs may finish), it stops.

use tokio::sync::watch;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// Takes work.
    Serving,
    /// Takes no new work, and lets what is running end.
    Draining,
    /// Ends what is running.
    Stopping,
}

/// What is told to a running server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Read the files with certificates and tokens again, and open the audit log anew.
    Reload,
    /// End: drain first; told twice, at once.
    End,
}

/// Sees how far the server is.
#[derive(Debug, Clone)]
pub(crate) struct Life(watch::Receiver<Stage>);

impl Life {
    /// A life, and the hand that moves it on.
    pub(crate) fn new() -> (watch::Sender<Stage>, Self) {
        let (sender, receiver) = watch::channel(Stage::Serving);
        (sender, Self(receiver))
    }

    /// Whether new work is taken.
    pub(crate) fn is_serving(&self) -> bool {
        *self.0.borrow() == Stage::Serving
    }

    /// Completes when the server is as far as this, or has ended.
    pub(crate) async fn until(&mut self, stage: Stage) {
        let _ = self.0.wait_for(|now| *now >= stage).await;
    }
}
