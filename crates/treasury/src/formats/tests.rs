//! What banks send, as it is told afterwards; and what is refused.

use proptest::prelude::*;

use super::*;

/// A statement in a few words, one line for each of its own.
fn told(text: &str) -> String {
    match read(text) {
        Err(why) => {
            let refusal = kernel::Refusal::from(why);
            format!("refused {}: {refusal}", refusal.problems[0].code)
        }
        Ok(file) => file.statements.iter().map(statement).collect::<Vec<_>>().join("\n"),
    }
}

fn statement(one: &Statement) -> String {
    let balance = |balance: Option<Balance>| {
        balance.map_or("?".to_owned(), |balance| format!("{} {}", balance.on, balance.amount.text(one.currency)))
    };
    let head = format!(
        "{} {} {} [{} → {}]",
        one.account,
        one.number,
        one.currency,
        balance(one.opening),
        balance(one.closing)
    );
    let lines = one.lines.iter().map(|line| {
        let days = if line.booked_on == line.value_on {
            line.booked_on.to_string()
        } else {
            format!("{}/{}", line.booked_on, line.value_on)
        };
        let words = [
            &line.kind,
            &line.party_name,
            &line.party_account,
            &line.party_bank,
            &line.reference,
            &line.end_to_end,
            &line.narrative,
            &line.bank_id,
        ];
        format!("{days} {} {}", line.amount.text(one.currency), words.map(|word| word.as_str()).join("|"))
    });
    std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
}

fn check(text: &str, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(told(text), expected.join("\n"));
}

fn mt940(lines: &str) -> String {
    format!(":20:S\n:25:12345678/99\n:28C:7/1\n:60F:C240101EUR100,00\n{lines}\n")
}

#[test]
fn mt940_tells_directions_days_and_amounts_without_decimals() {
    let text = mt940(
        ":61:2401020103D50,NMSCNONREF\n:61:240102C1,5NTRFINV-1//B77\n:61:2401021231RC10,NTRFNONREF\n\
         :61:240102RD9,5NTRFNONREF\n:62F:C240103EUR51,00",
    );
    check(
        &text,
        "12345678/99 7/1 EUR [2024-01-01 100.00 → 2024-01-03 51.00]
         2024-01-03/2024-01-02 -50.00 MSC|||||||
         2024-01-02 1.50 TRF||||INV-1|||
         2023-12-31/2024-01-02 -10.00 TRF|||||||
         2024-01-02 9.50 TRF|||||||",
    );
}

#[test]
fn mt940_reads_the_german_purpose_with_its_labels_and_wraps() {
    let text = mt940(
        ":61:240102C119,NTRFKREF+\n:86:166?00SEPA GUTSCHRIFT?20EREF+RE-2024-0007?21SVWZ+Rechnung Nr. \
         RE-2024-0?22007 vom 2. Januar?30DEUTDEFFXXX?31DE89370400440532013000\n?32BLAU GMBH U\n?33ND CO KG\n:62F:C240103EUR219,00",
    );
    check(
        &text,
        "12345678/99 7/1 EUR [2024-01-01 100.00 → 2024-01-03 219.00]
         2024-01-02 119.00 TRF|BLAU GMBH UND CO KG|DE89370400440532013000|DEUTDEFFXXX|KREF+|RE-2024-0007|Rechnung Nr. RE-2024-0007 vom 2. Januar|",
    );
}

#[test]
fn mt940_reads_the_dutch_way_and_free_words() {
    let text = mt940(
        ":61:240102C1,NTRFEREF\n:86:/TRTP/SEPA OVERBOEKING/IBAN/NL26VAYB8060476890/BIC/VAYBNL2U\n/NAME/Blue B.V./REMI/Invoice 7/2024\
         /EREF/NOTPROVIDED\n:61:240102D1,NMSCNONREF\nCARD 1\n:86:Monthly fee\n:12:30 of January\n:62F:C240103EUR100,00",
    );
    check(
        &text,
        "12345678/99 7/1 EUR [2024-01-01 100.00 → 2024-01-03 100.00]
         2024-01-02 1.00 TRF|Blue B.V.|NL26VAYB8060476890|VAYBNL2U|EREF||Invoice 7/2024|
         2024-01-02 -1.00 MSC||||||CARD 1 Monthly fee :12:30 of January|",
    );
}

