//! Between JSON and records. Unknown and protected fields are refused by name.

use kernel::{
    Country, Currency, Date, Instant, Label, NumberError, Param, ProblemKind, Refusal, format_decimal, id_parse,
    id_text, parse_decimal,
};
use serde_json::{Map, Value as Json};

use crate::{ChoiceMeta, ChoiceValue, EntityMeta, FieldKind, FieldMeta, Record, Registry, Value};

/// How many lines a document may have.
pub const LINES_MAX: usize = 2_000;

/// The currencies an amount may be in.
#[derive(Clone, Copy, Debug)]
pub struct Currencies {
    /// The company's.
    pub company: Currency,
    /// The owning document's, for lines.
    pub parent: Currency,
}

/// The currency of an amount field of a record.
pub fn currency_of(field: &FieldMeta, record: &Record, currencies: Currencies) -> Currency {
    match field.currency {
        "" | "company.currency" => currencies.company,
        "parent.currency" => currencies.parent,
        name => record.get(name).text().and_then(Currency::parse).unwrap_or(currencies.company),
    }
}

/// The currency a document is in; the company's where it says none.
fn own_currency(record: &Record, company: Currency) -> Currency {
    let said = record.meta.field("currency").and_then(|field| record.get(field.name).text());
    said.and_then(Currency::parse).unwrap_or(company)
}

fn refuse(code: &'static str, en: &'static str, zh: &'static str, field: &FieldMeta) -> Refusal {
    Refusal::new(code, Label::new(en, zh)).with("field", Param::Label(field.label)).field(field.name)
}

/// A field was named that there is not.
pub fn unknown(meta: &EntityMeta, name: &str) -> Refusal {
    Refusal::new(
        "unknown_field",
        Label::new(
            "{what} has no field “{name}”. Remove it or correct its name.",
            "{what}没有字段“{name}”，请删除或更正。",
        ),
    )
    .with("what", Param::Label(meta.label))
    .with("name", name.chars().take(60).collect::<String>())
    .field(name)
}

