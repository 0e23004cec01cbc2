//! A shop small enough to see through: mugs, the people who may touch them, and an HTTP client.
#![allow(missing_docs, dead_code, reason = "a test's own world")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use engine::{Engine, Vault};
use kernel::{Amount, Currency, Date, Id, Instant, Label, Qty, Refusal};
use meta::{
    Choice, Document, Effects, Entity, EntityMeta, MenuItem, Module, Plain, Reader, Registry, Trouble, Typed, Value,
    Want, life,
};
use serde_json::Value as Json;
use store::{Conn, Database, Migration, Target};
use tower::ServiceExt;

macro_rules! kept {
    ($($name:ident $prefix:literal { $($field:ident : $type:ty),* $(,)? })*) => {$(
        #[derive(Entity)]
        #[entity(prefix = $prefix, kind = "setting", steady, zh = "设置", title = "id")]
        pub struct $name { pub id: Id<$name>, $(#[field(zh = "字段", optional)] pub $field: $type),* }
    )*};
}

kept! {
    Company "co" { name: String, currency: String, time_zone: String }
    User "us" { login: String, name: String, language: String, manager: Option<Id<User>>, active: bool }
    UserRole "ur" { user: Id<User>, role: Id<Role>, only_company: Option<Id<Company>> }
    ApiKey "ak" { name: String, user: Id<User>, role: Option<Id<Role>>, key_hash: String, last_used_at: Option<Instant>, active: bool }
    NumberSeries "ns" { company: Id<Company>, entity: String, kind: Option<String>, pattern: String, in_order: bool }
}

/// What someone may do.
/// 角色。
#[derive(Entity)]
#[entity(prefix = "ro", kind = "setting", zh = "角色", title = "name", title_zh = "name_zh")]
pub struct Role {
    pub id: Id<Role>,
    #[field(zh = "编码")]
    pub code: String,
    #[field(zh = "名称")]
    pub name: String,
    #[field(label = "Chinese name", zh = "中文名称", optional)]
    pub name_zh: String,
    #[field(zh = "权限", owned)]
    pub grants: Vec<RoleGrant>,
}

/// One thing a role allows.
/// 权限。
#[derive(Entity)]
#[entity(prefix = "rg", zh = "权限", title = "subject", parent = "role.grants")]
pub struct RoleGrant {
    pub id: Id<RoleGrant>,
    #[field(zh = "对象")]
    pub subject: String,
    #[field(zh = "操作")]
    pub verbs: String,
    #[field(zh = "范围")]
    pub row_rule: String,
    #[field(zh = "隐藏字段", optional)]
    pub hides: String,
    #[field(zh = "只读字段", optional)]
    pub read_only: String,
}

/// An order of mugs.
/// 马克杯订单。
#[derive(Entity)]
#[entity(
    prefix = "mo",
    zh = "马克杯订单",
    number = "MO-{seq:03}",
    title = "number",
    list = "number,customer,ordered_on,total,stage",
    sort = "-number",
    actions = "Action",
    stages = "Stage"
)]
pub struct MugOrder {
    pub id: Id<MugOrder>,
    #[field(zh = "公司")]
    pub company: Id<Company>,
    #[field(zh = "编号", readonly, search, optional)]
    pub number: String,
    /// Who wants mugs.
    /// 谁要马克杯。
    #[field(zh = "客户", search, group, max = 40)]
    pub customer: String,
    #[field(zh = "日期", group, default = "today")]
    pub ordered_on: Date,
    #[field(zh = "币种", default = "CNY")]
    pub currency: Currency,
    #[field(zh = "明细", owned, at_least = 1)]
    pub lines: Vec<MugOrderLine>,
    #[field(zh = "合计", computed, currency = "currency")]
    pub total: Amount,
    #[field(zh = "状态", state, group)]
    pub stage: Stage,
}

/// Mugs of one sort.
/// 一种马克杯。
#[derive(Entity)]
#[entity(prefix = "ml", zh = "订单行", title = "mug", parent = "mug_order.lines")]
pub struct MugOrderLine {
    pub id: Id<MugOrderLine>,
    #[field(zh = "杯子")]
    pub mug: String,
    #[field(zh = "数量")]
    pub qty: Qty,
}

