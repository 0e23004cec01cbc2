use store::find;

use crate::world::{on_both_with_tables, order, party, save};

#[test]
fn names_are_found_by_characters_pinyin_initials_and_beginnings() {
    on_both_with_tables(|db| {
        let mut names =
            vec![party(1, 1, "深圳蓝轮自行车有限公司"), party(2, 1, "Blue Wheel GmbH"), party(3, 2, "蓝天")];
        names.push(party(4, 1, "法兰盘DN50厂"));
        save(&db, names);
        save(&db, vec![order(12, 1, "2026-01-01", 1)]);
        let ids = |text: &str| {
            let hits = db.read(|conn| Ok(find(conn, &[1], &["party", "order"], text, 10)?)).unwrap();
            hits.iter().map(|hit| hit.id).collect::<Vec<_>>()
        };
        for (text, wanted) in [
            ("蓝轮", vec![1]),
            ("自行车", vec![1]),
            ("蓝", vec![1]),
            ("lanlun", vec![1]),
            ("zixing", vec![1]),
            ("szll", vec![1]),
            ("zxc", vec![1]),
            ("blu", vec![2]),
            ("wheel blue", vec![2]),
            ("BLUE WHE", vec![2]),
            ("dn50", vec![4]),
            ("法兰 50", vec![4]),
            ("SO-2026-00012", vec![12]),
            ("so 12", vec![12]),
            ("12", vec![12]),
            ("c2", vec![2]),
            ("bleu wheel", vec![2]),
            ("wheell", vec![2]),
            ("wheal", vec![2]),
            ("shenzen", vec![1]),
            ("whele bleu", vec![2]),
            ("蓝论", vec![1]),
            ("深川蓝轮", vec![1]),
            ("自型车", vec![1]),
            ("自行驴", vec![1]),
            ("驴行车", vec![1]),
            ("深川蓝天", vec![]),
            ("自驴", vec![]),
            ("blxx wheel", vec![]),
            ("蓝天", vec![]),
            ("nothing", vec![]),
        ] {
            assert_eq!(ids(text), wanted, "{text}");
        }
    });
}

#[test]
fn a_changed_name_is_found_by_the_new_one_only() {
    on_both_with_tables(|db| {
        save(&db, vec![party(1, 1, "Blue"), party(2, 1, "Green")]);
        let (blue, green) = (party(1, 1, "Red"), party(2, 1, "Green"));
        db.write(move |conn| {
            conn.batch(&store::index(conn.dialect(), &blue))?;
            Ok(conn.batch(&store::unindex(conn.dialect(), &green))?)
        })
        .unwrap();
        let count = |text: &str| db.read(|conn| Ok(find(conn, &[1], &["party"], text, 10)?)).unwrap().len();
        assert_eq!((count("red"), count("blue"), count("green")), (1, 0, 0));
    });
}

#[test]
fn no_question_breaks_the_search() {
    on_both_with_tables(|db| {
        save(&db, vec![party(1, 1, "Blue")]);
        let long = "蓝 ".repeat(5_000);
        for text in [
            "",
            " ",
            "'",
            "\"",
            "\\",
            "*",
            "a*",
            "NEAR(a b)",
            "a OR b",
            "NOT",
            "-x",
            "^a",
            "a:b",
            "{tokens}:x",
            "a & !b | c",
            "'; drop table search; --",
            "\0",
            "x\0y",
            "हिन्दी",
            "İstanbul",
            "ﷺ",
            "🚲",
            "<->",
            "a:*",
            "()",
            "%_",
            &long,
        ] {
            let found = db.read(|conn| Ok(find(conn, &[1], &["party", "x' or 1=1"], text, 10)?));
            assert!(found.is_ok(), "{text:?}: {found:?}");
        }
        let hindi = party(5, 1, "हिन्दी İstanbul ﷺ 🚲 x\u{301}y");
        save(&db, vec![hindi]);
        assert_eq!(db.read(|conn| Ok(find(conn, &[1], &["party"], "हिन्दी", 10)?)).unwrap().len(), 1);
    });
}
