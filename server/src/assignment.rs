//! Requests that the Pit answers: what an instrument is asked, on data of its own, and how the answer is shown.

use symphony_pit::{Answer, Answered, DropReason, Job, NoAnswer, Pit, Question, Ticket};
use tower_lsp::jsonrpc;

use crate::event::Event;
use crate::global_state::GlobalState;
use crate::reply::{Json, Reply};
use crate::requests::OnDatabase;
use crate::task::{Lane, Outcome, run};

/// What becomes of a request that the Pit may be asked about.
pub(crate) enum Assignment {
    /// Nobody has to be asked.
    Known(Reply),
    /// The Pit is.
    Ask(Box<Asked>),
}

/// A request's question for the Pit. It holds no handle of the database: it may wait in a queue.
pub(crate) struct Asked {
    pub(crate) job: Job,
    pub(crate) question: Question,
    /// The client's form of an answer.
    pub(crate) show: Show,
}

/// Makes the client's form of what instruments have answered; of nothing, if none had an answer in time.
type Show = Box<dyn FnOnce(Vec<Answered>) -> Reply + Send>;

impl Assignment {
    /// There is nothing to show.
    pub(crate) fn nothing() -> Self {
        Self::Known(Ok(Json::EMPTY_LIST))
    }

    /// Gives the question to the Pit, and the answer to `reply`. The ticket by which it is cancelled; none if it was
    /// answered at once.
    pub(crate) fn submit(
        self,
        pit: &Pit,
        reply: impl FnOnce(Json) + Send + 'static,
    ) -> Option<Ticket> {
        match self {
            Self::Known(known) => {
                reply(known.unwrap_or(Json::EMPTY_LIST));
                None
            }
            Self::Ask(asked) => {
                let Asked {
                    job,
                    question,
                    show,
                } = *asked;
                pit.ask(job, question, move |answer| reply(json_of(answer, show)))
            }
        }
    }
}

/// What the client is told: without an answer there is nothing to show.
fn json_of(answer: Answer, show: Show) -> Json {
    let answers = answer.map(|it| Answered::all_from(&it));
    match answers {
        Ok(Ok(answers)) => show(answers).unwrap_or(Json::EMPTY_LIST),
        Ok(Err(error)) => {
            tracing::error!(%error, "answers that are none");
            Json::EMPTY_LIST
        }
        Err(NoAnswer::Nothing | NoAnswer::Dropped(DropReason::Expired)) => {
            show(Vec::new()).unwrap_or(Json::EMPTY_LIST)
        }
        Err(reason) => {
            tracing::debug!(%reason, "no answer");
            Json::EMPTY_LIST
        }
    }
}

impl GlobalState {
    /// Lets a worker find out what the Pit is to do for a request.
    pub(crate) fn assign(&mut self, id: jsonrpc::Id, lane: Lane, assign: OnDatabase<Assignment>) {
        let Some(pending) = self.requests.get_mut(&id) else {
            return;
        };
        let (file, number) = (pending.file, pending.run);
        let cancel = pending.cancel.clone();
        let (db, snapshot) = self.snapshot(file, cancel);
        let events = self.events.clone();
        self.pool.start(lane, move || {
            let assigned = run(db, |db| assign(db, &snapshot));
            let done = |outcome| Event::Done {
                id: id.clone(),
                run: number,
                lane: Some(lane),
                outcome,
            };
            let event = match assigned {
                Outcome::Answer(assignment) => {
                    let (events, asked) = (events.clone(), id.clone());
                    let ticket = assignment.submit(&snapshot.shared.pit, move |json| {
                        // The loop may have ended.
                        let _ = events.send(Event::Done {
                            id: asked,
                            run: number,
                            lane: None,
                            outcome: Outcome::Answer(json),
                        });
                    });
                    Event::Assigned {
                        id,
                        run: number,
                        lane,
                        ticket,
                    }
                }
                Outcome::Error(error) => done(Outcome::Error(error)),
                Outcome::Overtaken => done(Outcome::Overtaken),
            };
            // The loop may have ended.
            let _ = events.send(event);
        });
    }
}
