//! Why a file of a bank is not read.

use kernel::{Amount, Currency, Label};

/// Why a file of a bank is not read. Lines are counted from 1, as an editor shows them.
#[derive(Clone, Debug, PartialEq, Eq, meta::Refusal)]
pub enum NotRead {
    /// This is neither MT940, CAMT.053 nor OFX. Choose one of them at your bank, or say which columns of the table are what.
    /// 文件不是 MT940、CAMT.053 或 OFX。请在银行选择其中一种格式下载，或为表格指定各列含义。
    #[refusal(kind = "Invalid", field = "file")]
    NoFormat,
    /// The file is not text in an encoding we know. Download it from the bank again, or save a workbook as CSV (UTF-8).
    /// 无法识别文件的文字编码。请从银行重新下载；工作簿请另存为 CSV（UTF-8）。
    #[refusal(kind = "Invalid", field = "file")]
    NotText,
    /// The file holds no statement. Download one with a period that has bookings.
    /// 文件中没有对账单。请下载有交易的期间。
    #[refusal(kind = "Invalid", field = "file")]
    NoStatement,
    /// The file has more than {most} MB. Download a shorter period.
    /// 文件超过 {most} MB，请下载较短的期间。
    #[refusal(kind = "TooMuch", field = "file")]
    TooLong {
        /// How many are accepted.
        most: i64,
    },
    /// The file has more than {most} bookings. Download a shorter period.
    /// 文件超过 {most} 笔交易，请下载较短的期间。
    #[refusal(kind = "TooMuch", field = "file")]
    TooManyLines {
        /// How many are accepted.
        most: i64,
    },
    /// Line {line}: {what} is missing. The file may be cut off: download it again.
    /// 第 {line} 行：缺少{what}。文件可能不完整，请重新下载。
    #[refusal(kind = "Invalid", field = "file")]
    Missing {
        /// Where.
        line: i64,
        /// What should stand there.
        what: Label,
    },
    /// Line {line}: {what} cannot be read: “{text}”. Download the file again, or send it to us as it is.
    /// 第 {line} 行：无法识别{what}“{text}”。请重新下载文件，或将原文件发给我们。
    #[refusal(kind = "Invalid", field = "file")]
    Unreadable {
        /// Where.
        line: i64,
        /// What should stand there.
        what: Label,
        /// What stands there.
        text: String,
    },
    /// Line {line}: the amount is in {is}, the account in {wanted}. Download the statement of this account only.
    /// 第 {line} 行：金额币种为 {is}，而账户币种为 {wanted}。请仅下载该账户的对账单。
    #[refusal(kind = "Invalid", field = "file")]
    OtherCurrency {
        /// Where.
        line: i64,
        /// What stands there.
        is: String,
        /// That of the account.
        wanted: String,
    },
    /// Line {line}: the file is not well formed there. Download it from the bank again, without opening it in between.
    /// 第 {line} 行：文件结构有误。请从银行重新下载，期间不要用其他软件打开保存。
    #[refusal(kind = "Invalid", field = "file")]
    Malformed {
        /// Where.
        line: i64,
    },
    /// Line {line}: the file defines or names things outside of itself, which no bank does. It is not read; download it from the bank again.
    /// 第 {line} 行：文件含有外部定义或引用，银行文件不会如此，已拒绝读取。请从银行重新下载。
    #[refusal(kind = "Invalid", field = "file")]
    Outside {
        /// Where.
        line: i64,
    },
    /// The file is a message of another kind ({text}). Download the end-of-day statement (camt.053).
    /// 文件是其他类型的报文（{text}）。请下载日终对账单（camt.053）。
    #[refusal(kind = "Invalid", field = "file")]
    OtherMessage {
        /// How it calls itself.
        text: String,
    },
    /// Statement {statement} does not add up: {opening} and bookings of {sum} do not make {closing}. A part may be missing: download it again.
    /// 对账单 {statement} 不平：期初 {opening} 加发生额 {sum} 不等于期末 {closing}。可能缺少部分内容，请重新下载。
    #[refusal(kind = "Invalid", field = "file")]
    DoesNotAddUp {
        /// Its number.
        statement: String,
        /// What was there before.
        opening: (Amount, Currency),
        /// What came and went.
        sum: (Amount, Currency),
        /// What should be there after.
        closing: (Amount, Currency),
    },
    /// Line {line}: the balance {balance} is not the one before with this booking. Lines may be missing or in another order: download it again.
    /// 第 {line} 行：余额 {balance} 与上一行余额加本笔发生额不符。可能缺行或顺序有误，请重新下载。
    #[refusal(kind = "Invalid", field = "file")]
    BalanceJumps {
        /// Where.
        line: i64,
        /// What stands there.
        balance: (Amount, Currency),
    },
    /// The bookings of statement {statement} are more than can be counted. Check the file.
    /// 对账单 {statement} 的金额超出可计算范围，请检查文件。
    #[refusal(kind = "TooMuch", field = "file")]
    TooMuchMoney {
        /// Its number.
        statement: String,
    },
    /// The table has no column for {what}. Choose one.
    /// 表格没有{what}列，请选择。
    #[refusal(kind = "Invalid", field = "columns")]
    NoColumn {
        /// What is needed.
        what: Label,
    },
    /// Line {line}: both or neither of the columns for money in and money out are filled. Exactly one must be.
    /// 第 {line} 行：收入列与支出列须且仅须填写其一。
    #[refusal(kind = "Invalid", field = "file")]
    InOrOut {
        /// Where.
        line: i64,
    },
}

impl NotRead {
    /// An amount that is not in the currency of its account.
    pub(super) fn currency(line: i64, is: Currency, wanted: Currency) -> NotRead {
        NotRead::OtherCurrency { line, is: is.code().to_owned(), wanted: wanted.code().to_owned() }
    }
}
