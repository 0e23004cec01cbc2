//! What a letter says of who wrote it and to whom: names, addresses and numbers, as they are at one
//! moment. A document keeps them from the moment it leaves the house, so that a later copy is a copy.

use books::PartyId;
use meta::{Fault, Reader, Row, Value};
use serde_json::{Map, Value as Json};

use crate::legal_entity;

const OF_PARTY: [&str; 6] = ["name", "tax_number", "country", "phone", "email", "language"];
const OF_ADDRESS: [&str; 8] = ["kind", "region", "city", "district", "line", "postcode", "country", "is_default"];
const OF_COMPANY: [&str; 10] =
    ["name", "tax_number", "country", "region", "city", "district", "address", "phone", "email", "bank_details"];

/// The letterhead of a document of the company to a party, as JSON text:
///
/// - `company`: who writes;
/// - `party`: to whom, with the addresses for invoices and for goods as `addresses`;
/// - `legal`: the legal entity the party belongs to, where that is another.
///
/// The nearest number of a tax office counts, from the party upwards, and so does an address of the wanted
/// kind; goods go to where the party itself is, an invoice may go to the head office.
pub fn of(party: PartyId, reader: &dyn Reader) -> Result<Option<String>, Fault> {
    with_note(party, Default::default(), reader)
}

/// The same, with what is said of the taxes as `tax_note`, in English and Chinese.
pub fn with_note(party: PartyId, note: [String; 2], reader: &dyn Reader) -> Result<Option<String>, Fault> {
    let company = reader.steady_rows(
        &format!("select {} from company where id = ?1", OF_COMPANY.join(", ")),
        &[reader.context().company.into()],
    )?;
    let columns = OF_PARTY.iter().map(|name| format!("p.{name}"));
    let columns: Vec<String> = columns.chain(OF_ADDRESS.iter().map(|name| format!("a.{name}"))).collect();
    // One row an address, from the party to its legal entity; one without for those who have none.
    let rows = reader.rows(&with_addresses(&columns.join(", ")), &[party.raw().into()])?;
    let (Some(company), Some(own), Some(top)) = (company.first(), rows.first(), rows.last()) else { return Ok(None) };
    let mut told = texts(own, 0, &OF_PARTY);
    if let Some(number) = rows.iter().map(|row| row.text(1)).find(|number| !number.is_empty()) {
        told.insert("tax_number".to_owned(), number.into());
    }
    let addresses = ["invoice", "delivery"].iter().filter_map(|kind| address(kind, &rows));
    told.insert("addresses".to_owned(), addresses.collect());
    let mut letterhead = Map::new();
    letterhead.insert("company".to_owned(), texts(company, 0, &OF_COMPANY).into());
    letterhead.insert("party".to_owned(), told.into());
    if own.int(LEVEL) != top.int(LEVEL) {
        letterhead.insert("legal".to_owned(), texts(top, 0, &OF_PARTY).into());
    }
    if let [en, zh] = note
        && !(en.is_empty() && zh.is_empty())
    {
        letterhead.insert("tax_note".to_owned(), serde_json::json!({ "en": en, "zh": zh }));
    }
    Ok(Some(Json::from(letterhead).to_string()))
}

const LEVEL: usize = OF_PARTY.len() + OF_ADDRESS.len();

fn with_addresses(columns: &str) -> String {
    let joined = format!(
        "{columns}, up.level
         from up
         join party p on p.id = up.id
         left join party_address a on a.parent = p.id
         order by up.level, a.position"
    );
    legal_entity::chain("?1", &joined)
}

/// The columns that say something, by their names.
fn texts(row: &Row, from: usize, names: &[&str]) -> Map<String, Json> {
    let said = names.iter().enumerate().map(|(at, name)| (name, row.text(from + at)));
    said.filter(|(_, text)| !text.is_empty()).map(|(name, text)| ((*name).to_owned(), text.into())).collect()
}

/// The address for a purpose.
fn address(kind: &str, rows: &[Row]) -> Option<Json> {
    let at = OF_PARTY.len();
    let mut known = rows.iter().filter(|row| !row.text(at).is_empty());
    let own_level = rows.first()?.int(LEVEL);
    let is_kind = |row: &&Row| row.text(at) == kind;
    let is_usual = |row: &&Row| row.maybe_int(LEVEL - 1) == Some(1);
    let elsewhere = |row: &&Row| kind == "invoice" || row.int(LEVEL) == own_level;
    let found = known.clone().find(|row| is_kind(row) && elsewhere(row));
    let found = found.or_else(|| known.clone().find(is_usual)).or_else(|| known.next())?;
    let mut told = texts(found, at, &OF_ADDRESS[..OF_ADDRESS.len() - 1]);
    told.insert("kind".to_owned(), kind.into());
    Some(told.into())
}

/// SQL for the country of the address goods for a party go to, given as SQL: of its own addresses the one for goods, or
/// else the usual one. Null where it has none.
pub fn country_of_goods(party: &str) -> String {
    format!(
        "(select a.country from party_address a
          where a.parent = {party}.id
          order by case a.kind when 'delivery' then 0 else 1 end, a.is_default desc, a.position
          limit 1)"
    )
}

/// The letterhead as a value to be set on a document.
pub fn set(letterhead: Option<String>) -> Option<(&'static str, Value)> {
    letterhead.map(|text| ("letterhead", text.into()))
}
