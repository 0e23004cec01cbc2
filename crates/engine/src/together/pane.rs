//! What hangs on records, counted: for the pane beside one, and the bars over many.

use std::collections::BTreeMap;

use kernel::{Label, Refusal, id_parse, id_text};
use meta::{Filter, ListQuery, Op, Operand, Sort, Trouble, Value};
use serde_json::{Value as Json, json};

use crate::{Actor, Engine, number};

/// How many records one question is about.
const ASKED_MAX: usize = 500;

impl Engine {
    /// How many notes, activities, files and followers a record has.
    pub fn together(&self, actor: &Actor, entity: &str, id: i64) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        let today = self.today_of(actor);
        self.database.read(|conn| {
            self.seen(conn, actor, meta, id)?;
            let args: [Value; 2] = [meta.name.into(), id.into()];
            let count = |table: &str, also: &str| {
                let sql = format!("select count(*) from {table} where about_entity = ?1 and about_doc = ?2 {also}");
                number(conn, &sql, &args).map(|count| count.unwrap_or(0))
            };
            let open = |sign: &str| count("activity", &format!("and stage = 'planned' and due_on {sign} '{today}'"));
            let own = |table: &str| {
                let sql = format!(
                    "select id, version from {table} where about_entity = ?1 and about_doc = ?2 and owner = ?3 order by id"
                );
                conn.query(&sql, &[meta.name.into(), id.into(), actor.user.into()])
            };
            let favourite = own("favourite")?;
            let favourite = favourite.first().map(|row| json!({ "id": id_text("fv", row.int(0)), "version": row.int(1) }));
            Ok(json!({
                "notes": count("note", "")?,
                "activities": { "overdue": open("<")?, "today": open("=")?, "planned": open(">")? },
                "attachments": count("attachment", "")?,
                "followers": count("follow", "")?,
                "following": !own("follow")?.is_empty(),
                "favourite": favourite,
            }))
        })
    }

    /// The next open activity of each of many records, in one query.
    pub fn next_activities(&self, actor: &Actor, entity: &str, ids: &[String]) -> Result<Json, Trouble> {
        let (meta, activity) = (self.entity(entity)?, self.entity("activity")?);
        self.permit(actor, meta, "see")?;
        self.permit(actor, activity, "see")?;
        if ids.len() > ASKED_MAX || ids.iter().any(|id| id_parse(meta.prefix, id).is_none()) {
            return Err(Refusal::new(
                "invalid",
                Label::new(
                    "Ask for at most 500 records, each by its id and all of the same kind.",
                    "请提供不超过 500 个同类记录的编号。",
                ),
            )
            .field("ids")
            .into());
        }
        let mut next: BTreeMap<&str, Json> = ids.iter().map(|id| (id.as_str(), Json::Null)).collect();
        if ids.is_empty() {
            return Ok(json!({ "next": next }));
        }
        let one_of = Filter::Is {
            field: "about_doc".into(),
            op: Op::In,
            operand: Operand::Many(ids.iter().map(|id| json!(id)).collect()),
        };
        let planned = Filter::is("stage", Op::Eq, "planned");
        let of = Filter::is("about_entity", Op::Eq, meta.name);
        let fields = ["about_doc", "activity_type", "summary", "due_on", "assigned_to", "due_state"];
        let mut query = ListQuery {
            filter: Filter::And(vec![of, one_of, planned]),
            sort: vec![Sort { field: "due_on".into(), descending: false }],
            limit: 1_000,
            fields: fields.map(str::to_owned).to_vec(),
            ..ListQuery::default()
        };
        // Mostly one page: more only when records have several activities each.
        loop {
            let page = self.list(actor, activity.name, &query)?;
            for row in page["rows"].as_array().into_iter().flatten() {
                let about = row["about_doc"]["id"].as_str().unwrap_or("");
                if let Some(at) = next.get_mut(about).filter(|at| at.is_null()) {
                    let mut told = row.clone();
                    told.as_object_mut().into_iter().for_each(|told| {
                        told.remove("about_doc");
                    });
                    *at = told;
                }
            }
            match page["next"].as_str() {
                Some(cursor) if next.values().any(Json::is_null) => query.cursor = Some(cursor.to_owned()),
                _ => break,
            }
        }
        Ok(json!({ "next": next }))
    }
}
