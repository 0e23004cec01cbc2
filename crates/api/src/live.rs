//! Live updates: others' changes as server-sent events, as far as the listener may know of them.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use engine::{Actor, Engine, Event as Change};
use futures_util::{Stream, StreamExt};
use kernel::id_text;
use serde_json::json;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

use crate::App;
use crate::problem::Problem;
use crate::request::Who;

/// How often a silent connection says that it is still there.
const PULSE: Duration = Duration::from_secs(20);
/// After this the browser comes again, with whatever rights it has then.
const LIFE: Duration = Duration::from_secs(1800);

/// Whether a record is one the listener sees, where their roles reach some records only. What cannot
/// be looked at is not told.
async fn sees(engine: &Arc<Engine>, actor: &Actor, event: &Change) -> bool {
    let (engine, actor, event) = (engine.clone(), actor.clone(), event.clone());
    let looked = tokio::task::spawn_blocking(move || engine.hears(&actor, &event)).await;
    looked.is_ok_and(|seen| seen.unwrap_or(false))
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
                if engine.must_look(&actor, &event) && !sees(&engine, &actor, &event).await {
                    return None;
                }
                let prefix = engine.registry().entity(event.entity).map_or("x", |meta| meta.prefix);
                let company = (0 < event.company).then(|| id_text("co", event.company));
                let id = id_text(prefix, event.id);
                let data = json!({ "entity": event.entity, "id": id, "version": event.version, "company": company });
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
