//! ISO 20022 camt.053, the statement at the end of a day, in all its versions.

use kernel::{Amount, Currency, Date, Label};

use super::scalar::{ACCOUNT, AMOUNT, DAY, account, amount, currency, unreadable, words};
use super::xml::{self, Node};
use super::{Balance, Line, NotRead, Statement};

/// The statements of a message.
pub(super) fn read(text: &str) -> Result<Vec<Statement>, NotRead> {
    let root = xml::tree(text)?;
    let message = root.at("Document").and_then(|document| document.children.first()).ok_or(NotRead::NoFormat)?;
    if message.name != "BkToCstmrStmt" {
        return Err(NotRead::OtherMessage { text: message.name.chars().take(40).collect() });
    }
    message.all("Stmt").map(statement).collect()
}

fn statement(one: &Node) -> Result<Statement, NotRead> {
    let number = one.text("Acct/Id/IBAN");
    let number = if number.is_empty() { one.text("Acct/Id/Othr/Id") } else { number };
    if number.is_empty() {
        return Err(NotRead::Missing { line: one.line, what: ACCOUNT });
    }
    // The account may leave its currency to its balances.
    let told = one
        .at("Acct/Ccy")
        .map_or_else(|| one.at("Bal/Amt").map_or("", |amount| amount.currency.as_str()), |node| node.text.as_str());
    let money = currency(told, one.line)?;
    let mut balances = Vec::new();
    for balance in one.all("Bal") {
        let code = balance.text("Tp/CdOrPrtry/Cd");
        if matches!(code, "OPBD" | "PRCD" | "CLBD" | "ITBD") {
            let on = day(balance, "Dt")?;
            balances.push((code, Balance { on, amount: signed(balance, money)? }));
        }
    }
    let of = |codes: &[&str]| {
        codes.iter().find_map(|wanted| balances.iter().find(|(code, _)| code == wanted)).map(|(_, one)| *one)
    };
    // A page in the middle begins or ends with a balance in between: the first and the last of them.
    let between: Vec<Balance> = balances.iter().filter(|(code, _)| *code == "ITBD").map(|(_, one)| *one).collect();
    let (opening, closing) = (of(&["OPBD", "PRCD"]), of(&["CLBD"]));
    let mut lines = Vec::new();
    for entry in one.all("Ntry") {
        // What is pending is told again when it is booked.
        let status = entry.at("Sts").map_or("", |status| match status.children.first() {
            Some(code) => code.text.trim(),
            None => status.text.trim(),
        });
        if matches!(status, "BOOK" | "") {
            booking(entry, money, &mut lines)?;
        }
    }
    Ok(Statement {
        account: account(number),
        bank: one.text("Acct/Svcr/FinInstnId/BICFI|BIC").to_owned(),
        number: one.text("Id").to_owned(),
        currency: money,
        opening: opening.or(between.first().copied()),
        closing: closing.or(if opening.is_some() || between.len() > 1 { between.last().copied() } else { None }),
        opening_is_implied: false,
        lines,
    })
}

/// The amount of an element by its direction.
fn signed(of: &Node, money: Currency) -> Result<Amount, NotRead> {
    let size = size(of, "Amt", money)?;
    match of.text("CdtDbtInd") {
        "CRDT" => Ok(size),
        "DBIT" => Ok(-size),
        "" => Err(NotRead::Missing { line: of.line, what: DIRECTION }),
        other => Err(unreadable(of.line, DIRECTION, other)),
    }
}

fn size(of: &Node, path: &str, money: Currency) -> Result<Amount, NotRead> {
    let line = of.line;
    let node = of.at(path).ok_or(NotRead::Missing { line, what: AMOUNT })?;
    let is = currency(&node.currency, node.line)?;
    if is != money {
        return Err(NotRead::currency(node.line, is, money));
    }
    // The decimals stand behind a point; a sign has no place here.
    let text = node.text.trim();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    amount(text, '.', money).filter(|_| plain).ok_or_else(|| unreadable(node.line, AMOUNT, text))
}

/// A day that is written as such, or as a moment.
fn day(of: &Node, path: &str) -> Result<Date, NotRead> {
    let line = of.line;
    let node = of.at(path).ok_or(NotRead::Missing { line, what: DAY })?;
    let text = if node.text("Dt").is_empty() { node.text("DtTm") } else { node.text("Dt") };
    // The day at the bank: a moment carries it before its time.
    text.get(..10).and_then(Date::parse).ok_or_else(|| unreadable(node.line, DAY, text))
}