/// Reads one value. Text is accepted for every kind, so that files can be read too.
pub fn read_value(field: &FieldMeta, json: &Json, currency: Currency, registry: &Registry) -> Result<Value, Refusal> {
    let wrong = || wrong_type(field);
    let text = match json {
        Json::Null => return Ok(Value::Null),
        Json::String(text) => text.trim(),
        _ => "",
    };
    if json.is_string() && text.is_empty() {
        return Ok(Value::Null);
    }
    let decimal = |decimals: u32| -> Result<Value, Refusal> {
        let plain = match json {
            Json::Number(number) if number.is_i64() || number.is_u64() => number.to_string(),
            Json::Number(number) => number.to_string(),
            Json::String(_) => text.to_owned(),
            _ => return Err(wrong()),
        };
        parse_decimal(&plain, decimals).map(Value::Int).map_err(|why| match why {
            NumberError::TooManyDecimals => refuse(
                "too_many_decimals",
                "“{field}” takes at most {decimals} decimals. Round the number.",
                "“{field}”最多 {decimals} 位小数，请先舍入。",
                field,
            )
            .with("decimals", i64::from(decimals)),
            NumberError::TooLarge => refuse(
                "too_large",
                "“{field}” is too large. Enter a smaller number.",
                "“{field}”数值过大，请输入较小的数。",
                field,
            ),
            NumberError::NotANumber => refuse(
                "not_a_number",
                "“{field}” must be a plain number such as 1234.5.",
                "“{field}”必须是数字，如 1234.5。",
                field,
            ),
        })
    };
    match field.kind {
        FieldKind::Amount => decimal(currency.decimals()),
        FieldKind::Qty | FieldKind::Price | FieldKind::Rate => decimal(6),
        FieldKind::Int => match json {
            Json::Number(number) => number.as_i64().map(Value::Int).ok_or_else(wrong),
            Json::String(_) => text.parse().map(Value::Int).map_err(|_| wrong()),
            _ => Err(wrong()),
        },
        FieldKind::Bool => match json {
            Json::Bool(yes) => Ok(Value::from(*yes)),
            Json::String(_) => match text.to_lowercase().as_str() {
                "true" | "yes" | "1" | "y" | "是" => Ok(Value::Int(1)),
                "false" | "no" | "0" | "n" | "否" => Ok(Value::Int(0)),
                _ => Err(wrong()),
            },
            _ => Err(wrong()),
        },
        // The first day there is stands for none inside a document: typed, it is a slip of the keys.
        FieldKind::Date => match Date::parse(text).filter(|date| *date > Date::MIN) {
            Some(date) => Ok(Value::from(date)),
            None => Err(refuse(
                "not_a_date",
                "“{field}” must be a day such as 2026-01-31.",
                "“{field}”必须是日期，如 2026-01-31。",
                field,
            )),
        },
        FieldKind::Instant => Instant::parse(text).map(|at| Value::Int(at.micros())).ok_or_else(wrong),
        FieldKind::Currency => match Currency::parse(text).filter(|currency| currency.name().is_some()) {
            Some(currency) => Ok(Value::from(currency.code())),
            None => Err(refuse(
                "not_a_currency",
                "“{field}” must be a currency of ISO 4217, such as CNY, EUR or USD.",
                "“{field}”必须是 ISO 4217 货币代码，如 CNY、EUR 或 USD。",
                field,
            )),
        },
        FieldKind::Country if json.is_string() => match Country::find(text) {
            Some(country) => Ok(Value::from(country.code())),
            None => Err(not_a_country(field, text)),
        },
        FieldKind::Country => Err(wrong()),
        FieldKind::Choice(choice) => {
            let found = choice
                .values
                .iter()
                .find(|value| value.code == text || value.label.en == text || value.label.zh == text);
            match found {
                Some(value) => Ok(Value::from(value.code)),
                None => Err(not_a_choice(field, choice, text)),
            }
        }
        FieldKind::Ref(entity) => {
            let target = registry.entity(entity).expect("refs are checked by the registry");
            let id = match json {
                Json::Object(parts) => parts.get("id").and_then(Json::as_str).unwrap_or(""),
                _ => text,
            };
            match id_parse(target.prefix, id) {
                Some(raw) => Ok(Value::Int(raw)),
                None => Err(refuse(
                    "not_an_id",
                    "“{field}” ({what}) must be an id, such as {like}.",
                    "“{field}”必须是{what}的编号，如 {like}。",
                    field,
                )
                .with("what", Param::Label(target.label))
                .with("like", id_text(target.prefix, 1234))),
            }
        }
        FieldKind::Doc => {
            let id = match json {
                Json::Object(parts) => parts.get("id").and_then(Json::as_str).unwrap_or(""),
                _ => text,
            };
            match registry.doc(id) {
                Some((_, raw)) => Ok(Value::Int(raw)),
                None => Err(refuse(
                    "not_an_id",
                    "“{field}” must be the id of a record, such as pa_1234.",
                    "“{field}”必须是记录编号，如 pa_1234。",
                    field,
                )),
            }
        }
        FieldKind::Json => {
            let plain = json.to_string();
            if plain.len() > field.max { Err(too_long(field)) } else { Ok(Value::Text(plain)) }
        }
        FieldKind::Id | FieldKind::Owned(_) => Err(wrong()),
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Email
        | FieldKind::Phone
        | FieldKind::Url
        | FieldKind::Barcode => {
            if !json.is_string() {
                return Err(wrong());
            }
            read_text(field, text)
        }
    }
}

