//! Files of a bank on their way in.

use engine::{Actor, Upload};

use meta::Trouble;
use serde_json::{Value as Json, json};

use super::{World, raw, text};

/// A bank account on the ledger's bank account, by its number.
pub fn account(world: &World, number: &str, more: Json) -> String {
    let mut body = json!({ "name": "Giro", "account_number": number, "ledger_account": world.bank, "currency": "EUR" });
    super::merge(&mut body, more);
    world.desk.create("bank_account", body).unwrap()
}

/// Hangs a file on a bank account.
pub fn file(world: &World, actor: &Actor, account: &str, bytes: &[u8]) -> Result<String, Trouble> {
    let upload = Upload { name: "statement.txt".to_owned(), bytes: bytes.to_vec(), note: None };
    let id = raw(&world.engine, "bank_account", account);
    world.engine.attach(actor, "bank_account", id, upload, None).map(|told| text(&told["record"]["id"]))
}

/// Whoever keeps the books: files have somebody who brought them.
pub fn clerk(world: &World) -> Actor {
    world.actor("clerk", "accountant")
}

/// Has a file read; gives the statements that were made.
pub fn read(world: &World, account: &str, bytes: &[u8]) -> Result<Vec<Json>, Trouble> {
    let file = file(world, &clerk(world), account, bytes)?;
    read_again(world, account, json!({ "file": file }))
}

/// Has a file read that hangs on the account.
pub fn read_again(world: &World, account: &str, args: Json) -> Result<Vec<Json>, Trouble> {
    let before = statements(world, account);
    world.try_act(&clerk(world), "bank_account", account, "read_statement", args)?;
    let made = statements(world, account).into_iter().filter(|id| !before.contains(id));
    Ok(made.map(|id| world.get("bank_statement", &id)).collect())
}

/// All statements of an account, in the order they were read.
pub fn statements(world: &World, account: &str) -> Vec<String> {
    let id = raw(&world.engine, "bank_account", account);
    let sql = "select id from bank_statement where bank_account = ?1 order by id";
    let rows = world.engine.database().read(|conn| Ok(conn.query(sql, &[id.into()])?)).unwrap();
    rows.iter().map(|row| kernel::id_text("bs", row.int(0))).collect()
}