fn booking(entry: &Node, money: Currency, lines: &mut Vec<Line>) -> Result<(), NotRead> {
    let whole = signed(entry, money)?;
    let value = entry.at("ValDt").is_some().then(|| day(entry, "ValDt")).transpose()?;
    let booked = entry.at("BookgDt").is_some().then(|| day(entry, "BookgDt")).transpose()?;
    let booked_on = booked.or(value).ok_or(NotRead::Missing { line: entry.line, what: DAY })?;
    let blank = Line {
        kind: kind(entry),
        bank_id: known(entry.text("AcctSvcrRef")).to_owned(),
        ..Line::new(booked_on, value.unwrap_or(booked_on), whole)
    };
    let details: Vec<&Node> = entry.all("NtryDtls").flat_map(|one| one.all("TxDtls")).collect();
    let parts: Option<Vec<Amount>> = details.iter().map(|one| part(one, whole, money)).collect();
    let parts = parts.filter(|parts| {
        let sum = parts.iter().try_fold(Amount::ZERO, |sum, part| sum.checked_add(*part));
        1 < parts.len() && sum == Some(whole)
    });
    let (extra, batch) = (entry.text("AddtlNtryInf"), entry.text("NtryDtls/Btch/MsgId"));
    match (parts, details.as_slice()) {
        // A batch is opened where its parts add up to it: each payer is a line of its own.
        (Some(parts), _) => {
            for (at, (one, part)) in details.iter().zip(parts).enumerate() {
                let mut line = Line { amount: part, ..blank.clone() };
                if !line.bank_id.is_empty() {
                    line.bank_id = format!("{}/{}", line.bank_id, at + 1);
                }
                detail(&mut line, one, part);
                lines.push(line);
            }
        }
        (None, [one]) => {
            let mut line = blank;
            detail(&mut line, one, whole);
            if line.narrative.is_empty() {
                line.narrative = words(extra);
            }
            lines.push(line);
        }
        (None, several) => {
            let mut line = blank;
            let said = several.iter().map(|one| remittance(one)).collect::<Vec<_>>().join(" ");
            line.narrative = words(if said.trim().is_empty() { extra } else { &said });
            line.reference = known(if batch.is_empty() { entry.text("NtryRef") } else { batch }).to_owned();
            lines.push(line);
        }
    }
    Ok(())
}

/// What one transaction of an entry comes to; `None` where that is not told in the money of the account.
fn part(one: &Node, whole: Amount, money: Currency) -> Option<Amount> {
    let path = if one.at("Amt").is_some() { "Amt" } else { "AmtDtls/TxAmt/Amt" };
    let size = size(one, path, money).ok()?;
    let is_out = match one.text("CdtDbtInd") {
        "" => whole.is_negative(),
        told => told == "DBIT",
    };
    Some(if is_out { -size } else { size })
}

const DIRECTION: Label = Label::new("credit or debit", "借贷标志");

/// Banks write something where they know nothing.
fn known(text: &str) -> &str {
    if matches!(text, "NOTPROVIDED" | "NONREF" | "NOT PROVIDED") { "" } else { text }
}

fn kind(entry: &Node) -> String {
    let parts = ["BkTxCd/Domn/Cd", "BkTxCd/Domn/Fmly/Cd", "BkTxCd/Domn/Fmly/SubFmlyCd"].map(|path| entry.text(path));
    match parts[0] {
        "" => entry.text("BkTxCd/Prtry/Cd").to_owned(),
        _ => parts.join("/"),
    }
}

fn remittance(one: &Node) -> String {
    let free = one.at("RmtInf").into_iter().flat_map(|info| info.all("Ustrd")).map(|node| node.text.trim());
    let structured = one
        .at("RmtInf")
        .into_iter()
        .flat_map(|info| info.all("Strd"))
        .flat_map(|info| ["CdtrRefInf/Ref", "RfrdDocInf/Nb", "AddtlRmtInf"].map(|path| info.text(path)));
    words(&free.chain(structured).collect::<Vec<_>>().join(" "))
}

/// What a transaction says of a line: the other side, references, words.
fn detail(line: &mut Line, one: &Node, amount: Amount) {
    line.end_to_end = known(one.text("Refs/EndToEndId")).to_owned();
    let named =
        ["RmtInf/Strd/CdtrRefInf/Ref", "Refs/ChqNb", "Refs/InstrId", "Refs/TxId"].map(|path| known(one.text(path)));
    line.reference = named.into_iter().find(|text| !text.is_empty()).unwrap_or("").to_owned();
    // The other side owed what came in, and is owed what went out; what came back stands the other way round.
    let sides = if amount.is_negative() { ["Cdtr", "Dbtr"] } else { ["Dbtr", "Cdtr"] };
    for side in sides {
        let name = one.text(&format!("RltdPties/{side}/Nm"));
        let name = if name.is_empty() { one.text(&format!("RltdPties/{side}/Pty/Nm")) } else { name };
        let iban = one.text(&format!("RltdPties/{side}Acct/Id/IBAN"));
        let iban = if iban.is_empty() { one.text(&format!("RltdPties/{side}Acct/Id/Othr/Id")) } else { iban };
        if !name.is_empty() || !iban.is_empty() {
            (line.party_name, line.party_account) = (words(name), account(iban));
            line.party_bank = one.text(&format!("RltdAgts/{side}Agt/FinInstnId/BICFI|BIC")).to_owned();
            break;
        }
    }
    line.narrative = remittance(one);
    if line.narrative.is_empty() {
        line.narrative = words(one.text("AddtlTxInf"));
    }
}