/// The value is of another kind than the field.
fn wrong_type(field: &FieldMeta) -> Refusal {
    let (en, zh) = match field.kind {
        FieldKind::Bool => ("“{field}” must be true or false.", "“{field}”只能是“是”或“否”（true / false）。"),
        FieldKind::Int => ("“{field}” must be a whole number such as 12.", "“{field}”必须是整数，如 12。"),
        FieldKind::Amount | FieldKind::Qty | FieldKind::Price | FieldKind::Rate => {
            ("“{field}” must be a plain number such as 1234.5.", "“{field}”必须是数字，如 1234.5。")
        }
        FieldKind::Instant => (
            "“{field}” must be a moment such as 2026-01-31T08:00:00Z.",
            "“{field}”必须是时刻，如 2026-01-31T08:00:00Z。",
        ),
        FieldKind::Owned(_) => ("“{field}” must be a list of lines.", "“{field}”必须是明细行的列表。"),
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Email
        | FieldKind::Phone
        | FieldKind::Url
        | FieldKind::Barcode
        | FieldKind::Country => ("“{field}” must be a text in quotation marks.", "“{field}”必须是带引号的文本。"),
        _ => (
            "“{field}” cannot hold this value. See the field's kind and format.",
            "“{field}”不能填写该值，请检查其类型和格式。",
        ),
    };
    refuse("wrong_type", en, zh, field)
}

/// How many values of a choice a refusal names.
const CHOICES_TOLD: usize = 12;

/// The values that may be meant: those whose code or name has what was written in it, else the first ones.
fn not_a_choice(field: &FieldMeta, choice: &ChoiceMeta, text: &str) -> Refusal {
    let written = text.to_lowercase();
    let has = |value: &&ChoiceValue| {
        let names = [value.code, value.label.en, value.label.zh];
        choice.values.len() > CHOICES_TOLD && names.iter().any(|name| name.to_lowercase().contains(&written))
    };
    let mut codes: Vec<&str> = choice.values.iter().filter(has).map(|value| value.code).collect();
    if codes.is_empty() {
        codes = choice.values.iter().map(|value| value.code).collect();
    }
    codes.truncate(CHOICES_TOLD);
    let all = codes.len() == choice.values.len();
    let (en, zh) = if all {
        ("“{field}” must be one of: {codes}.", "“{field}”只能是：{codes}。")
    } else {
        (
            "“{field}” must be one of its {count} values, such as: {codes}.",
            "“{field}”只能是 {count} 个可选值之一，如：{codes}。",
        )
    };
    refuse("not_a_choice", en, zh, field).with("codes", codes.join(", ")).with("count", choice.values.len() as i64)
}

/// How many countries are proposed where none is called so.
const NEAR_COUNTRIES: usize = 3;

fn not_a_country(field: &FieldMeta, text: &str) -> Refusal {
    let said: String = text.chars().take(60).collect();
    let near = Country::near(&said, NEAR_COUNTRIES);
    let near: Vec<String> =
        near.iter().map(|country| format!("{} {} {}", country.code(), country.name.en, country.name.zh)).collect();
    let refusal = match near.is_empty() {
        true => refuse(
            "not_a_country",
            "“{field}”: no country is called “{text}”. Write its name in English or Chinese, or its two-letter code, such as CN.",
            "“{field}”：没有名为“{text}”的国家或地区。请填写其中文或英文名称，或两位字母代码，如 CN。",
            field,
        ),
        false => refuse(
            "not_a_country",
            "“{field}”: no country is called “{text}”. Did you mean: {near}? Correct the name, or write the two letters.",
            "“{field}”：没有名为“{text}”的国家或地区。是否为：{near}？请更正名称，或填写两位字母代码。",
            field,
        )
        .with("near", near.join(", ")),
    };
    refusal.with("text", said)
}

fn too_long(field: &FieldMeta) -> Refusal {
    refuse(
        "too_long",
        "“{field}” is longer than {max} characters. Shorten it.",
        "“{field}”超过 {max} 个字符，请缩短。",
        field,
    )
    .with("max", field.max as i64)
}

