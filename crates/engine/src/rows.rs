//! Row rules in the SQL of reports.
//!
//! ```text
//! from invoice i … and {rows invoice i}     as a report says it
//! from invoice i … and i.id in (select …)   as it is asked, for whoever sees only some
//! from invoice i … and 1 = 1                as it is asked, for whoever sees all
//! ```

use meta::{Context, EntityKind, EntityMeta, Fault, Filter, Reader, Record, Row, Trouble, Value};
use store::{Conn, Scope};

use crate::{Actor, Engine};

/// Reads for somebody: only the rows they may see, where a query names them.
pub(crate) struct Narrowed<'a> {
    engine: &'a Engine,
    actor: &'a Actor,
    conn: &'a dyn Conn,
    context: Context,
}

impl Engine {
    /// A reader for the reports and the home page of somebody.
    pub(crate) fn narrowed_reader<'a>(&'a self, conn: &'a dyn Conn, actor: &'a Actor) -> Narrowed<'a> {
        Narrowed { engine: self, actor, conn, context: self.context(actor) }
    }
}

impl Narrowed<'_> {
    fn rules(&self, meta: &EntityMeta) -> Filter {
        self.actor.access.rows(meta, "see")
    }

    /// The query with the row rules where it names them.
    fn narrowed(&self, sql: &str, args: &mut Vec<Value>) -> Result<String, Fault> {
        let (mut told, mut named) = (String::with_capacity(sql.len()), Vec::new());
        let mut rest = sql;
        while let Some((before, after)) = rest.split_once("{rows ") {
            let wrong = || Fault::new("a report names rows as {rows entity alias}");
            let (name, after) = after.split_once('}').ok_or_else(wrong)?;
            let (entity, alias) = name.trim().split_once(' ').ok_or_else(wrong)?;
            told += before;
            told += &self.condition(entity, alias, args)?;
            named.push(entity.to_owned());
            rest = after;
        }
        told += rest;
        for (is_joined, table) in read_from(sql) {
            let Some(meta) = self.whole(&table) else { continue };
            // A master is joined for its name, and a document beside narrowed ones tells of those:
            // whoever sees them may read it.
            let is_content = !is_joined || (meta.kind == EntityKind::Document && named.is_empty());
            if is_content && !named.iter().any(|name| name == meta.name) && !self.sees_all(meta.name) {
                // Rather no report than one that shows what its reader must not see.
                return Err(Fault::new(format!("a report reads from {table} without the row rules of {}", meta.name)));
            }
        }
        Ok(told)
    }

    /// The entity a table is of; for lines, the one they belong to.
    fn whole(&self, table: &str) -> Option<&'static EntityMeta> {
        let registry = &self.engine.registry;
        let meta = registry.entity(table)?;
        match meta.parent {
            Some((owner, _)) => registry.entity(owner),
            None => Some(meta),
        }
    }

    fn condition(&self, entity: &str, alias: &str, args: &mut Vec<Value>) -> Result<String, Fault> {
        let registry = &self.engine.registry;
        let meta = registry.entity(entity).ok_or_else(|| Fault::new(format!("there is no entity {entity}")))?;
        let scope = Scope {
            about: self.actor.access.about(),
            companies: vec![self.context.company],
            user: self.actor.user,
            team: self.actor.team.clone(),
            today: self.context.today,
            currency: self.context.currency,
            visible: &|_, _| true,
        };
        let (dialect, column) = (self.conn.dialect(), format!("{alias}.id"));
        store::reached(dialect, registry, meta, &self.rules(meta), &scope, &column, args).map_err(|why| match why {
            Trouble::Fault(fault) => fault,
            other => Fault::new(format!("the row rules of {entity} cannot be asked: {other}")),
        })
    }
}

/// The tables a query reads from and those it joins, as it names them.
fn read_from(sql: &str) -> Vec<(bool, String)> {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let named = |pair: &&[&str]| matches!(pair[0].trim_start_matches('('), "from" | "join");
    let names = words.windows(2).filter(named).map(|pair| {
        let name = pair[1].trim_matches(|sign: char| !sign.is_alphanumeric() && sign != '_');
        (pair[0] == "join", name.to_owned())
    });
    names.collect()
}

impl Reader for Narrowed<'_> {
    fn record(&self, meta: &'static EntityMeta, id: i64) -> Result<Option<Record>, Fault> {
        store::load(self.conn, meta, id)
    }

    fn reports(&self) -> Vec<&'static str> {
        self.engine.registry.reports().map(|report| report.name).collect()
    }

    fn entities(&self) -> Vec<&'static EntityMeta> {
        self.engine.registry.entities().collect()
    }

    fn rows(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Fault> {
        let mut args = args.to_vec();
        let sql = self.narrowed(sql, &mut args)?;
        self.conn.query(&sql, &args)
    }

    fn context(&self) -> &Context {
        &self.context
    }

    fn sees_all(&self, entity: &str) -> bool {
        let everything = Filter::all();
        self.engine.registry.entity(entity).is_none_or(|meta| self.rules(meta) == everything)
    }

    fn may(&self, entity: &str, verb: &str) -> bool {
        self.actor.access.may(entity, verb)
    }

    fn shows(&self, entity: &str, field: &str) -> bool {
        self.engine.registry.entity(entity).is_none_or(|meta| self.actor.access.shows(meta, field))
    }

    fn writes(&self, entity: &str, field: &str) -> bool {
        self.engine.registry.entity(entity).is_none_or(|meta| self.actor.access.changes(meta, field))
    }
}

#[cfg(test)]
mod tests {
    use super::read_from;

    #[test]
    fn a_query_says_what_it_reads_from() {
        let sql = "select 1 from invoice i join party p on p.id = i.customer where i.id in (select x from \"user\")";
        let named: Vec<String> = read_from(sql).into_iter().map(|(joined, name)| format!("{name} {joined}")).collect();
        assert_eq!(named, ["invoice false", "party true", "user false"]);
    }
}