#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    #[choice(zh = "草稿")]
    Draft,
    #[choice(zh = "已确认")]
    Confirmed,
}

#[derive(meta::Action, Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Makes it binding.
    /// 确认。
    #[action(zh = "确认", primary)]
    Confirm,
    /// Nobody should ever ask for this.
    /// 切勿使用。
    #[action(zh = "爆炸", danger)]
    Explode,
}

impl Stage {
    fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Draft, Action::Confirm) => Some(Stage::Confirmed),
            (stage, Action::Explode) => Some(stage),
            _ => None,
        }
    }

    /// For the description.
    pub fn transitions() -> Vec<meta::Transition> {
        life::<Stage, Action>(&[Action::Confirm, Action::Explode], Stage::after)
    }
}

impl Document for MugOrder {
    type Facts = ();
    type Action = Action;

    fn facts(_: &Self, _: &Want<Action>, _: &dyn Reader) -> Result<(), Trouble> {
        Ok(())
    }

    fn complete(doc: &mut Self, _: &()) -> Result<(), Refusal> {
        let mugs: i64 = doc.lines.iter().map(|line| line.qty.raw()).sum();
        doc.total = Amount::new(mugs / 10_000);
        if doc.lines.iter().any(|line| line.qty.is_negative()) {
            let text = Label::new("There are no negative mugs. Enter a positive number.", "数量不能为负，请更正。");
            return Err(Refusal::new("negative_mugs", text).field("lines.qty").row(0));
        }
        Ok(())
    }

    fn decide(doc: &Self, action: &Action, _: &()) -> Result<(&'static str, Effects), Refusal> {
        assert!(*action != Action::Explode, "somebody asked for it");
        Ok((doc.stage.after(action).map_or("", Stage::code), Effects::none()))
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        let text = Label::new("It is confirmed already. Nothing is to be done.", "订单已确认，无需操作。");
        let refusal = Refusal::new("confirmed_already", text).kind(kernel::ProblemKind::NotNow);
        doc.stage.after(action).map(|_| ()).ok_or(refusal)
    }
}

fn module() -> Module {
    fn plain<T: Entity>() -> (&'static EntityMeta, &'static dyn meta::Behaviour) {
        (T::meta(), &Plain)
    }
    Module {
        name: "shop",
        label: Label::new("Shop", "商店"),
        icon: "shop",
        menu: &[MenuItem::Entity("mug_order")],
        entities: vec![
            plain::<Company>(),
            plain::<User>(),
            plain::<Role>(),
            plain::<RoleGrant>(),
            plain::<UserRole>(),
            plain::<ApiKey>(),
            plain::<NumberSeries>(),
            (MugOrder::meta(), const { &Typed::<MugOrder>::new() }),
            plain::<MugOrderLine>(),
        ],
        reports: Vec::new(),
        roles: &[],
        grants: &[],
        laws: &[],
    }
}

/// What the description says, whatever is in the database.
pub fn registry() -> Registry {
    Registry::new(vec![module()])
}

const PEOPLE: &[&str] = &[
    "insert into id_block (name, next) values ('record', 1000)",
    "insert into company (id, name, currency) values (1, 'Acme', 'CNY'), (2, 'Beta', 'EUR')",
    "insert into \"user\" (id, login, name, language, active) values
     (1, 'ada', 'Ada', 'en', 1), (2, 'bo', 'Bo', 'zh', 1), (3, 'cy', 'Cy', 'en', 1)",
    "insert into role (id, code, name, name_zh) values (1, 'administrator', 'Administrator', '管理员'),
     (2, 'reader', 'Reader', '读者')",
    "insert into user_role (id, \"user\", role, only_company) values (1, 1, 1, null), (2, 2, 2, 1), (3, 3, 1, 2)",
    "insert into api_key (id, name, \"user\", role, active) values (1, 'narrow', 1, 2, 1), (2, 'wide', 1, null, 1)",
];

/// The shop, open.
pub struct Shop {
    pub engine: Arc<Engine>,
    pub router: Router,
    folder: PathBuf,
}

