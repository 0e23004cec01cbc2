//! Passwords and keys that are given by others: who may, what ends, and that it is written down.

use std::sync::Arc;

use crate::common::{self, World, on_both, said};
use engine::{Actor, Engine};
use kernel::Lang;
use kernel::ProblemKind::{Invalid, NotAllowed};
use serde_json::{Value as Json, json};

/// Signs in afresh, as the door does it.
fn opens(engine: &Arc<Engine>, login: &str, password: &str) -> bool {
    engine.sign_in(&engine::session::Throttle::default(), login, password, "").is_ok()
}

/// What the timeline of a user says, newest first.
fn notes(world: &World, user: i64) -> Vec<String> {
    let told = world.engine.timeline(&world.desk.actor, "user", user, "", "", None).unwrap();
    let notes = told["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "note");
    notes.map(|item| item["text"].as_str().unwrap_or_default().to_owned()).collect()
}

fn with_lang(actor: &Actor, lang: Lang) -> Actor {
    Actor { lang, ..actor.clone() }
}

#[test]
fn an_administrator_gives_others_a_password_and_it_is_written_down() {
    on_both(|world| {
        let engine = &world.engine;
        let (root, sam) = (world.actor("root", "administrator"), world.actor("sam", "sales_rep"));
        assert!(!opens(engine, "sam", "correct horse"), "nobody gave sam a password yet");
        engine.give_password(&root, sam.user, "correct horse").unwrap();
        let before = engine.sign_in(&engine::session::Throttle::default(), "sam", "correct horse", "").unwrap().token;
        assert!(engine.session(&before).unwrap().is_some());

        engine.give_password(&with_lang(&root, Lang::Zh), sam.user, "battery staple").unwrap();
        assert!(engine.session(&before).unwrap().is_none(), "what was open with the old password is closed");
        assert!(!opens(engine, "sam", "correct horse"));
        assert!(opens(engine, "sam", "battery staple"));
        let said = notes(world, sam.user);
        assert_eq!(
            said,
            ["管理员设置了新密码，所有会话已结束。", "An administrator gave a new password; all sessions ended."]
        );
        world.verified("passwords were given");
    });
}

#[test]
fn nobody_else_does_and_what_is_refused_changes_nothing() {
    on_both(|world| {
        let engine = &world.engine;
        let (root, sam) = (world.actor("root", "administrator"), world.actor("sam", "sales_rep"));
        let here = world.actor("here", "administrator");
        let (of, only) = (here.user, world.company);
        let narrow = move |conn: &dyn store::Conn| {
            conn.execute("update user_role set only_company = ?2 where \"user\" = ?1", &[of.into(), only.into()])?;
            Ok(())
        };
        engine.give_password(&root, sam.user, "correct horse").unwrap();
        let before = world.counts();
        let refused = |actor: &Actor, user: i64, password: &str| {
            let said = said(engine.give_password(actor, user, password));
            (said.kind, said.code)
        };
        assert_eq!(refused(&sam, root.user, "correct horse"), (NotAllowed, "not_permitted"));
        assert_eq!(refused(&root, root.user, "correct horse"), (NotAllowed, "own_password"));
        assert_eq!(refused(&root, sam.user, "short"), (Invalid, "password_too_short"));
        assert_eq!(refused(&root, sam.user, &"x".repeat(201)), (Invalid, "password_too_long"));
        assert_eq!(refused(&root, 999_999_999, "correct horse").0, kernel::ProblemKind::NotFound);
        engine.database().write(narrow).unwrap();
        let here = engine.actor(here.user, Some(world.company), None).unwrap();
        assert_eq!(refused(&here, sam.user, "correct horse"), (NotAllowed, "password_of_another"));
        assert_eq!(world.counts(), before);
        assert!(opens(engine, "sam", "correct horse"));
    });
}

#[test]
fn a_key_opens_until_it_is_made_anew_or_put_out_of_use() {
    on_both(|world| {
        let engine = &world.engine;
        let (root, sam) = (world.actor("root", "administrator"), world.actor("sam", "sales_rep"));
        let user = kernel::id_text("us", sam.user);
        let made = world.create(&root, "api_key", json!({ "name": "Web shop", "user": user })).unwrap();
        let (id, raw) = (common::id_of(&made), common::raw(engine, "api_key", &common::id_of(&made)));
        let first = engine.issue_key(&root, raw).unwrap();
        assert_eq!(engine.key(&first).unwrap().map(|session| session.user), Some(sam.user));
        let second = engine.issue_key(&root, raw).unwrap();
        assert!(engine.key(&first).unwrap().is_none() && engine.key(&second).unwrap().is_some());
        let version: Json = world.get("api_key", &id)["version"].clone();
        world.change(&root, "api_key", &id, json!({ "version": version, "active": false })).unwrap();
        assert!(engine.key(&second).unwrap().is_none(), "revoked");
        let kept = world.number("select count(*) from audit where entity = 'api_key' and kind = 'note'", &[]);
        assert_eq!(kept, 2, "each key that was made is written down");
    });
}