#[test]
fn mt940_joins_the_pages_of_a_statement_and_takes_off_its_envelope() {
    let text = "{1:F01BANKDEFFAXXX0000000000}{2:O9400000}{4:\n:20:A\n:25:NL34RABO0123456789 EUR\n:28C:5/1\n:60F:C240101EUR1,\n\
                :61:240101C2,NTRFX\n:62M:C240101EUR3,\n-}\n{1:F01}{2:O940}{4:\n:20:A\n:25:NL34RABO0123456789 EUR\n:28C:5/2\n:60M:C240101EUR3,\n\
                :61:240102D4,NTRFY\n:62F:D240102EUR1,\n:86:Thank you\n-}\n";
    check(
        text,
        "NL34RABO0123456789 5/1 EUR [2024-01-01 1.00 → 2024-01-02 -1.00]
         2024-01-01 2.00 TRF||||X|||
         2024-01-02 -4.00 TRF||||Y|||",
    );
}

#[test]
fn mt940_that_is_broken_is_refused_with_its_line() {
    let cases = [
        (":61:2401xxC1,NTRFX", "refused unreadable: Line 5: the day cannot be read"),
        (":61:240230C1,NTRFX", "refused unreadable: Line 5: the day"),
        (":61:240102X1,NTRFX", "refused unreadable: Line 5: credit or debit"),
        (":61:240102C1,234NTRFX", "refused unreadable: Line 5: the amount"),
        (":61:240102C-1,NTRFX", "refused unreadable: Line 5: the amount"),
        (":61:240102C1,NTRFX", "refused missing: Line 5: the closing balance (field 62) is missing"),
        (":62F:C240102USD100,", "refused other_currency: Line 5: the amount is in USD, the account in EUR"),
        (":62F:C240102ABC100,", "refused unreadable: Line 5: the currency"),
        (
            ":62F:C240102EUR101,",
            "refused does_not_add_up: Statement 7/1 does not add up: 100.00 EUR and bookings of 0.00 EUR do not make 101.00 EUR",
        ),
        (":20:S2", "refused missing: Line 5: the closing balance (field 62) is missing"),
    ];
    for (lines, expected) in cases {
        let told = told(&mt940(lines));
        assert!(told.starts_with(expected), "{lines}: {told}");
    }
    assert!(told(":20:S\n:25:1\n:28C:1\n:61:240102C1,NTRFX\n").contains("Line 4: the opening balance"));
    assert!(told(":20:S\n:28C:1\n:60F:C240101EUR1,\n:62F:C240101EUR1,\n").contains("Line 1: the account is missing"));
}

fn camt(entries: &str, closing: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt><Id>S1</Id>\n\
         <Acct><Id><Othr><Id>4711</Id></Othr></Id><Ccy>EUR</Ccy></Acct>\n\
         <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">10.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Dt><Dt>2024-01-01</Dt></Dt></Bal>\n\
         <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><DtTm>2024-01-02T23:59:59+01:00</DtTm></Dt></Bal>\n\
         {entries}\n</Stmt></BkToCstmrStmt></Document>"
    )
}

