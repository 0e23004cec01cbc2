//! What records said at an instant, from what the audit says was changed since.

use std::collections::BTreeMap;

use meta::report::was;
use meta::{Fault, Reader, Value};

/// Changes after an instant, the latest first: in the company and in what belongs to none, by the index of both.
const CHANGES: &str = "
    select doc, changes from audit
    where company in (0, ?3) and recorded_at > ?2 and entity = ?1 and {changed}
    order by recorded_at desc, id desc";

/// The values fields had at an instant, by record and field, where they were changed after it; nothing without an
/// instant. The audit tells fields of records, not of their lines.
pub(super) fn before(
    reader: &dyn Reader,
    entity: &str,
    fields: &[&'static str],
    known_at: Option<i64>,
) -> Result<BTreeMap<(i64, &'static str), Value>, Fault> {
    let mut before = BTreeMap::new();
    let Some(known_at) = known_at else { return Ok(before) };
    let changed: Vec<String> = fields.iter().map(|field| format!("changes like '%\"{field}\":%'")).collect();
    let sql = CHANGES.replace("{changed}", &format!("({})", changed.join(" or ")));
    for row in reader.rows(&sql, &[entity.into(), known_at.into(), reader.context().company.into()])? {
        // The earliest change after the instant has the last word: what it took away is what was known.
        for field in fields {
            if let Some(value) = was(row.text(1), field) {
                before.insert((row.int(0), *field), value);
            }
        }
    }
    Ok(before)
}