fn read_text(field: &FieldMeta, text: &str) -> Result<Value, Refusal> {
    if text.chars().count() > field.max {
        return Err(too_long(field));
    }
    let long = matches!(field.kind, FieldKind::LongText);
    if text.chars().any(|letter| letter.is_control() && !(long && matches!(letter, '\n' | '\r' | '\t'))) {
        return Err(refuse(
            "control_character",
            "“{field}” holds an invisible control character. Type the text again.",
            "“{field}”含有不可见的控制字符，请重新输入。",
            field,
        ));
    }
    let fits = match field.kind {
        FieldKind::Email => {
            let parts: Vec<&str> = text.split('@').collect();
            parts.len() == 2 && !parts[0].is_empty() && parts[1].contains('.') && !text.contains(char::is_whitespace)
        }
        FieldKind::Url => text.starts_with("https://") || text.starts_with("http://"),
        // An extension is told by a word of either language.
        FieldKind::Phone => text.chars().all(|letter| letter.is_ascii_digit() || "+-() ./#ext转".contains(letter)),
        _ => true,
    };
    if fits {
        return Ok(Value::from(text));
    }
    let (en, zh) = match field.kind {
        FieldKind::Email => (
            "“{field}” is no address of mail. Write it like name@example.com.",
            "“{field}”不是邮箱地址，请按 name@example.com 的格式填写。",
        ),
        FieldKind::Url => {
            ("“{field}” is no address of the web. Begin it with https://.", "“{field}”不是网址，请以 https:// 开头。")
        }
        _ => (
            "“{field}” is no telephone number. Write digits, with +, -, spaces and brackets.",
            "“{field}”不是电话号码，请只填数字以及 +、-、空格和括号。",
        ),
    };
    Err(refuse("wrong_format", en, zh, field))
}