/// A batch of two credits, of which the second comes to `second`.
fn batch(second: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2024-01-02</Dt></BookgDt>\
         <AcctSvcrRef>R9</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>\
         <NtryDtls><Btch><MsgId>B1</MsgId></Btch>\
         <TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy=\"EUR\">10</Amt><RltdPties><Dbtr><Pty><Nm>Blue &amp; Co</Nm></Pty></Dbtr>\
         <DbtrAcct><Id><IBAN>NL26VAYB8060476890</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>Invoice 1</Ustrd></RmtInf></TxDtls>\
         <TxDtls><Refs><EndToEndId>E2</EndToEndId></Refs><Amt Ccy=\"EUR\">{second}</Amt><RltdPties><Dbtr><Nm>Red</Nm></Dbtr></RltdPties>\
         <RmtInf><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
}

#[test]
fn camt_opens_a_batch_whose_parts_add_up_and_keeps_one_that_does_not() {
    check(
        &camt(&batch("20.00"), "20.00"),
        "4711 S1 EUR [2024-01-01 -10.00 → 2024-01-02 20.00]
         2024-01-02 10.00 PMNT/RCDT/ESCT|Blue & Co|NL26VAYB8060476890||||Invoice 1|R9/1
         2024-01-02 20.00 PMNT/RCDT/ESCT|Red|||RF18539007547034|E2|RF18539007547034|R9/2",
    );
    check(
        &camt(&batch("19.00"), "20.00"),
        "4711 S1 EUR [2024-01-01 -10.00 → 2024-01-02 20.00]
         2024-01-02 30.00 PMNT/RCDT/ESCT||||B1||Invoice 1 RF18539007547034|R9",
    );
}

#[test]
fn camt_leaves_out_what_is_pending_and_names_the_other_side_of_what_goes_out() {
    let pending = batch("20.00").replace("<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>");
    let out = "<n:Ntry xmlns:n=\"x\"><Amt Ccy=\"EUR\">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><ValDt><Dt>2024-01-02</Dt></ValDt>\
               <NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><RltdPties><Dbtr><Nm>We</Nm></Dbtr><Cdtr><Nm>They</Nm></Cdtr></RltdPties></TxDtls></NtryDtls>\
               <AddtlNtryInf><![CDATA[Rent & heat]]></AddtlNtryInf></n:Ntry>";
    let text = camt(&format!("{pending}{out}"), "15.00")
        .replace("<CdtDbtInd>CRDT</CdtDbtInd><Dt><DtTm>", "<CdtDbtInd>DBIT</CdtDbtInd><Dt><DtTm>");
    check(
        &text,
        "4711 S1 EUR [2024-01-01 -10.00 → 2024-01-02 -15.00]
         2024-01-02 -5.00 |They||||E1|Rent & heat|",
    );
}

#[test]
fn xml_that_is_broken_or_reaches_outside_is_refused_with_its_line() {
    let whole = camt("", "20.00");
    let cases = [
        (camt(&batch("20.00"), "21.00"), "refused does_not_add_up: Statement S1"),
        (
            camt(&batch("20.00").replace("CRDT", "UP"), "20.00"),
            "refused unreadable: Line 6: credit or debit cannot be read: “UP”",
        ),
        (
            camt(&batch("20.00").replacen("EUR", "USD", 1), "20.00"),
            "refused other_currency: Line 6: the amount is in USD",
        ),
        (camt(&batch("20.00").replace("30.00", "-30.00"), "20.00"), "refused unreadable: Line 6: the amount"),
        (camt(&batch("20.00").replace("2024-01-02", "2024-13-02"), "20.00"), "refused unreadable: Line 6: the day"),
        (whole[..whole.len() - 20].to_owned(), "refused malformed: Line "),
        (
            whole.replace("BkToCstmrStmt", "BkToCstmrAcctRpt"),
            "refused other_message: The file is a message of another kind (BkToCstmrAcctRpt)",
        ),
        (
            whole.replace("<Document", "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<Document"),
            "refused outside: Line 2",
        ),
        (whole.replace("<Id>S1</Id>", "<Id>&x;</Id>"), "refused outside: Line 2"),
        (format!("{}{}", "<a>".repeat(80), "</a>".repeat(80)), "refused malformed: Line 1"),
        ("<html><body>Sign in</body></html>".to_owned(), "refused no_format"),
        ("Hello".to_owned(), "refused no_format"),
        (String::new(), "refused no_format"),
    ];
    for (text, expected) in cases {
        let told = told(&text);
        assert!(told.starts_with(expected), "{expected} but {told}");
    }
}

