//! One probe, from the browser's `Start` to the server's `Ended`, over two channels.
//!
//! It resolves the name, asks the [target policy](crate::policy) about every answer, connects to the very address that was judged,
//! does what comes [before TLS](prelude), and speaks TLS on it. Whatever needs a decision or a private key is asked of the browser. The channels are not tied to a WebSocket:
//! the command line runs the browser's half in the same process.
//!
//! It refuses targets that are not a host and a port, answers that nobody asked for (they are dropped), and everything that takes
//! longer than its [`Limits`].

mod after;
mod client_auth;
pub(crate) mod connect;
mod dialogue;
mod failure;
#[cfg(fuzzing)]
pub mod fuzzing;
mod handshake;
mod hello;
mod http;
mod line;
mod locate;
mod offer;
mod prelude;
mod proxy;
mod proxy_protocol;
mod recorder;
mod server_auth;
mod sessions;
mod signature;
mod starttls;
pub(crate) mod target;
mod wire;
mod words;

use std::net::Shutdown;
use std::sync::Arc;
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{
    FromServer, HelloSpec, ProbeFailure, ServerEvent, SurveySpec, Target, ToServer,
};
use tokio::sync::mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::spawn_blocking;
use tokio::time::{sleep_until, timeout};

use crate::Meter;
use crate::policy::TargetPolicy;
use handshake::Job;
use hello::survey::{self, Ground};
use line::{Answers, Line, Said};
use locate::Reached;
use sessions::Sessions;
use target::Host;

/// What a probe may cost.
#[derive(Debug, Clone)]
pub struct Limits {
    /// From `Start` to `Ended`.
    pub total: Duration,
    /// From a survey's beginning to its `Ended`.
    pub survey: Duration,
    /// For all connections of a conversation together.
    pub conversation: Duration,
    /// Connections that one conversation may make.
    pub connections: u32,
    /// Until the browser opens a connection, the first or the next one.
    pub start: Duration,
    /// For the name service.
    pub resolve: Duration,
    /// For all connection attempts together.
    pub connect: Duration,
    /// For a proxy's answer to each thing that it is told, its own connecting included.
    pub proxy: Duration,
    /// For each answer of a server before TLS.
    pub before_tls: Duration,
    /// For each answer of the browser.
    pub browser: Duration,
    /// For a sign from the server after the handshake.
    pub after_handshake: Duration,
    /// For the answer to `GET /`.
    pub http: Duration,
    /// Bytes that the server may send until the handshake is done.
    pub handshake_bytes: u64,
    /// Bytes of the answer to `GET /` that are read.
    pub http_bytes: usize,
    /// Counts what is exchanged with peers; a copy counts into the same.
    pub meter: Meter,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            total: Duration::from_secs(30),
            survey: Duration::from_secs(100),
            conversation: Duration::from_secs(180),
            connections: 400,
            start: Duration::from_secs(10),
            resolve: Duration::from_secs(5),
            connect: Duration::from_secs(10),
            proxy: Duration::from_secs(15),
            before_tls: Duration::from_secs(10),
            browser: Duration::from_secs(20),
            after_handshake: Duration::from_secs(2),
            http: Duration::from_secs(5),
            handshake_bytes: 1024 * 1024,
            http_bytes: 16 * 1024,
            meter: Meter::default(),
        }
    }
}

/// How long the thread that speaks TLS may take to notice that it is to stop.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long `Ended` may wait for room in a full channel.
const LAST_WORD: Duration = Duration::from_secs(5);

/// Gets the TLS library ready, so that the first probe's times are those of the others. Once in a process.
pub fn prepare() {
    handshake::prepare();
}

/// Holds one conversation: as many connections as the browser opens, within the limits. `Ended` is the last message of each; a closed channel
/// stops it like `Stop` does.
pub async fn run(
    from_browser: Receiver<ToServer>,
    to_browser: Sender<FromServer>,
    policy: Arc<TargetPolicy>,
    limits: Limits,
) {
    let voice = Voice { to_browser, begun: Instant::now() };
    let until = voice.begun + limits.conversation;
    let mut conversation = Conversation {
        from_browser,
        voice,
        policy,
        limits,
        waiting: false,
        connections: 0,
        until,
        sessions: Arc::new(Sessions::new()),
    };
    let mut owed = true;
    loop {
        let (failure, over) = match conversation.opening().await {
            Ok(opening) => {
                let failure = conversation.connection(opening).await.err();
                let stopped = failure == Some(ProbeFailure::Stopped);
                (failure, stopped)
            }
            // Before the first connection the browser is owed an answer; after that it just goes.
            Err(failure) if owed => (Some(failure), true),
            Err(_) => return,
        };
        owed = false;
        let ended = conversation.voice.say(ServerEvent::Ended { failure });
        // Nobody may be listening any more, or too slowly.
        if !matches!(timeout(LAST_WORD, ended).await, Ok(Ok(()))) || over {
            return;
        }
    }
}

