//! Our accounts at banks, and the way a file of the bank comes in.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{AccountId, AttachmentId, CompanyId};
use kernel::{Amount, Currency, Date, Id, Refusal};
use meta::{Document, Effects, Entity, NO_CURRENCY, NewDoc, Reader, Trouble, Value, Want};

use crate::bank_statement;
use crate::formats::table::heading;
use crate::formats::{Column, NotRead};
use crate::incoming::{self, Incoming};

/// An account of ours at a bank. Hang a file of the bank on it, then have the statement read.
/// 本公司在银行开立的账户。先将银行文件作为附件上传，再读取对账单。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "bk",
    kind = "master",
    zh = "银行账户",
    title = "name",
    list = "name,account_number,bank,currency,ledger_account,active",
    sort = "name",
    actions = "Action",
    index = "company,account_number"
)]
pub struct BankAccount {
    pub id: Id<BankAccount>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "名称", search)]
    pub name: String,
    /// The IBAN, or the number as the bank writes it.
    /// 账号，或国际银行账号（IBAN）。
    #[field(zh = "账号", label = "IBAN or number", search, max = 50)]
    pub account_number: String,
    #[field(zh = "开户行", search, optional)]
    pub bank: String,
    #[field(zh = "币种", group)]
    pub currency: Currency,
    /// Where the money of this account stands in the ledger: an account for bank or cash, and for no other bank account.
    /// 对应的会计科目：用途须为银行或现金，且不与其他银行账户共用。
    #[field(zh = "会计科目", label = "Ledger account", only = r#"["used_for","in",["bank","cash"]]"#)]
    pub ledger_account: AccountId,
    /// Only where the bank heads the columns of its tables in its own way: a line for each, such as “Posted = booked_on”.
    /// Usual headings in Chinese, English and German are known. What a column may hold: booked_on, value_on, amount,
    /// money_in, money_out, direction, balance, currency, party_name, party_account, party_bank, reference, end_to_end,
    /// narrative, bank_id, kind.
    /// 仅当银行表格的列标题不常见时填写，每行一个，如“记账日=booked_on”。常见的中文、英文、德文标题可自动识别。
    /// 可用：booked_on 记账日、value_on 起息日、amount 金额、money_in 收入、money_out 支出、direction 借贷标志、balance 余额、
    /// currency 币种、party_name 对方户名、party_account 对方账号、party_bank 对方行名、reference 凭证号、end_to_end 端到端标识、
    /// narrative 摘要、bank_id 银行流水号、kind 交易类型。
    #[field(zh = "表格列标题", label = "Columns of tables", long, optional, max = 2000)]
    pub table_columns: String,
    #[field(zh = "启用", default = "true")]
    pub active: bool,
}

/// What may be done with a bank account.
#[derive(meta::Action, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Reads the statements of a file that hangs on this account: MT940, CAMT.053, OFX, or a table (CSV). What was read before is left out.
    /// 读取本账户附件中的对账单：MT940、CAMT.053、OFX 或表格（CSV）。已读取过的交易自动跳过。
    #[action(zh = "读取对账单", label = "Read statement", primary)]
    ReadStatement {
        /// The file of the bank, hung on this account.
        /// 本账户附件中的银行文件。
        #[field(zh = "文件", only = r#"["about_entity","=","bank_account"]"#, along = "about_doc=id")]
        file: AttachmentId,
        /// Tick it when days before this statement are missing on purpose.
        /// 确认此前缺少的期间无需补录时勾选。
        #[field(zh = "确认期间不连续", label = "A gap is meant")]
        gap_meant: bool,
    },
}