const SGML: &str = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n<OFX>\n<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS></SONRS></SIGNONMSGSRSV1>\n\
    <BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>12<ACCTID>99 88<ACCTTYPE>CHECKING</BANKACCTFROM>\n\
    <BANKTRANLIST><DTSTART>20240101<DTEND>20240131\n\
    <STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20240105120000.000[-5:EST]<TRNAMT>-1,234.50<FITID>F1<NAME>AT&T &amp; Co<MEMO></STMTTRN>\n\
    <STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20240106<DTAVAIL>20240107<TRNAMT>+34,5<FITID>F2<CHECKNUM>7<MEMO>Rent</MEMO><NAME>Blue</NAME></STMTTRN>\n\
    </BANKTRANLIST><LEDGERBAL><BALAMT>0.00<DTASOF>20240131</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n";

#[test]
fn ofx_without_ends_of_elements_is_read_and_its_opening_is_implied() {
    check(
        SGML,
        "9988  USD [2024-01-01 1200.00 → 2024-01-31 0.00]
         2024-01-05 -1234.50 DEBIT|AT&T & Co||||||F1
         2024-01-06/2024-01-07 34.50 CREDIT|Blue|||7||Rent|F2",
    );
    assert!(read(SGML).unwrap().statements[0].opening_is_implied);
}

#[test]
fn ofx_that_is_broken_is_refused_with_its_line() {
    let cases = [
        (SGML.replace("<FITID>F2", ""), "refused missing: Line 10: the bank's id (FITID) is missing"),
        (SGML.replace("+34,5", "abc"), "refused unreadable: Line 10: the amount cannot be read: “abc”"),
        (SGML.replace("20240106", "2024"), "refused unreadable: Line 10: the day"),
        (SGML.replace("<CURDEF>USD", ""), "refused missing: Line 7: the currency is missing"),
        (SGML.replace("</OFX>", ""), "refused malformed: Line "),
        (SGML.replace("</BANKTRANLIST>", "</BANKTRANLISTS>"), "refused malformed: Line 11"),
        (SGML.replace("<OFX>", "<!DOCTYPE x>\n<OFX>"), "refused outside: Line 5"),
        ("OFXHEADER:100\n\n<OFX></OFX>".to_owned(), "refused no_statement"),
    ];
    for (text, expected) in cases {
        let told = told(&text);
        assert!(told.starts_with(expected), "{expected} but {told}");
    }
}

/// A table read by the mapping that its headings suggest.
fn table(text: &str, money: Currency) -> String {
    let rows = table_rows(text).unwrap();
    let Some(mapping) = guess(&rows, &[]) else { return "no headings".to_owned() };
    match read_table(&rows, &mapping, "6222 0001", money) {
        Ok(one) => statement(&one),
        Err(why) => format!("refused: {}", kernel::Refusal::from(why)),
    }
}

const CHINESE: &str = "户名,合一有限公司\n账号,\t62220001\n\n交易日期,收入金额（元）,支出金额（元）,余额,对方户名,对方账号,摘要,附言,交易流水号\n\
    20240305,\"1,130.00\",0.00,\"2,130.00\",蓝天公司,\t6228 01,货款,发票 INV-1,S1\n2024-03-06,,30.00,2100.00,,,手续费,,S2\n合计,1130.00,30.00,,,,,,\n";