/// What opens a connection.
enum Opening {
    Handshake(Target),
    Hello(Target, HelloSpec),
    Survey(Target, SurveySpec),
}

impl Opening {
    fn target(&self) -> &Target {
        match self {
            Self::Handshake(target) | Self::Hello(target, _) | Self::Survey(target, _) => target,
        }
    }
}

struct Conversation {
    from_browser: Receiver<ToServer>,
    voice: Voice,
    policy: Arc<TargetPolicy>,
    limits: Limits,
    /// Whether a question to the browser is open.
    waiting: bool,
    /// Connections that were made.
    connections: u32,
    /// When the conversation has to be over.
    until: Instant,
    sessions: Arc<Sessions>,
}

impl Conversation {
    /// Waits for the browser to open a connection.
    async fn opening(&mut self) -> Result<Opening, ProbeFailure> {
        match timeout(self.limits.start, self.from_browser.recv()).await {
            Ok(Some(ToServer::Start(target))) => Ok(Opening::Handshake(target)),
            Ok(Some(ToServer::Hello { target, hello })) => Ok(Opening::Hello(target, hello)),
            Ok(Some(ToServer::Survey { target, survey })) => Ok(Opening::Survey(target, survey)),
            Ok(Some(ToServer::Stop) | None) => Err(ProbeFailure::Stopped),
            Ok(Some(_)) => Err(ProbeFailure::ServerLost),
            Err(_) => Err(ProbeFailure::BrowserSilent { seconds: seconds(self.limits.start) }),
        }
    }

    async fn connection(&mut self, opening: Opening) -> Result<(), ProbeFailure> {
        self.voice.begun = Instant::now();
        self.waiting = false;
        if self.connections >= self.limits.connections || self.voice.begun >= self.until {
            return Err(ProbeFailure::BudgetUsedUp { connections: self.connections });
        }
        self.connections += 1;
        let patience = opening.target().patience.map(|seconds| Duration::from_secs(seconds.into()));
        let total = patience.unwrap_or(self.limits.total).min(self.limits.total);
        let deadline = self.until.min(self.voice.begun + total);
        match opening {
            Opening::Handshake(target) => self.probe(target, deadline).await,
            Opening::Hello(target, hello) => self.hello(target, hello, deadline).await,
            Opening::Survey(target, survey) => self.survey(target, survey).await,
        }
    }

    async fn probe(&mut self, target: Target, deadline: Instant) -> Result<(), ProbeFailure> {
        let host = Host::parse(&target.host, target.port)?;
        let located = self.locate(&target, &host).await?;
        let reached = self.connect(&located, deadline).await?;
        self.speak_tls(reached, target, host, deadline).await
    }

    /// One ClientHello of our own, and what is answered in clear.
    async fn hello(
        &mut self,
        target: Target,
        hello: HelloSpec,
        deadline: Instant,
    ) -> Result<(), ProbeFailure> {
        let ground = self.ground(target, deadline).await?;
        let answer = self.telling(|told| survey::one_hello(ground, hello, told)).await?;
        self.voice.say(ServerEvent::HelloAnswered { answer }).await
    }

    /// What a server speaks, on as many connections as it takes.
    async fn survey(&mut self, target: Target, survey: SurveySpec) -> Result<(), ProbeFailure> {
        let deadline = self.until.min(self.voice.begun + self.limits.survey);
        let ground = self.ground(target, deadline).await?;
        // The first one is counted already.
        let left = self.limits.connections.saturating_sub(self.connections).saturating_add(1);
        let most = if survey.connections == 0 { left } else { left.min(survey.connections) };
        let found = self.telling(|told| survey::survey(ground, survey, most, told)).await?;
        self.connections = self.connections.saturating_add(found.connections.saturating_sub(1));
        self.voice.say(ServerEvent::SurveyDone(found)).await
    }

    async fn ground(&mut self, target: Target, until: Instant) -> Result<Ground, ProbeFailure> {
        let host = Host::parse(&target.host, target.port)?;
        let located = self.locate(&target, &host).await?;
        let reached = self.connect(&located, until).await?;
        Ok(Ground { reached, target, host, limits: self.limits.clone(), until })
    }

