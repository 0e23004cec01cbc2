//! Live updates: others' changes as server-sent events, as far as the listener may know of them.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use engine::{Actor, Engine, Event as Change, Heard};
use futures_util::{Stream, StreamExt};
use kernel::id_text;
use serde_json::{Value as Json, json};
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

use crate::App;
use crate::problem::Problem;
use crate::request::Who;

/// How often a silent connection says that it is still there.
const PULSE: Duration = Duration::from_secs(20);
/// After this the browser comes again, with whatever rights it has then.
const LIFE: Duration = Duration::from_secs(1800);

/// How a listener hears of a change, where their roles reach some records only. What cannot be looked
/// at is not told.
async fn heard(engine: &Arc<Engine>, actor: &Actor, event: &Change) -> Heard {
    let (engine, actor, event) = (engine.clone(), actor.clone(), event.clone());
    let looked = tokio::task::spawn_blocking(move || engine.hears(&actor, &event)).await;
    looked.ok().and_then(Result::ok).unwrap_or(Heard::Nothing)
}

/// What is told: of a record out of sight no more than that it is gone.
fn told(prefix: &str, event: &Change, heard: Heard) -> Option<Json> {
    let id = id_text(prefix, event.id);
    match heard {
        Heard::Change => {
            let company = (0 < event.company).then(|| id_text("co", event.company));
            Some(json!({ "entity": event.entity, "id": id, "version": event.version, "company": company }))
        }
        Heard::OutOfSight => Some(json!({ "entity": event.entity, "id": id, "version": 0 })),
        Heard::Nothing => None,
    }
}

/// `GET /api/live`
pub(crate) async fn live(
    State(app): State<Arc<App>>,
    who: Who,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let (engine, actor) = (app.engine.clone(), who.actor);
    let changes = BroadcastStream::new(engine.subscribe())
        // Who falls behind has missed something: the connection ends, and the browser comes
        // again and refetches. The same when rights may have changed.
        .take_while(|change| {
            let goes_on = match change {
                Ok(event) => !matches!(event.entity, "user" | "role" | "user_role" | "company"),
                Err(BroadcastStreamRecvError::Lagged(_)) => false,
            };
            std::future::ready(goes_on)
        })
        .filter_map(move |change| {
            let (engine, actor) = (engine.clone(), actor.clone());
            async move {
                let event = change.ok().filter(|event| engine.may_see(&actor, event))?;
                let heard = match engine.must_look(&actor, &event) {
                    true => heard(&engine, &actor, &event).await,
                    false => Heard::Change,
                };
                let prefix = engine.registry().entity(event.entity).map_or("x", |meta| meta.prefix);
                let data = told(prefix, &event, heard)?;
                Some(Ok(Event::default().event("change").data(data.to_string())))
            }
        });
    let mut closing = app.closing.clone();
    let over = async move {
        let closed = async {
            // The sender going away is a closing, too.
            let _ = closing.wait_for(|closing| *closing).await;
        };
        let _ = tokio::time::timeout(LIFE, closed).await;
    };
    // At once something, so that the browser knows it is connected.
    let hello = futures_util::stream::iter([Ok(Event::default().comment("listening").retry(Duration::from_secs(2)))]);
    Ok(Sse::new(hello.chain(changes.take_until(over))).keep_alive(KeepAlive::new().interval(PULSE)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_record_out_of_sight_nothing_is_told_but_that_it_is_gone() {
        let event = Change { entity: "quotation", id: 2, version: 7, company: 1, out: 9, only: 0, was: 5 };
        let data = |heard| told("qt", &event, heard);
        let id = id_text("qt", 2);
        assert_eq!(data(Heard::OutOfSight), Some(json!({ "entity": "quotation", "id": id, "version": 0 })));
        let company = id_text("co", 1);
        let whole = json!({ "entity": "quotation", "id": id, "version": 7, "company": company });
        assert_eq!((data(Heard::Change), data(Heard::Nothing)), (Some(whole), None));
    }
}