#[test]
fn a_chinese_table_is_read_by_its_headings() {
    let expected = "62220001  CNY [2024-03-05 1000.00 → 2024-03-06 2100.00]\n\
        2024-03-05 1130.00 |蓝天公司|622801||||货款 发票 INV-1|S1\n2024-03-06 -30.00 ||||||手续费|S2";
    assert_eq!(table(CHINESE, Currency::CNY), expected);
    let gbk = encoding_rs::GB18030.encode(CHINESE).0.into_owned();
    assert_eq!(table(&text(&gbk).unwrap(), Currency::CNY), expected);
}

#[test]
fn a_table_with_the_newest_first_and_days_before_months_is_turned_round() {
    let german = "Buchungstag;Betrag;Saldo;Verwendungszweck\n31.01.24;-50,00;1.050,00;Miete\n02.01.24;1.000,00;1.100,00;Gehalt\n";
    assert_eq!(
        table(german, Currency::EUR),
        "62220001  EUR [2024-01-02 100.00 → 2024-01-31 1050.00]\n2024-01-02 1000.00 ||||||Gehalt|\n2024-01-31 -50.00 ||||||Miete|"
    );
    let american = "Date,Amount,Description\n1/31/2024,-5.00,Fee\n2/1/2024,7.00,Blue\n";
    assert_eq!(
        table(american, Currency::USD),
        "62220001  USD [? → ?]\n2024-01-31 -5.00 ||||||Fee|\n2024-02-01 7.00 ||||||Blue|"
    );
    let marked = "交易日期,交易金额,借贷标志\n2024-03-05,5.00,借\n2024-03-05,7.00,贷\n";
    assert_eq!(
        table(marked, Currency::CNY),
        "62220001  CNY [? → ?]\n2024-03-05 -5.00 |||||||\n2024-03-05 7.00 |||||||"
    );
}

#[test]
fn a_table_that_is_broken_is_refused_with_its_line() {
    let cases = [
        (CHINESE.replace(",30.00,2100.00", ",30.00,2200.00"), "refused: Line 6: the balance 2,200.00 CNY"),
        (CHINESE.replace("2024-03-06,,30.00", "2024-03-06,1.00,30.00"), "refused: Line 6: both or neither"),
        (CHINESE.replace("2024-03-06,,30.00", "2024-03-06,,x"), "refused: Line 6: money out cannot be read: “x”"),
        (CHINESE.replace("2024-03-06", "2024-02-30"), "refused: Line 6: the day cannot be read: “2024-02-30”"),
        (CHINESE.replace("交易日期", "什么"), "no headings"),
        ("Date,Amount\n".to_owned(), "refused: The file holds no statement"),
        (
            "Date,Amount,Currency\n2024-01-01,5,USD\n".to_owned(),
            "refused: Line 2: the amount is in USD, the account in CNY",
        ),
    ];
    for (text, expected) in cases {
        let told = table(&text, Currency::CNY);
        assert!(told.starts_with(expected), "{expected} but {told}");
    }
}

#[test]
fn bookings_never_become_the_text_of_a_cell() {
    let cut = CHINESE.replace("手续费,,S2", "\"手续费,,S2");
    assert_eq!(table_rows(&cut), Err(NotRead::Malformed { line: 6 }));
    let long = CHINESE.replace("手续费", &format!("\"{}\"", "x\n".repeat(40)));
    assert_eq!(table_rows(&long), Err(NotRead::Malformed { line: 6 }));
}

#[test]
fn every_column_has_a_name_of_its_own() {
    for (column, name, label, heads) in Column::ALL {
        assert_eq!(Column::parse(name), Some(column));
        assert!(!label.en.is_empty() && !label.zh.is_empty() && !heads.is_empty());
        let shared = Column::ALL
            .iter()
            .filter(|(one, .., others)| *one != column && others.iter().any(|head| heads.contains(head)));
        assert_eq!(shared.count(), 0, "{name}: a heading means one column");
    }
}