    /// Does `work` while nothing is asked of the browser, and passes on what it tells.
    async fn telling<T, W>(
        &mut self,
        work: impl FnOnce(UnboundedSender<ServerEvent>) -> W,
    ) -> Result<T, ProbeFailure>
    where
        W: Future<Output = Result<T, ProbeFailure>>,
    {
        let (told, mut events) = unbounded_channel();
        let voice = self.voice.clone();
        let pass = async {
            while let Some(event) = events.recv().await {
                voice.say(event).await?;
            }
            Ok::<(), ProbeFailure>(())
        };
        let work = work(told);
        let (done, passed) = self.unless_stopped(async { tokio::join!(work, pass) }).await?;
        passed?;
        done
    }

    /// Runs the TLS part on a thread of its own, since rustls asks for signatures synchronously, and passes messages between it
    /// and the browser. Stopping shuts the socket down, which wakes the thread wherever it waits.
    async fn speak_tls(
        &mut self,
        reached: Reached,
        target: Target,
        host: Host,
        deadline: Instant,
    ) -> Result<(), ProbeFailure> {
        let shutter = reached.stream.try_clone().map_err(|_| ProbeFailure::Internal)?;
        let close = || {
            // The other side may have closed it already.
            let _ = shutter.shutdown(Shutdown::Both);
        };
        let (said, mut events) = unbounded_channel();
        let (answer, answers) = std::sync::mpsc::channel();
        let line = Arc::new(Line::new(said, answers, deadline, self.limits.browser));
        let job = Job {
            reached,
            target,
            host,
            deadline,
            limits: self.limits.clone(),
            line,
            sessions: Arc::clone(&self.sessions),
        };
        let thread = spawn_blocking(move || handshake::run(job));

        let passed = tokio::select! {
            passed = self.pass_messages(&mut events, answer) => passed,
            () = sleep_until((deadline + FAREWELL).into()) => Err(ProbeFailure::Internal),
        };
        match passed {
            Ok(()) => thread.await.unwrap_or(Err(ProbeFailure::Internal)),
            Err(failure) => {
                close();
                let _ = timeout(FAREWELL, thread).await;
                Err(failure)
            }
        }
    }

    /// Passes events to the browser and its answers to the thread, until the thread is done. Consumes `answers`, so that a thread
    /// that waits for one learns that none will come.
    async fn pass_messages(
        &mut self,
        events: &mut UnboundedReceiver<Said>,
        answers: Answers,
    ) -> Result<(), ProbeFailure> {
        loop {
            tokio::select! {
                biased;
                event = events.recv() => match event {
                    Some(Said { when, event }) => {
                        self.waiting |= matches!(
                            event,
                            ServerEvent::CertificateRequested { .. } | ServerEvent::SignatureWanted { .. }
                        );
                        self.voice.say_at(when, event).await?;
                    }
                    None => return Ok(()),
                },
                message = self.from_browser.recv() => match message {
                    None | Some(ToServer::Stop) => return Err(ProbeFailure::Stopped),
                    Some(answer) if self.waiting => {
                        self.waiting = false;
                        // A thread that gave up waiting says so itself.
                        let _ = answers.send(answer);
                    }
                    Some(_) => {}
                },
            }
        }
    }

    /// Does `work` while nothing is asked of the browser.
    async fn unless_stopped<T>(&mut self, work: impl Future<Output = T>) -> Result<T, ProbeFailure> {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Ok(done),
                message = self.from_browser.recv() => {
                    if matches!(message, None | Some(ToServer::Stop)) {
                        return Err(ProbeFailure::Stopped);
                    }
                }
            }
        }
    }
}

/// Speaks to the browser.
#[derive(Clone)]
pub(crate) struct Voice {
    to_browser: Sender<FromServer>,
    begun: Instant,
}

impl Voice {
    async fn say(&self, event: ServerEvent) -> Result<(), ProbeFailure> {
        self.say_at(Instant::now(), event).await
    }

    async fn say_at(&self, when: Instant, event: ServerEvent) -> Result<(), ProbeFailure> {
        let at_us = when.saturating_duration_since(self.begun).as_micros();
        let message = FromServer { at_us: u64::try_from(at_us).unwrap_or(u64::MAX), event };
        self.to_browser.send(message).await.map_err(|_| ProbeFailure::Stopped)
    }
}

/// Whole seconds, at least one, as failures state them.
pub(crate) fn seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs_f64().round() as u64).unwrap_or(u32::MAX).max(1)
}
