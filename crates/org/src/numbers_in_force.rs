//! How every kind of document is numbered at present, whether somebody chose it or it is usual.

use kernel::Label;
use meta::report::column;
use meta::{Cell, EntityMeta, FieldKind, NumberPattern, Opens, Reader, ReportMeta, Row, Table, Trouble, Value};

/// Which patterns are in force, and which number comes next.
pub static NUMBERS_IN_FORCE: ReportMeta = ReportMeta {
    name: "numbers_in_force",
    label: Label::new("Numbers in force", "生效的编号"),
    help: Label::new(
        "How every document is numbered at present, and the next number of today. Make a number series where another form is wanted.",
        "各类单据当前的编号格式及今天的下一个编号。如需其他形式，请新建编号规则。",
    ),
    params: &[],
    run,
};

/// A series as somebody chose it.
struct Chosen<'a>(&'a Row);

impl Chosen<'_> {
    fn is_of(&self, entity: &str, kind: &str) -> bool {
        self.0.text(1) == entity && self.0.text(2) == kind
    }
}

fn run(_: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let company = Value::Int(reader.context().company);
    let own = std::slice::from_ref(&company);
    let chosen = reader.rows(
        "select n.id, n.entity, n.kind, n.pattern, n.in_order from number_series n
         where n.company = ?1 and {rows number_series n} order by n.entity, n.kind",
        own,
    )?;
    let code = reader.rows("select c.code from company c where c.id = ?1 and {rows company c}", own)?;
    let counters = reader.rows("select entity, year, next from number_counter where company = ?1", own)?;
    let force = Force {
        chosen: chosen.iter().map(Chosen).collect(),
        code: code.first().map_or("", |row| row.text(0)),
        counters: &counters,
    };
    let mut table = Table::new(vec![
        column("document", FieldKind::Text, Label::new("Document", "单据")),
        column("kind", FieldKind::Text, Label::new("Kind", "种类")),
        column("pattern", FieldKind::Text, Label::new("Pattern", "格式")),
        column("next", FieldKind::Text, Label::new("Next number of today", "今天的下一个编号")),
        column("from", FieldKind::Text, Label::new("Where it comes from", "来源")),
    ]);
    let mut numbered: Vec<_> = reader.entities().into_iter().filter(|meta| !meta.number.is_empty()).collect();
    numbered.sort_by_key(|meta| meta.name);
    for meta in numbered {
        force.line(meta, "", None, reader, &mut table)?;
        for kind in meta.numbered_kinds() {
            if force.chosen.iter().any(|row| row.is_of(meta.name, kind.code)) {
                force.line(meta, kind.code, Some(kind.label), reader, &mut table)?;
            }
        }
    }
    Ok(table)
}

/// What is in force in a company.
struct Force<'a> {
    chosen: Vec<Chosen<'a>>,
    code: &'a str,
    counters: &'a [Row],
}

impl Force<'_> {
    /// Tells how one kind of a document is numbered.
    fn line(
        &self,
        meta: &EntityMeta,
        kind: &str,
        called: Option<Label>,
        reader: &dyn Reader,
        table: &mut Table,
    ) -> Result<(), Trouble> {
        let chosen = self.chosen.iter().find(|row| row.is_of(meta.name, kind));
        let text = chosen.map_or(meta.number, |row| row.0.text(3));
        let (pattern, today) = (NumberPattern(text), reader.context().today);
        let counted = if kind.is_empty() { meta.name.to_owned() } else { format!("{}:{kind}", meta.name) };
        let is_it = |row: &&Row| row.text(0) == counted && row.int(1) == pattern.period(today);
        let next = self.counters.iter().find(is_it).map_or(1, |row| row.int(2));
        let from = match chosen {
            Some(row) if row.0.int(4) != 0 => Label::new("Number series, dates in order", "编号规则，日期须按顺序"),
            Some(_) => Label::new("Number series", "编号规则"),
            None => Label::new("Usual form", "默认形式"),
        };
        let cells = vec![
            Cell::Label(meta.label),
            called.map_or(Cell::Empty, Cell::Label),
            text.into(),
            pattern.write(today, self.code, next).into(),
            Cell::Label(from),
        ];
        let row = table.push(cells)?;
        row.opens = chosen.map(|row| Opens::Record("number_series".to_owned(), row.0.int(0)));
        row.level = usize::from(!kind.is_empty());
        Ok(())
    }
}