impl Shop {
    pub fn open(name: &str, demo: bool) -> Shop {
        let folder = std::env::temp_dir().join(format!("heyi-api-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let engine = engine(&folder);
        let config = api::Config { demo, ..api::Config::default() };
        Shop { router: api::router(engine.clone(), config), engine, folder }
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn engine(folder: &Path) -> Arc<Engine> {
    let registry = registry();
    let tables: Vec<_> = store::tables(&registry).into_iter().chain(engine::tables()).collect();
    let steps = store::diff(&[], &tables);
    let database = Database::open(&Target::Sqlite(folder.join("shop.db"))).expect("a new file");
    let first = Migration { number: 1, name: "all".to_owned(), steps };
    store::migrate(&database, &[first], &|_| {}).expect("a fresh schema");
    database
        .write(|conn: &dyn Conn| {
            for sql in PEOPLE {
                conn.execute(sql, &[])?;
            }
            let grants = [(1, "*", "*"), (2, "mug_order", "see export"), (2, "company", "see")];
            for (number, (role, subject, verbs)) in grants.iter().enumerate() {
                let grant: [Value; 4] =
                    [(number as i64 + 1).into(), Value::Int(*role), (*subject).into(), (*verbs).into()];
                conn.execute(&RoleGrant::insert(), &grant)?;
            }
            Ok(())
        })
        .expect("people");
    let vault = Vault::parse(&"5".repeat(64)).expect("a key");
    let clock = Arc::new(|| Instant::from_micros(1_795_000_000_000_000));
    let engine = Engine::open(registry, database, vault, clock, 480, None);
    for user in 1..=3 {
        engine.set_password(user, "mugs are fine").expect("a good password");
    }
    engine
}

impl RoleGrant {
    fn insert() -> String {
        "insert into role_grant (id, parent, position, subject, verbs, row_rule) values (?1, ?2, ?1, ?3, ?4, 'all')"
            .into()
    }
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Answer {
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap_or(""))
    }

    /// The status, and the code of the problem: `422 invalid`.
    pub fn outcome(&self) -> String {
        match self.header("content-type") {
            "application/problem+json" => {
                format!("{} {}", self.status.as_u16(), self.json()["code"].as_str().unwrap_or("?"))
            }
            _ => self.status.as_u16().to_string(),
        }
    }
}

/// A browser with at most one cookie.
pub struct Browser {
    router: Router,
    pub cookie: Option<String>,
    pub headers: Vec<(&'static str, String)>,
}

impl Browser {
    pub fn new(shop: &Shop) -> Browser {
        Browser { router: shop.router.clone(), cookie: None, headers: vec![("x-heyi", "1".to_owned())] }
    }

    pub async fn signed_in(shop: &Shop, login: &str) -> Browser {
        let mut browser = Browser::new(shop);
        let answer = browser.sign_in(login, "mugs are fine").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        browser
    }

    pub async fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        let body = serde_json::json!({ "login": login, "password": password }).to_string();
        let answer = self.send("POST", "/api/session", &body).await;
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or("").to_owned();
        self.cookie = Some(cookie).filter(|cookie| cookie.contains('='));
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "").await
    }

    pub async fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        self.bytes(method, path, body.as_bytes().to_vec()).await
    }

    pub async fn bytes(&self, method: &str, path: &str, body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(body)).expect("a valid request");
        let answer = self.router.clone().oneshot(request).await.expect("never fails");
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a whole body");
        Answer { status, headers, bytes }
    }

    /// With one more header from now on.
    pub fn with(mut self, name: &'static str, value: &str) -> Browser {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Makes an order of so many mugs; its id.
    pub async fn order(&self, customer: &str, mugs: i64) -> String {
        let body = order(customer, mugs);
        let answer = self.send("POST", "/api/mug_order", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["record"]["id"].as_str().expect("an id").to_owned()
    }
}

/// The body of an order.
pub fn order(customer: &str, mugs: i64) -> String {
    serde_json::json!({ "customer": customer, "lines": [{ "mug": "large", "qty": mugs.to_string() }] }).to_string()
}
