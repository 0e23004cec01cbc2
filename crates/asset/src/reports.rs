//! Registers: what there is, what came and went, and what is planned.

use kernel::{Amount, Date, Label};
use meta::report::{AS_OF, FROM, KNOWN_AT, column, day, param};
use meta::{Cell, Choice, FieldKind, FieldMeta, FieldType, Opens, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

use crate::asset::{Asset, AssetBook, Book, Stage};

/// All reports of this room.
pub fn all() -> Vec<&'static ReportMeta> {
    vec![&ASSET_REGISTER, &ASSET_MOVEMENTS, &DEPRECIATION_PLAN]
}

/// How many months a plan shows.
const MONTHS_MAX: usize = 1_300;

const BOOK: FieldMeta =
    param("book", FieldKind::Choice(<Book as Choice>::META), Label::new("Book", "账簿"), "accounting");

/// A column of money.
fn money(name: &'static str, label: Label) -> meta::Column {
    column(name, FieldKind::Amount, label)
}

fn book(value: &Value) -> String {
    value.text().unwrap_or("accounting").to_owned()
}

/// What there is on a day, by category.
pub static ASSET_REGISTER: ReportMeta = ReportMeta {
    name: "asset_register",
    label: Label::new("Asset register", "固定资产清册"),
    help: Label::new(
        "What every asset cost, what is depreciated of it and what it is worth on a day, by category and in one of its books.",
        "按类别列示某日各项资产的原值、累计折旧与账面净值，可选账簿。",
    ),
    params: &[AS_OF, KNOWN_AT, BOOK],
    run: register,
};

// What each asset is worth now in each category, less what was moved or written down since: ?1 the company, ?2 the
// book, ?3 the day, ?4 the instant. It costs what came since and not what ever was (law: an asset's books are its moves).
macro_rules! worth {
    () => {
        "select a.category, a.id as asset, b.cost, b.accumulated
           from asset_book b join asset a on a.id = b.parent
           where a.company = ?1 and b.book = ?2 and (b.cost <> 0 or b.accumulated <> 0)
         union all
         select category, asset, -cost, -accumulated from asset_move
           where company = ?1 and book = ?2 and moved_on > ?3
         union all
         select category, asset, -cost, -accumulated from asset_move
           where company = ?1 and book || '' = ?2 and recorded_at > ?4 and moved_on || '' <= ?3"
    };
}

const REGISTER: &str = concat!(
    "select c.id, c.name, a.id, a.number, a.name, sum(w.cost), sum(w.accumulated) from (",
    worth!(),
    ") w
    join asset a on a.id = w.asset
    join asset_category c on c.id = w.category
    where {rows asset a}
    group by c.id, c.name, a.id, a.number, a.name
    having sum(w.cost) <> 0 or sum(w.accumulated) <> 0
    order by c.name, c.id, a.number, a.id"
);

fn register(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let report = &ASSET_REGISTER;
    let (on, known_at) = (day(report.param(values, "as_of")), report.param(values, "known_at").int());
    let args = [
        reader.context().company.into(),
        book(report.param(values, "book")).as_str().into(),
        on.into(),
        known_at.unwrap_or(i64::MAX).into(),
    ];
    let rows = reader.rows(REGISTER, &args)?;
    let mut table = Table::new(vec![
        meta::Column { name: "asset", kind: FieldKind::Ref("asset"), label: Label::new("Asset", "资产") },
        money("cost", Label::new("Cost", "原值")),
        money("accumulated", Label::new("Accumulated depreciation", "累计折旧")),
        money("net", Label::new("Net value", "账面净值")),
    ]);
    let sums = |rows: &[meta::Row]| rows.iter().fold((0, 0), |sum, row| (sum.0 + row.int(5), sum.1 + row.int(6)));
    let cells = |head: Cell, (cost, accumulated): (i64, i64)| {
        vec![head, Cell::from(cost), Cell::from(accumulated), Cell::from(cost - accumulated)]
    };
    for group in rows.chunk_by(|one, next| one.int(0) == next.int(0)) {
        let label = group[0].text(1).to_owned();
        let head = Cell::Ref { entity: "asset_category", id: group[0].int(0), label };
        table.push(cells(head, sums(group)))?.style = RowStyle::Head;
        for row in group {
            let label = format!("{} {}", row.text(3), row.text(4));
            let asset = Cell::Ref { entity: "asset", id: row.int(2), label };
            let line = table.push(cells(asset, (row.int(5), row.int(6))))?;
            line.level = 1;
            line.opens = Some(Opens::Record("asset".to_owned(), row.int(2)));
        }
    }
    table.push(cells(Cell::Label(Label::new("Total", "合计")), sums(&rows)))?.style = RowStyle::Total;
    Ok(table)
}