/// Why a bank account, or a file of it, is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, meta::Refusal)]
pub enum NotAnAccount {
    /// The account must be one for bank or cash. Choose one from the list, or set “used for” of this one.
    /// 科目用途须为银行或现金，请从列表选择，或修改该科目的“用途”。
    #[refusal(kind = "Invalid", field = "ledger_account")]
    NotMoney,
    /// The bank account {other} uses this ledger account already. Choose another: their balances could not be told apart.
    /// 该会计科目已用于银行账户{other}，请另选，否则余额无法区分。
    #[refusal(kind = "Conflict", field = "ledger_account")]
    LedgerTaken {
        /// Which one does.
        other: String,
    },
    /// The bank account {other} has this number already. Correct the number.
    /// 银行账户{other}已使用该账号，请更正。
    #[refusal(kind = "Conflict", field = "account_number")]
    NumberTaken {
        /// Which one has.
        other: String,
    },
    /// This is not a valid IBAN: its check digits do not fit. Correct the slip.
    /// IBAN 校验位不符，请更正。
    #[refusal(kind = "Invalid", field = "account_number")]
    BadIban,
    /// Line {line} of the columns must be “heading = field”, with one of the fields listed. Correct it.
    /// 列标题第 {line} 行须写成“标题=字段”，字段须为所列之一，请更正。
    #[refusal(kind = "Invalid", field = "table_columns")]
    BadColumn {
        /// Which line.
        line: i64,
    },
    /// Statements of this account were read already, so its number and currency stay. Make another bank account.
    /// 该账户已有对账单，账号和币种不可更改，请另建银行账户。
    #[refusal(kind = "Conflict", field = "account_number")]
    InUse,
    /// The bank account is not in use any more. Tick “active” first.
    /// 该银行账户已停用，请先启用。
    #[refusal(kind = "NotNow")]
    NotActive,
    /// The file hangs on another record. Hang it on this bank account first.
    /// 该文件不是本银行账户的附件，请先上传到本账户。
    #[refusal(kind = "Invalid", field = "file")]
    OtherFile,
    /// The file tells of the account {is}, not of {wanted}. Choose the bank account it belongs to, or another file.
    /// 文件中的账号为 {is}，不是 {wanted}。请选择对应的银行账户或其他文件。
    #[refusal(kind = "Conflict", field = "file")]
    OtherAccount {
        /// What stands in the file.
        is: String,
        /// What was expected.
        wanted: String,
    },
    /// The statement is in {is}, the bank account in {wanted}. Choose the bank account of that currency.
    /// 对账单币种为 {is}，而银行账户币种为 {wanted}。请选择该币种的银行账户。
    #[refusal(kind = "Conflict", field = "file")]
    OtherMoney {
        /// What stands in the file.
        is: String,
        /// What was expected.
        wanted: String,
    },
    /// All bookings of this file were read already. Nothing is to be done.
    /// 该文件的全部交易均已读取，无需重复操作。
    #[refusal(kind = "Conflict", field = "file")]
    AlreadyRead,
    /// Statement {statement} should begin with {wanted}, where the one before ended on {on}, but begins with {is}. Read the statements in between first, or tick “A gap is meant”.
    /// 对账单 {statement} 的期初应为上一份（截至 {on}）的期末 {wanted}，实际为 {is}。请先读取中间的对账单，或勾选“确认期间不连续”。
    #[refusal(kind = "Conflict", field = "gap_meant")]
    Gap {
        /// Its number, or its last day.
        statement: String,
        /// When the one before ended.
        on: Date,
        /// With how much.
        wanted: (Amount, Currency),
        /// With how much this one begins.
        is: (Amount, Currency),
    },
    /// A statement may have {most} bookings. Download a shorter period.
    /// 一份对账单最多 {most} 笔交易，请下载较短的期间。
    #[refusal(kind = "TooMuch", field = "file")]
    TooLong {
        /// How many are accepted.
        most: i64,
    },
}

/// What saving an account and reading a file needs to know.
#[derive(Clone, Debug)]
pub struct Facts {
    pub(crate) is_money: bool,
    /// The currency of the ledger account, or of the company.
    pub(crate) currency: Currency,
    /// Who uses the ledger account already.
    pub(crate) ledger_taken: Option<String>,
    /// Who has the number already.
    pub(crate) number_taken: Option<String>,
    /// Whether statements of it were read.
    pub(crate) is_used: bool,
    /// What the file brings.
    pub(crate) incoming: Option<Result<Vec<Incoming>, Refusal>>,
}

/// A number without spaces, in capitals.
pub(crate) fn plain(number: &str) -> String {
    number.split_whitespace().collect::<String>().to_uppercase()
}

/// Whether a number looks like an IBAN, and whether its check digits fit: the rest by 97 of it,
/// with letters as numbers from 10 and the first four signs behind the others, is 1.
fn is_bad_iban(number: &str) -> bool {
    let bytes = number.as_bytes();
    let looks_like_one = (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric);
    if !looks_like_one {
        return false;
    }
    let signs = bytes[4..].iter().chain(&bytes[..4]);
    let rest = signs.fold(0u32, |rest, sign| match sign {
        b'0'..=b'9' => (rest * 10 + u32::from(sign - b'0')) % 97,
        _ => (rest * 100 + u32::from(sign.to_ascii_uppercase() - b'A') + 10) % 97,
    });
    rest != 1
}