/// Reads the fields that a body names into a record; the others stay.
///
/// All problems are told at once; whatever could be read is in the record also then. `trusted` lets
/// readonly fields through: for tests, for restoring an export and for our own follow-up documents.
pub fn read(
    body: &Map<String, Json>,
    record: &mut Record,
    currencies: Currencies,
    registry: &Registry,
    trusted: bool,
) -> Result<(), Refusal> {
    let meta = record.meta;
    let mut problems = Vec::new();
    for name in body.keys() {
        if meta.field(name).is_none() && !matches!(name.as_str(), "version" | "external_id") {
            problems.push(unknown(meta, name));
        }
    }
    if let Some(external) = body.get("external_id") {
        match external {
            Json::Null => record.external_id = None,
            Json::String(text) if text.chars().count() <= 200 && !text.chars().any(char::is_control) => {
                record.external_id = Some(text.clone());
            }
            _ => problems.push(
                Refusal::new(
                    "external_id",
                    Label::new(
                        "The external id must be text of at most 200 characters, without control characters.",
                        "外部编号须为不超过 200 个字符的文本，且不含控制字符。",
                    ),
                )
                .field("external_id"),
            ),
        }
    }
    // The currencies first: amounts are read in them.
    let is_currency = |field: &&FieldMeta| matches!(field.kind, FieldKind::Currency);
    let says_one = meta.fields.iter().filter(is_currency).any(|field| body.contains_key(field.name));
    let mut before = says_one.then(|| record.clone());
    let order = meta.fields.iter().filter(is_currency).chain(meta.fields.iter().filter(|field| !is_currency(field)));
    for field in order {
        if let Some(before) = before.take_if(|_| !is_currency(&field)) {
            carry(record, &before, body, currencies, registry, &mut problems);
        }
        let Some(json) = body.get(field.name) else { continue };
        let index = meta.index(field.name);
        if field.computed || field.name == "id" {
            continue;
        }
        if field.readonly && !trusted {
            // Whoever sends back what stands there changes nothing.
            let currency = currency_of(field, record, currencies);
            if read_value(field, json, currency, registry).is_ok_and(|said| said == *record.at(index)) {
                continue;
            }
            problems.push(
                refuse(
                    "readonly_field",
                    "“{field}” cannot be set. Leave it out.",
                    "“{field}”不能直接修改，请去掉。",
                    field,
                )
                .kind(ProblemKind::Invalid),
            );
            continue;
        }
        if let FieldKind::Owned(line) = field.kind {
            let inner = Currencies { company: currencies.company, parent: own_currency(record, currencies.company) };
            match read_lines(field, line(), json, record.owned_at(index), inner, registry, trusted) {
                Ok((lines, wrong)) => {
                    *record.owned_at_mut(index) = lines;
                    problems.extend(wrong);
                }
                Err(refusal) => problems.push(refusal),
            }
            continue;
        }
        let currency = currency_of(field, record, currencies);
        match read_value(field, json, currency, registry) {
            Ok(Value::Int(rate)) if rate <= 0 && is_exchange_rate(meta, field) => problems.push(refuse(
                "no_rate",
                "“{field}” must be above zero. Leave it empty for the rate of the day.",
                "“{field}”必须大于零；留空则取当日汇率。",
                field,
            )),
            // What is not said is filled; what is said to be none is not. The zero becomes null again with the first save.
            Ok(Value::Null) if field.may_be_none && record.id == 0 => record.put(index, Value::Int(0)),
            Ok(value) => {
                if matches!(field.kind, FieldKind::Doc) {
                    name_entity(record, field, json, registry);
                }
                record.put(index, value);
            }
            Err(refusal) => problems.push(refusal),
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
}

/// Another currency, of other decimals: what was typed before stays the number it was, so that 100.00 CNY become
/// 100 JPY. What the new currency cannot say is a problem of its field.
fn carry(
    record: &mut Record,
    before: &Record,
    body: &Map<String, Json>,
    currencies: Currencies,
    registry: &Registry,
    problems: &mut Vec<Refusal>,
) {
    let typed = |field: &&FieldMeta| matches!(field.kind, FieldKind::Amount) && !field.computed && !field.readonly;
    for field in record.meta.fields.iter().filter(typed).filter(|field| !body.contains_key(field.name)) {
        let (old, new) = (currency_of(field, before, currencies), currency_of(field, record, currencies));
        let Value::Int(raw) = *record.get(field.name) else { continue };
        if old.decimals() == new.decimals() || raw == 0 {
            continue;
        }
        match read_value(field, &number_in(raw, old), new, registry) {
            Ok(value) => record.put(record.meta.index(field.name), value),
            Err(refusal) => problems.push(refusal),
        }
    }
    let (old, new) = (own_currency(before, currencies.company), own_currency(record, currencies.company));
    if old.decimals() == new.decimals() {
        return;
    }
    for (index, line) in record.meta.owned_fields_meta() {
        for field in line.fields.iter().filter(typed).filter(|field| field.currency == "parent.currency") {
            for one in record.owned_at_mut(index).iter_mut() {
                let Value::Int(raw) = *one.get(field.name) else { continue };
                // Told anew where it cannot be said.
                let value = read_value(field, &number_in(raw, old), new, registry).unwrap_or(Value::Null);
                one.put(line.index(field.name), value);
            }
        }
    }
}

/// The number an amount is written as in its currency.
fn number_in(raw: i64, currency: Currency) -> Json {
    Json::String(format_decimal(raw, currency.decimals(), false))
}

/// Writes, beside the id of any record, what it is a record of.
fn name_entity(record: &mut Record, field: &FieldMeta, json: &Json, registry: &Registry) {
    let text = json["id"].as_str().or(json.as_str()).unwrap_or("").trim();
    let beside = beside(field.name);
    if let Some(at) = record.meta.fields.iter().position(|other| other.name == beside) {
        record.put(at, registry.doc(text).map_or(Value::Null, |(meta, _)| Value::from(meta.name)));
    }
}

/// The field that says of which entity the record is that a field of kind `doc` names: `about_entity` of
/// `about_doc`, `doc_entity` of `doc_id`. Where the entity has no such field, a line of some document is named.
pub fn beside(doc: &str) -> String {
    format!("{}_entity", doc.trim_end_matches("_id").trim_end_matches("_doc"))
}

/// Of which entity the record is that a field of kind `doc` names, where that stands beside it.
pub fn entity_beside<'a>(record: &'a Record, field: &FieldMeta) -> Option<&'a str> {
    let beside = beside(field.name);
    record.meta.field(&beside).and_then(|_| record.get(&beside).text())
}