/// What came and went, by category.
pub static ASSET_MOVEMENTS: ReportMeta = ReportMeta {
    name: "asset_movements",
    label: Label::new("Asset movements", "固定资产变动表"),
    help: Label::new(
        "What the assets of every category cost at the beginning, what came and went, and the same of depreciation. The closing figures are those of the ledger.",
        "按类别列示原值与累计折旧的期初、增加、减少与期末，期末与总账一致。",
    ),
    params: &[FROM, AS_OF, KNOWN_AT, BOOK],
    run: movements,
};

// Closing is what there is on the day, opening is that less what came in the period: ?5 its first day.
const MOVEMENTS: &str = concat!(
    "select c.id, c.name,
      sum(w.cost) - sum(w.added) - sum(w.changed) - sum(w.disposed),
      sum(w.added), sum(w.changed), sum(w.disposed), sum(w.cost),
      sum(w.accumulated) - sum(w.charged) - sum(w.other) - sum(w.released),
      sum(w.charged), sum(w.other), sum(w.released), sum(w.accumulated)
    from (
      select k.category, k.asset, k.cost, k.accumulated,
        0 as added, 0 as changed, 0 as disposed, 0 as charged, 0 as other, 0 as released
      from (",
    worth!(),
    ") k
      union all
      select category, asset, 0, 0,
        case when kind in ('addition', 'taken_over') then cost else 0 end,
        case when kind in ('revaluation', 'transfer', 'depreciation') then cost else 0 end,
        case when kind = 'disposal' then cost else 0 end,
        case when kind = 'depreciation' then accumulated else 0 end,
        case when kind in ('addition', 'taken_over', 'revaluation', 'transfer') then accumulated else 0 end,
        case when kind = 'disposal' then accumulated else 0 end
      from asset_move
      where company = ?1 and book = ?2 and moved_on >= ?5 and moved_on <= ?3 and recorded_at <= ?4
    ) w
    join asset a on a.id = w.asset
    join asset_category c on c.id = w.category
    where {rows asset a}
    group by c.id, c.name
    having sum(abs(w.cost)) + sum(abs(w.accumulated)) + sum(abs(w.added)) + sum(abs(w.changed)) + sum(abs(w.disposed))
         + sum(abs(w.charged)) + sum(abs(w.other)) + sum(abs(w.released)) <> 0
    order by c.name, c.id"
);

fn movements(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let report = &ASSET_MOVEMENTS;
    let to = day(report.param(values, "as_of"));
    let from = day(report.param(values, "from")).min(to);
    let book = book(report.param(values, "book"));
    let args = [
        reader.context().company.into(),
        book.as_str().into(),
        to.into(),
        report.param(values, "known_at").int().unwrap_or(i64::MAX).into(),
        from.into(),
    ];
    let rows = reader.rows(MOVEMENTS, &args)?;
    let mut table = Table::new(vec![
        meta::Column {
            name: "category",
            kind: FieldKind::Ref("asset_category"),
            label: Label::new("Category", "类别"),
        },
        money("opening_cost", Label::new("Opening cost", "期初原值")),
        money("additions", Label::new("Additions", "本期增加")),
        money("changed", Label::new("Revalued, transferred", "重估与调拨")),
        money("disposals", Label::new("Disposals", "本期处置")),
        money("closing_cost", Label::new("Closing cost", "期末原值")),
        money("opening_accumulated", Label::new("Opening depreciation", "期初累计折旧")),
        money("charged", Label::new("Charged", "本期计提")),
        money("other", Label::new("Taken over, revalued, transferred", "接管、重估与调拨折旧")),
        money("released", Label::new("Of disposals", "处置转出折旧")),
        money("closing_accumulated", Label::new("Closing depreciation", "期末累计折旧")),
        money("net", Label::new("Net value", "期末净值")),
    ]);
    let figures = |row: &meta::Row| -> Vec<i64> {
        let mut all: Vec<i64> = (2..12).map(|at| row.int(at)).collect();
        all.push(row.int(6) - row.int(11));
        all
    };
    let mut total = vec![0i64; 11];
    for row in &rows {
        let figures = figures(row);
        total.iter_mut().zip(&figures).for_each(|(sum, part)| *sum += part);
        let mut cells = vec![Cell::Ref { entity: "asset_category", id: row.int(0), label: row.text(1).to_owned() }];
        cells.extend(figures.into_iter().map(Cell::from));
        let category = kernel::id_text("fc", row.int(0));
        table.push(cells)?.opens = Some(Opens::List(
            "asset_move",
            format!(
                r#"["and",["category","=","{category}"],["book","=","{book}"],["moved_on",">=","{from}"],["moved_on","<=","{to}"]]"#
            ),
        ));
    }
    let mut cells = vec![Cell::Label(Label::new("Total", "合计"))];
    cells.extend(total.into_iter().map(Cell::from));
    table.push(cells)?.style = RowStyle::Total;
    Ok(table)
}

/// What will be charged of an asset.
pub static DEPRECIATION_PLAN: ReportMeta = ReportMeta {
    name: "depreciation_plan",
    label: Label::new("Depreciation plan", "折旧计划"),
    help: Label::new(
        "What an asset is charged each year and month until its life is over, as its books stand today. Units of production and the manual method have no plan.",
        "按当前账簿条件列示资产各年、各月的折旧直至期满；工作量法与手工法没有计划。",
    ),
    params: &[param("asset", FieldKind::Ref("asset"), Label::new("Asset", "资产"), ""), BOOK],
    run: plan,
};

fn plan(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let report = &DEPRECIATION_PLAN;
    let mut table = Table::new(vec![
        meta::Column { name: "month", kind: FieldKind::Text, label: Label::new("Month", "期间") },
        money("charge", Label::new("Depreciation", "折旧额")),
        money("accumulated", Label::new("Accumulated depreciation", "累计折旧")),
        money("net", Label::new("Net value", "账面净值")),
    ]);
    let Some(id) = report.param(values, "asset").int() else {
        return unplanned(table, Label::new("Choose an asset.", "请选择资产。"));
    };
    // The rows the reader may see are joined here; the asset itself is read only then.
    let seen = reader.rows(
        "select a.id from asset a where a.company = ?1 and a.id = ?2 and {rows asset a}",
        &[reader.context().company.into(), id.into()],
    )?;
    if seen.is_empty() {
        return unplanned(table, Label::new("There is no such asset. Choose another.", "没有该资产，请重新选择。"));
    }
    let asset: Asset = meta::need(reader, kernel::Id::new(id), "asset")?;
    let wanted = Book::from_value(report.param(values, "book"))?;
    let Some(book) = asset.books.iter().find(|one| one.book == wanted) else {
        return unplanned(table, Label::new("It has no such book. Choose another.", "该资产没有此账簿，请另选。"));
    };
    let book = as_if_in_use(&asset, book);
    if !book.terms().is_planned() {
        return unplanned(
            table,
            Label::new("This method has no plan: it follows what is typed.", "该方法按填写的数据计提，没有计划。"),
        );
    }
    fill(&mut table, &book)?;
    Ok(table)
}

/// A plan of nothing says why.
fn unplanned(mut table: Table, why: Label) -> Result<Table, Trouble> {
    table.notes.push(why);
    let total = vec![Cell::Label(Label::new("Total", "合计")), Cell::from(0i64), Cell::Empty, Cell::Empty];
    table.push(total)?.style = RowStyle::Total;
    Ok(table)
}

/// A draft is planned as it would be taken into use.
fn as_if_in_use(asset: &Asset, book: &AssetBook) -> AssetBook {
    let mut book = book.clone();
    if asset.stage == Stage::Draft {
        (book.cost, book.accumulated) = (asset.cost, asset.already_depreciated);
        book.base_net = asset.cost - asset.already_depreciated;
        let from =
            asset.taken_over_on.map_or(asset.in_service_on, |on| crate::schedule::start_anew(book.convention(), on));
        book.base_day = i64::from(from.days());
    }
    book
}

/// A row for each year with its months below.
fn fill(table: &mut Table, book: &AssetBook) -> Result<(), Trouble> {
    let terms = book.terms();
    let before = book.cost - terms.net;
    let row = |head: String, charge: Amount, on: Date| {
        let accumulated = before + terms.due(on);
        vec![
            Cell::from(head),
            Cell::from(charge.raw()),
            Cell::from(accumulated.raw()),
            Cell::from((book.cost - accumulated).raw()),
        ]
    };
    let (mut month, ends_on) = (terms.start.end_of_month(), terms.ends_on());
    let mut year = 0;
    for _ in 0..MONTHS_MAX {
        if ends_on < month {
            break;
        }
        let charge = terms.of_month(month);
        if charge.is_zero() && month < ends_on {
            month = month.add_days(1).end_of_month();
            continue;
        }
        if year != month.year() {
            year = month.year();
            let end = Date::new(year, 12, 31).unwrap_or(month);
            let charged = terms.due(end) - terms.due(Date::new(year - 1, 12, 31).unwrap_or(month));
            table.push(row(year.to_string(), charged, end))?.style = RowStyle::Head;
        }
        table.push(row(month.to_string()[..7].to_owned(), charge, month))?.level = 1;
        month = month.add_days(1).end_of_month();
    }
    let mut total = vec![Cell::Label(Label::new("Total", "合计")), Cell::from(terms.depreciable().raw())];
    total.extend([Cell::Empty, Cell::Empty]);
    table.push(total)?.style = RowStyle::Total;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_report_is_named_in_both_languages_and_asks_for_a_book() {
        for report in all() {
            assert!(!report.label.zh.is_empty() && !report.help.zh.is_empty(), "{report:?}");
            assert!(report.params.iter().any(|param| param.name == "book"), "{report:?}");
        }
    }
}