#[test]
fn equal_lines_stay_two_and_a_line_is_known_again_whatever_its_spaces() {
    let fee = ":61:240102D1,NMSCNONREF\n:86:Monthly fee\n";
    let one = |lines: &str, closing: &str| {
        read(&mt940(&format!("{lines}:62F:C240103EUR{closing},"))).unwrap().statements.remove(0)
    };
    let names = one(&format!("{fee}{fee}"), "98").identities();
    assert_ne!(names[0], names[1]);
    assert_eq!(one(fee, "99").identities(), names[..1]);
    assert_eq!(one(&fee.replace("Monthly fee", "Monthly\nfee"), "99").identities(), names[..1]);
    assert_ne!(one(&fee.replace("fee", "rent"), "99").identities(), names[..1]);
    let again = read(SGML).unwrap().statements[0].identities();
    assert_eq!(
        again,
        read(&SGML.replace("Rent", "Rent of May")).unwrap().statements[0].identities(),
        "by the bank's id"
    );
}

proptest! {
    /// Whatever comes in, an answer comes out.
    #[test]
    fn no_file_makes_a_panic(cut in 0usize..4_000, at in 0usize..4_000, with in "[\\PC\n]{0,6}") {
        let whole = camt(&batch("20.00"), "20.00");
        let german = mt940(":61:2401020103CR119,NTRFKREF+//9\n:86:166?00A?20EREF+é?21SVWZ+b\n?32C\n:62F:C240103EUR219,00");
        for text in [whole.as_str(), SGML, german.as_str(), CHINESE] {
            let place = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let (cut, at) = (place(cut), place(at));
            let changed = format!("{}{with}{}", &text[..at], &text[at..]);
            for text in [&text[..cut], &changed] {
                let _ = read(text);
                if let Ok(rows) = table_rows(text) {
                    let _ = guess(&rows, &[]).map(|mapping| read_table(&rows, &mapping, "1", Currency::CNY));
                }
            }
        }
    }

    /// A statement that is written as MT940 is read back to the cent, and its opening leads to its closing.
    #[test]
    fn mt940_is_read_back(opening in -1_000_000i64..1_000_000, amounts in prop::collection::vec(-1_000_000i64..1_000_000, 0..20)) {
        let written = |raw: i64| Amount::new(raw.abs()).text(Currency::EUR).replace('.', ",");
        let mark = |raw: i64| if raw < 0 { 'D' } else { 'C' };
        let mut text = format!(":20:S\n:25:1\n:28C:1\n:60F:{}240101EUR{}\n", mark(opening), written(opening));
        for raw in &amounts {
            text.push_str(&format!(":61:240102{}{}NTRFX\n", mark(*raw), written(*raw)));
        }
        let closing: i64 = opening + amounts.iter().sum::<i64>();
        text.push_str(&format!(":62F:{}240103EUR{}\n", mark(closing), written(closing)));
        let file = read(&text).unwrap();
        let raws: Vec<i64> = file.statements[0].lines.iter().map(|line| line.amount.raw()).collect();
        prop_assert_eq!(raws, amounts);
        prop_assert_eq!(file.statements[0].closing.map(|one| one.amount.raw()), Some(closing));
    }

    /// One line that is taken out is never believed.
    #[test]
    fn what_is_missing_is_noticed(amounts in prop::collection::vec(1i64..1_000, 1..8), gone in 0usize..8) {
        let mut text = ":20:S\n:25:1\n:28C:1\n:60F:C240101EUR0,\n".to_owned();
        for (at, amount) in amounts.iter().enumerate() {
            if at != gone % amounts.len() {
                text.push_str(&format!(":61:240102C{amount},NTRFX\n"));
            }
        }
        text.push_str(&format!(":62F:C240103EUR{},\n", amounts.iter().sum::<i64>()));
        let is_noticed = matches!(read(&text), Err(NotRead::DoesNotAddUp { .. }));
        prop_assert!(is_noticed);
    }
}