/// Whether it is the rate a document in a foreign currency is kept at.
fn is_exchange_rate(meta: &EntityMeta, field: &FieldMeta) -> bool {
    field.name == "rate" && matches!(field.kind, FieldKind::Rate) && meta.field("rate_of").is_some()
}

/// The lines, each as far as it could be read, and what is wrong with them.
fn read_lines(
    field: &FieldMeta,
    meta: &'static EntityMeta,
    json: &Json,
    old: &[Record],
    currencies: Currencies,
    registry: &Registry,
    trusted: bool,
) -> Result<(Vec<Record>, Vec<Refusal>), Refusal> {
    let Json::Array(items) = json else {
        return Err(refuse("not_a_list", "“{field}” must be a list of lines.", "“{field}”必须是明细行列表。", field));
    };
    if items.len() > LINES_MAX {
        return Err(refuse(
            "too_many_lines",
            "“{field}” has more than {max} lines. Split the document.",
            "“{field}”超过 {max} 行，请拆分单据。",
            field,
        )
        .with("max", LINES_MAX as i64));
    }
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    for (row, item) in items.iter().enumerate() {
        let Json::Object(body) = item else {
            problems.push(refuse("not_a_line", "A line must be an object.", "明细行必须是对象。", field).row(row));
            // It keeps its place: what is wrong with those after it is told of theirs.
            lines.push(Record::empty(meta));
            continue;
        };
        let id = body.get("id").and_then(Json::as_str);
        let mut line = match id {
            None => Record::empty(meta),
            Some(text) => match old.iter().find(|line| id_parse(meta.prefix, text) == Some(line.id)) {
                Some(line) => line.clone(),
                None => {
                    problems.push(
                        refuse(
                            "no_such_line",
                            "Line {line} does not belong to this document. Leave the id out to add a new line.",
                            "第 {line} 行不属于本单据。新增行请不要填写编号。",
                            field,
                        )
                        .with("line", row as i64 + 1)
                        .row(row),
                    );
                    lines.push(Record::empty(meta));
                    continue;
                }
            },
        };
        if let Err(refusal) = read(body, &mut line, currencies, registry, trusted) {
            problems.push(within(refusal, field.name, row));
        }
        lines.push(line);
    }
    Ok((lines, problems))
}

/// Says in which line of which field the problems lie.
pub fn within(mut refusal: Refusal, field: &str, row: usize) -> Refusal {
    for problem in &mut refusal.problems {
        let inner = problem.field.take().unwrap_or_default();
        problem.field = Some(if inner.is_empty() { field.to_owned() } else { format!("{field}.{inner}") });
        problem.row = Some(row);
    }
    refusal
}

/// What writing needs to know.
pub struct Writer<'a> {
    /// All entities, for their prefixes.
    pub registry: &'a Registry,
    /// The company's currency, or of another company by the record's.
    pub currencies: Currencies,
    /// Labels of referred records.
    pub labels: &'a dyn Fn(&str, i64) -> Option<String>,
    /// Of which entity a record is of which only the id is known: a line, a document at the end of a path.
    pub docs: &'a dyn Fn(i64) -> Option<&'static str>,
    /// Fields that may be seen.
    pub visible: &'a dyn Fn(&EntityMeta, &FieldMeta) -> bool,
}