/// The columns a bank heads in its own way.
pub(crate) fn own_columns(text: &str) -> Result<Vec<(String, Column)>, NotAnAccount> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = lines.map(|(at, line)| {
        let (head, name) = line.rsplit_once(['=', '＝']).ok_or(NotAnAccount::BadColumn { line: at as i64 + 1 })?;
        let column = Column::parse(name.trim()).filter(|_| !head.trim().is_empty());
        column.map(|column| (heading(head), column)).ok_or(NotAnAccount::BadColumn { line: at as i64 + 1 })
    });
    read.collect()
}

impl Document for BankAccount {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let context = reader.context();
        let account = reader
            .steady_rows("select used_for, currency from account where id = ?1", &[doc.ledger_account.raw().into()])?;
        let currency = account.first().and_then(|row| Currency::parse(row.text(1)));
        let other = |column: &str, value: Value| -> Result<Option<String>, Trouble> {
            let sql = format!("select name from bank_account where company = ?1 and {column} = ?2 and id <> ?3");
            let rows = reader.rows(&sql, &[context.company.into(), value, doc.id.raw().into()])?;
            Ok(rows.first().map(|row| row.text(0).to_owned()))
        };
        let used = reader.rows(
            "select 1 from bank_statement where company = ?1 and bank_account = ?2 and stage = 'read' limit 1",
            &[context.company.into(), doc.id.raw().into()],
        )?;
        Ok(Facts {
            is_money: account.first().is_some_and(|row| matches!(row.text(0), "bank" | "cash")),
            currency: currency.unwrap_or(context.currency),
            ledger_taken: other("ledger_account", doc.ledger_account.raw().into())?,
            number_taken: other("account_number", plain(&doc.account_number).into())?,
            is_used: !used.is_empty(),
            incoming: match want {
                Want::Act(Action::ReadStatement { file, gap_meant }) => {
                    Some(incoming::of(doc, *file, *gap_meant, reader)?)
                }
                Want::Typing | Want::Save(_) => None,
            },
        })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        doc.account_number = plain(&doc.account_number);
        if doc.currency == NO_CURRENCY {
            doc.currency = facts.currency;
        }
        own_columns(&doc.table_columns)?;
        if is_bad_iban(&doc.account_number) {
            return Err(NotAnAccount::BadIban.into());
        }
        if let Some(other) = facts.number_taken.clone().filter(|_| !doc.account_number.is_empty()) {
            return Err(NotAnAccount::NumberTaken { other }.into());
        }
        if doc.ledger_account.raw() != 0 && !facts.is_money {
            return Err(NotAnAccount::NotMoney.into());
        }
        if let Some(other) = facts.ledger_taken.clone().filter(|_| doc.ledger_account.raw() != 0) {
            return Err(NotAnAccount::LedgerTaken { other }.into());
        }
        Ok(())
    }

    fn check_change(old: &Self, new: &Self, facts: &Facts) -> Result<(), Refusal> {
        let same = (&old.account_number, old.currency) == (&new.account_number, new.currency);
        if same || !facts.is_used { Ok(()) } else { Err(NotAnAccount::InUse.into()) }
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        Self::ready(doc, action)?;
        let Action::ReadStatement { file, .. } = *action;
        let brought = facts.incoming.clone().unwrap_or(Ok(Vec::new()))?;
        let create = brought.iter().map(|one| {
            let record = bank_statement::of(doc, file, one).to_record();
            NewDoc { record, then: None }
        });
        Ok(("", Effects { create: create.collect(), ..Effects::none() }))
    }

    fn ready(doc: &Self, _: &Action) -> Result<(), Refusal> {
        if doc.active { Ok(()) } else { Err(NotAnAccount::NotActive.into()) }
    }
}

impl From<NotRead> for Trouble {
    fn from(why: NotRead) -> Trouble {
        Refusal::from(why).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iban_is_checked_by_its_digits_and_other_numbers_are_left_alone() {
        for good in ["DE89370400440532013000", "NL26VAYB8060476890", "GB82WEST12345698765432"] {
            assert!(!is_bad_iban(good), "{good}");
        }
        assert!(is_bad_iban("DE89370400440532013001"));
        for other in ["6222021234567890123", "10020030/1234567", "DE89", ""] {
            assert!(!is_bad_iban(other), "{other}");
        }
    }

    #[test]
    fn own_headings_are_read_line_by_line() {
        let read = own_columns("Posted = booked_on\n\n记账日（元）＝amount").unwrap();
        assert_eq!(read, [("posted".to_owned(), Column::Booked), ("记账日".to_owned(), Column::Amount)]);
        assert_eq!(own_columns("a=booked_on\nb=colour"), Err(NotAnAccount::BadColumn { line: 2 }));
        assert_eq!(own_columns("booked_on"), Err(NotAnAccount::BadColumn { line: 1 }));
    }
}
