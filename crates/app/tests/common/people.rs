//! Colleagues who work together on a record.

use kernel::id_text;
use serde_json::{Value as Json, json};

use super::World;
use super::rim::{Answer, Rim};

/// Two sellers who see their own offers only, their boss, and an offer of the first.
pub struct People<'a> {
    /// Where.
    pub world: &'a World,
    /// How they ask.
    pub rim: Rim,
    /// A seller.
    pub ann: String,
    /// Another.
    pub bob: String,
    /// Sees all.
    pub boss: String,
    /// Of ann.
    pub offer: String,
    /// What it is called.
    pub label: String,
}

impl<'a> People<'a> {
    /// Everybody signed in, and the offer made.
    pub fn of(world: &'a World) -> People<'a> {
        let rim = Rim::of(world);
        let [ann, bob, boss] = [("ann", "sales_rep"), ("bob", "sales_rep"), ("boss", "manager")]
            .map(|(login, role)| rim.signed_in(world, login, role));
        let (customer, product) = (world.customer("BLUE", "EUR"), world.product("L0", "average", "5.00"));
        let body = json!({ "customer": customer, "lines": [{ "product": product, "qty": "1" }] });
        let made = rim.json(&ann, "POST", "/api/quotation", &body);
        assert_eq!(made.status, 201, "{}", made.text());
        let made = made.json()["record"].clone();
        let [offer, label] = ["id", "number"].map(|name| made[name].as_str().unwrap().to_owned());
        People { world, rim, ann, bob, boss, offer, label }
    }

    /// The id of one of them.
    pub fn id(&self, login: &str) -> String {
        let role = if login == "boss" { "manager" } else { "sales_rep" };
        id_text("us", self.world.user(login, role))
    }

    /// Asks, as one of them.
    pub fn get(&self, who: &str, path: &str) -> Answer {
        let coded: String = path
            .chars()
            .map(|sign| match sign {
                '"' => "%22".to_owned(),
                '[' => "%5B".to_owned(),
                ']' => "%5D".to_owned(),
                ';' => "%3B".to_owned(),
                other => other.to_string(),
            })
            .collect();
        self.rim.get(who, &coded)
    }

    /// Sends, as one of them.
    pub fn post(&self, who: &str, path: &str, body: Json) -> Answer {
        self.rim.json(who, "POST", path, &body)
    }

    /// A note on the offer.
    pub fn noted(&self, who: &str, text: &str, kind: &str) -> Json {
        let path = format!("/api/quotation/{}/note", self.offer);
        let answer = self.post(who, &path, json!({ "text": text, "kind": kind }));
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["record"].clone()
    }

    /// What somebody was told: kinds and texts.
    pub fn told(&self, who: &str) -> Vec<String> {
        let inbox = self.get(who, "/api/inbox");
        assert_eq!(inbox.status, 200, "{}", inbox.text());
        let inbox = inbox.json();
        let items = inbox["items"].as_array().unwrap().iter();
        items.map(|item| format!("{} {}", item["kind"].as_str().unwrap(), item["text"].as_str().unwrap())).collect()
    }

    /// How many of an entity somebody sees.
    pub fn count(&self, who: &str, entity: &str) -> i64 {
        let list = self.get(who, &format!("/api/{entity}?count=true&limit=1"));
        assert_eq!(list.status, 200, "{}", list.text());
        list.json()["count"].as_i64().unwrap()
    }
}

/// Its status and the code of its first problem.
pub fn code(answer: &Answer) -> (u16, String) {
    let json = answer.json();
    let code = json["problems"][0]["code"].as_str().or(json["code"].as_str()).unwrap_or("").to_owned();
    (answer.status, code)
}

/// It was refused, with this code.
pub fn refused(answer: &Answer, status: u16, with: &str) {
    assert_eq!(code(answer), (status, with.to_owned()), "{}", answer.text());
}
