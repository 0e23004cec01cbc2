//! Aged receivables.

use std::collections::BTreeMap;

use kernel::{Date, Label};
use meta::{Cell, FieldKind, FieldMeta, Opens, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

use super::{AS_OF, KNOWN_AT, column, day};

static PARAMS: &[FieldMeta] = &[AS_OF, KNOWN_AT];

/// Who owes us, and since when.
///
/// Counts what was open on the chosen day; later payments are ignored, so last year's
/// list can be printed again.
pub static AGED_RECEIVABLES: ReportMeta = ReportMeta {
    name: "aged_receivables",
    label: Label::new("Aged receivables", "应收账龄"),
    help: Label::new(
        "Who owes us, and since when: what was open on the day, by how long it is overdue.",
        "某日各客户的未收款及逾期时间。",
    ),
    params: PARAMS,
    run,
};

const ITEMS: &str = "
    select o.party, o.due_on, o.doc_entity, o.doc_id, o.amount + coalesce(sum(c.amount), 0)
    from open_item o
    join account a on a.id = o.account
    left join clearing c on c.item = o.id and c.cleared_on <= ?2 and c.recorded_at <= ?3
    where o.company = ?1 and a.used_for = 'receivable' and o.posted_on <= ?2 and o.recorded_at <= ?3
      and (?4 = 0 or o.open_amount <> 0)
    group by o.id, o.party, o.due_on, o.doc_entity, o.doc_id, o.amount
    having o.amount + coalesce(sum(c.amount), 0) <> 0
    order by o.party, o.due_on, o.id";

/// Days overdue at which a column ends.
const BUCKETS: [i32; 4] = [0, 30, 60, 90];

fn bucket(due_on: Date, as_of: Date) -> usize {
    let overdue = as_of.days_since(due_on);
    BUCKETS.iter().position(|end| overdue <= *end).unwrap_or(BUCKETS.len())
}

fn run(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let context = reader.context();
    let as_of = day(AGED_RECEIVABLES.param(values, "as_of"));
    let known_at = AGED_RECEIVABLES.param(values, "known_at").int();
    // For today, only what is still open can be open; for another day all items are looked at.
    let only_open = i64::from(as_of >= context.today && known_at.is_none());
    let rows = reader
        .rows(ITEMS, &[context.company.into(), as_of.into(), known_at.unwrap_or(i64::MAX).into(), only_open.into()])?;
    let mut table = Table::new(vec![
        column("party", FieldKind::Ref("party"), Label::new("Customer", "客户")),
        column("not_due", FieldKind::Amount, Label::new("Not due", "未到期")),
        column("to_30", FieldKind::Amount, Label::new("1–30 days", "逾期 1–30 天")),
        column("to_60", FieldKind::Amount, Label::new("31–60 days", "逾期 31–60 天")),
        column("to_90", FieldKind::Amount, Label::new("61–90 days", "逾期 61–90 天")),
        column("over_90", FieldKind::Amount, Label::new("Over 90 days", "逾期 90 天以上")),
        column("total", FieldKind::Amount, Label::new("Total", "合计")),
    ]);
    let mut parties: BTreeMap<i64, [i64; 5]> = BTreeMap::new();
    for row in &rows {
        let due_on = row.date(1).unwrap_or(as_of);
        parties.entry(row.int(0)).or_default()[bucket(due_on, as_of)] += row.int(4);
    }
    let mut all = [0i64; 5];
    for (party, sums) in parties {
        let party_id = kernel::id_text("pa", party.max(1));
        let mut cells = vec![Cell::from(party)];
        cells.extend(sums.map(Cell::from));
        cells.push(Cell::from(sums.iter().sum::<i64>()));
        let filter = format!(r#"["and",["party","=","{party_id}"],["open_amount","!=","0"]]"#);
        table.push(cells)?.opens = Some(Opens::List("open_item", filter));
        for (whole, part) in all.iter_mut().zip(sums) {
            *whole += part;
        }
    }
    let mut cells = vec![Cell::Label(Label::new("Total", "合计"))];
    cells.extend(all.map(Cell::from));
    cells.push(Cell::from(all.iter().sum::<i64>()));
    table.push(cells)?.style = RowStyle::Total;
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_late_is_overdue_and_thirty_days_still_the_first_column() {
        let as_of = Date::new(2026, 3, 31).unwrap();
        assert_eq!(bucket(as_of, as_of), 0);
        assert_eq!(bucket(as_of.add_days(-1), as_of), 1);
        assert_eq!(bucket(as_of.add_days(-30), as_of), 1);
        assert_eq!(bucket(as_of.add_days(-31), as_of), 2);
        assert_eq!(bucket(as_of.add_days(-91), as_of), 4);
    }
}
