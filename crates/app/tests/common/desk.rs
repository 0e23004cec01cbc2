//! Somebody at work: inside the program, or through the public API as any other program would.

use std::ops::Deref;
use std::sync::{Arc, Mutex};

use app::driver::{Driver, sendable};
use kernel::id_text;
use meta::{Fault, Trouble};
use serde_json::{Map, Value as Json, json};

use super::rim::{PASSWORD, Rim};
use super::text;

/// Works by HTTP where there is a door, else as [`Driver`] does.
pub struct Desk {
    driver: Driver,
    door: Option<Arc<Door>>,
}

/// Requests of somebody who signs in again when days have passed.
struct Door {
    rim: Rim,
    login: String,
    cookie: Mutex<String>,
}

impl Deref for Desk {
    type Target = Driver;

    fn deref(&self) -> &Driver {
        &self.driver
    }
}

impl Desk {
    /// Inside the program.
    pub fn inside(driver: Driver) -> Desk {
        Desk { driver, door: None }
    }

    /// The same work for the same company, by requests of somebody signed in.
    pub fn through(self, rim: Rim, login: &str) -> Desk {
        let door = Door { rim, login: login.to_owned(), cookie: Mutex::default() };
        Desk { door: Some(Arc::new(door)), ..self }
    }

    /// The system at work for another company, through the same door if there is one.
    pub fn of(&self, company: i64) -> Desk {
        Desk { driver: Driver::system(&self.engine, company).unwrap(), door: self.door.clone() }
    }

    /// The answer to a request, or nothing where there is no door.
    fn asked(&self, method: &str, uri: &str, language: &str, body: &Json) -> Option<Result<Json, Trouble>> {
        let door = self.door.as_deref()?;
        let company = id_text("co", self.actor.company);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let send = |cookie: &str| {
            let headers = [
                ("cookie", cookie),
                ("x-heyi", "1"),
                ("x-company", &company),
                ("accept-language", language),
                ("content-type", "application/json"),
            ];
            door.rim.send(method, uri, &headers, body.clone())
        };
        let mut cookie = door.cookie.lock().unwrap();
        let mut answer = send(&cookie);
        if answer.status == 401 {
            *cookie = door.rim.try_in(&door.login, PASSWORD).cookie();
            answer = send(&cookie);
        }
        Some(match answer.status {
            200..300 => Ok(answer.json()),
            status => Err(Fault::new(format!("{method} {uri}: {status} {}", answer.text())).into()),
        })
    }

    /// The whole answer to a creation.
    pub fn made(&self, entity: &str, body: &Json) -> Option<Result<Json, Trouble>> {
        self.asked("POST", &format!("/api/{entity}"), "en", body)
    }

    /// Creates a record; gives its outer id.
    pub fn create(&self, entity: &str, body: Json) -> Result<String, Trouble> {
        match self.made(entity, &body) {
            Some(answer) => Ok(text(&answer?["record"]["id"])),
            None => self.driver.create(entity, body),
        }
    }

    /// Takes an action.
    pub fn act(&self, entity: &str, id: &str, action: &str, args: Json) -> Result<Json, Trouble> {
        self.asked("POST", &format!("/api/{entity}/{id}/{action}"), "en", &args)
            .unwrap_or_else(|| self.driver.act(entity, id, action, args))
    }

    /// Changes fields of a record.
    pub fn change(&self, entity: &str, id: &str, body: Json) -> Result<(), Trouble> {
        if self.door.is_none() {
            return self.driver.change(entity, id, body);
        }
        let mut all = json!({ "version": self.get(entity, id)?["version"] });
        super::merge(&mut all, body);
        self.asked("PATCH", &format!("/api/{entity}/{id}"), "en", &all).expect("there is a door").map(|_| ())
    }

    /// A record as the API shows it.
    pub fn get(&self, entity: &str, id: &str) -> Result<Json, Trouble> {
        match self.asked("GET", &format!("/api/{entity}/{id}"), "en", &Json::Null) {
            Some(answer) => Ok(answer?["record"].clone()),
            None => self.driver.get(entity, id),
        }
    }

    /// A prefilled record as a body that can be sent back.
    pub fn prefilled(&self, entity: &str, from: (&str, &str)) -> Result<Map<String, Json>, Trouble> {
        match self.asked("GET", &format!("/api/{entity}/new?from={}:{}", from.0, from.1), "en", &Json::Null) {
            Some(answer) => Ok(sendable(self.engine.entity(entity)?, &answer?["record"])),
            None => self.driver.prefilled(entity, from),
        }
    }

    /// A report as JSON, in a language.
    pub fn report_in(&self, language: kernel::Lang, name: &str, params: &[(&str, &str)]) -> Json {
        let pairs: Vec<String> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let code = if language == kernel::Lang::Zh { "zh" } else { "en" };
        if let Some(answer) = self.asked("GET", &format!("/api/report/{name}?{}", pairs.join("&")), code, &Json::Null) {
            return answer.unwrap_or_else(|why| panic!("{why:?}"));
        }
        let mut reader = self.actor.clone();
        reader.lang = language;
        let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (title, table) = self.engine.report(&reader, name, &params).unwrap();
        self.engine.table_json(&reader, title, &table)
    }

    /// A report as JSON.
    pub fn report(&self, name: &str, params: &[(&str, &str)]) -> Json {
        self.report_in(self.actor.lang, name, params)
    }
}