impl Writer<'_> {
    /// One value.
    pub fn value(&self, kind: FieldKind, value: &Value, currency: Currency) -> Json {
        match (kind, value) {
            (FieldKind::Bool, Value::Null) => Json::Bool(false),
            (_, Value::Null) => Json::Null,
            // Said to be none, and not completed yet.
            (FieldKind::Ref(_), Value::Int(0)) => Json::Null,
            (FieldKind::Amount, Value::Int(raw)) => Json::String(format_decimal(*raw, currency.decimals(), false)),
            (FieldKind::Qty | FieldKind::Price | FieldKind::Rate, Value::Int(raw)) => {
                Json::String(format_decimal(*raw, 6, true))
            }
            (FieldKind::Bool, Value::Int(raw)) => Json::Bool(*raw != 0),
            (FieldKind::Instant, Value::Int(raw)) => Json::String(Instant::from_micros(*raw).to_string()),
            (FieldKind::Ref(entity), Value::Int(raw)) => self.reference(entity, *raw),
            (FieldKind::Doc, Value::Int(raw)) => self.doc((self.docs)(*raw).unwrap_or(""), *raw),
            (FieldKind::Json, Value::Text(text)) => serde_json::from_str(text).unwrap_or(Json::Null),
            (_, Value::Int(raw)) => Json::from(*raw),
            (_, Value::Text(text)) => Json::String(text.clone()),
        }
    }

    /// A reference with its label.
    pub fn reference(&self, entity: &str, raw: i64) -> Json {
        let prefix = self.registry.entity(entity).map_or("", |meta| meta.prefix);
        let mut parts = Map::new();
        parts.insert("id".into(), Json::String(if raw > 0 { id_text(prefix, raw) } else { String::new() }));
        parts.insert("label".into(), (self.labels)(entity, raw).map_or(Json::Null, Json::String));
        Json::Object(parts)
    }

    /// A reference to any record, with the entity it is of.
    fn doc(&self, entity: &str, raw: i64) -> Json {
        if self.registry.entity(entity).is_none() {
            return Json::Null;
        }
        let mut told = self.reference(entity, raw);
        told["entity"] = Json::from(entity);
        told
    }

    /// A record with its lines.
    pub fn record(&self, record: &Record) -> Json {
        self.inner(record, self.currencies)
    }

    fn inner(&self, record: &Record, currencies: Currencies) -> Json {
        let mut map = Map::new();
        if record.id > 0 {
            map.insert("id".into(), Json::String(id_text(record.meta.prefix, record.id)));
            if record.meta.parent.is_none() {
                map.insert("version".into(), Json::from(record.version));
            }
        }
        if let Some(external) = &record.external_id {
            map.insert("external_id".into(), Json::String(external.clone()));
        }
        for (index, field) in record.meta.fields.iter().enumerate() {
            if field.name == "id" || !(self.visible)(record.meta, field) {
                continue;
            }
            if let FieldKind::Owned(_) = field.kind {
                let own =
                    record.meta.field("currency").and_then(|f| record.get(f.name).text().and_then(Currency::parse));
                let inner = Currencies { parent: own.unwrap_or(currencies.company), ..currencies };
                let lines = record.owned_at(index).iter().map(|line| self.inner(line, inner)).collect();
                map.insert(field.name.into(), Json::Array(lines));
                continue;
            }
            if let (FieldKind::Doc, Value::Int(raw)) = (field.kind, record.at(index)) {
                let told = match entity_beside(record, field) {
                    Some(entity) => self.doc(entity, *raw),
                    None => self.value(field.kind, record.at(index), currencies.company),
                };
                map.insert(field.name.into(), told);
                continue;
            }
            let currency = currency_of(field, record, currencies);
            map.insert(field.name.into(), self.value(field.kind, record.at(index), currency));
        }
        Json::Object(map)
    }
}
