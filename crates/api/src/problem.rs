//! Every answer that is not a success: `application/problem+json`, in the user's language.

use axum::Json as JsonBody;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::Engine;
use kernel::{Label, Lang, ProblemKind, Refusal};
use meta::Trouble;
use serde_json::{Map, Value as Json, json};

use crate::notes;

/// A sort of problem: what the status line, the code and the title say.
pub(crate) struct Sort {
    pub status: StatusCode,
    pub code: &'static str,
    pub title: Label,
}

macro_rules! sorts {
    ($($name:ident $status:ident $code:literal $en:literal $zh:literal;)*) => {
        $(pub(crate) static $name: Sort =
            Sort { status: StatusCode::$status, code: $code, title: Label::new($en, $zh) };)*
        /// All sorts, for the description of the API.
        pub(crate) static SORTS: &[&Sort] = &[$(&$name),*];
    };
}

sorts! {
    NOT_UNDERSTOOD BAD_REQUEST "not_understood" "The request is not understood." "无法理解该请求。";
    NOT_SIGNED_IN UNAUTHORIZED "not_signed_in" "Please sign in." "请先登录。";
    CODE_NEEDED UNAUTHORIZED "second_factor" "Type the code your app shows, too." "还需输入验证应用显示的验证码。";
    NOT_PERMITTED FORBIDDEN "not_permitted" "You may not do this." "您没有此权限。";
    NOT_FOUND NOT_FOUND "not_found" "There is no such thing, or it is not yours to see." "不存在，或您无权查看。";
    NOT_ALLOWED METHOD_NOT_ALLOWED "method_not_allowed" "This address does not take this method." "该地址不支持此方法。";
    NOT_NOW CONFLICT "not_now" "This cannot be done now." "现在不能执行此操作。";
    CONFLICT CONFLICT "conflict" "This contradicts what is recorded already." "与已有记录冲突。";
    STALE PRECONDITION_FAILED "stale" "Someone was faster. Look at the present state, then try again." "他人已先修改，请查看最新内容后重试。";
    TOO_LARGE PAYLOAD_TOO_LARGE "too_large" "This is more than is accepted at once. Send it in parts." "内容过大，请分批发送。";
    INVALID UNPROCESSABLE_ENTITY "invalid" "Something has to be corrected first." "请先更正以下内容。";
    TOO_MUCH UNPROCESSABLE_ENTITY "too_much" "This is more than there is or than is allowed." "超出现有数量或允许范围。";
    TOO_MANY TOO_MANY_REQUESTS "too_many" "Too many attempts. Wait a moment." "尝试次数过多，请稍候。";
    OURS INTERNAL_SERVER_ERROR "internal" "Something went wrong on our side. Please quote the request number." "系统出错，请提供请求编号以便查询。";
}

/// What more is said.
enum Detail {
    /// Put into the language of the answer when it is sent: where the reason arises, that may not be known.
    Reason(Label),
    /// In it already.
    Text(String),
}

/// An answer that is not a success.
pub(crate) struct Problem(Box<Told>);

struct Told {
    sort: &'static Sort,
    detail: Option<Detail>,
    problems: Json,
    more: Map<String, Json>,
    retry_after_s: Option<i64>,
    /// The methods there are instead.
    allow: Option<&'static str>,
}

/// A sentence with what it speaks of in it.
fn filled(label: Label, more: &Map<String, Json>, lang: Lang) -> String {
    more.iter().fold(label.get(lang).to_owned(), |text, (name, value)| {
        let said = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text.replace(&format!("{{{name}}}"), &said)
    })
}

impl Problem {
    /// One of these, with nothing more to say.
    pub fn new(sort: &'static Sort) -> Problem {
        Problem(Box::new(Told {
            sort,
            detail: None,
            problems: json!([]),
            more: Map::new(),
            retry_after_s: None,
            allow: None,
        }))
    }

    /// Says more, in the language of the answer; `{name}` stands for what it carries by that name.
    pub fn because(mut self, label: Label) -> Problem {
        self.0.detail = Some(Detail::Reason(label));
        self
    }

    /// Carries something else.
    pub fn with(mut self, name: &str, value: Json) -> Problem {
        self.0.more.insert(name.to_owned(), value);
        self
    }

    /// Why it is not understood; for the command line, too.
    pub fn reason(&self, lang: Lang) -> String {
        match &self.0.detail {
            Some(Detail::Reason(label)) => filled(*label, &self.0.more, lang),
            Some(Detail::Text(text)) => text.clone(),
            None => self.0.sort.title.get(lang).to_owned(),
        }
    }

    /// Says which methods there are.
    pub fn allow(mut self, methods: &'static str) -> Problem {
        self.0.allow = Some(methods);
        self
    }

    /// Says when to try again.
    pub fn retry_after(mut self, seconds: i64) -> Problem {
        self.0.retry_after_s = Some(seconds);
        self
    }

    /// A request that is not understood, for this reason.
    pub fn not_understood(en: &'static str, zh: &'static str) -> Problem {
        Problem::new(&NOT_UNDERSTOOD).because(Label::new(en, zh))
    }

    /// A refusal as an answer. Looks up names, so it blocks.
    pub fn refused(engine: &Engine, refusal: &Refusal, lang: Lang) -> Problem {
        let kind = refusal.problems.first().map_or(ProblemKind::Invalid, |problem| problem.kind);
        let code = refusal.problems.first().map_or("", |problem| problem.code);
        let sort = match kind {
            // A filter or a parameter that cannot be read: the request, not the record, is wrong.
            ProblemKind::Invalid if matches!(code, "filter_not_understood" | "unknown_parameter") => &NOT_UNDERSTOOD,
            ProblemKind::Invalid => &INVALID,
            ProblemKind::NotAllowed => &NOT_PERMITTED,
            ProblemKind::NotFound => &NOT_FOUND,
            ProblemKind::NotNow => &NOT_NOW,
            ProblemKind::Conflict => &CONFLICT,
            ProblemKind::TooMuch => &TOO_MUCH,
        };
        let problems = engine.render(refusal, lang);
        let messages: Vec<&str> =
            problems.as_array().into_iter().flatten().filter_map(|problem| problem["message"].as_str()).collect();
        let gap = match lang {
            Lang::En => " ",
            Lang::Zh => "",
        };
        let detail = Some(Detail::Text(messages.join(gap)));
        Problem(Box::new(Told { sort, detail, problems, more: Map::new(), retry_after_s: None, allow: None }))
    }

    /// Trouble as an answer; a fault is logged here, once. `fresh` gives the present record of a stale one.
    pub fn of(engine: &Engine, trouble: Trouble, lang: Lang, fresh: impl Fn(&str, i64) -> Option<Json>) -> Problem {
        match trouble {
            Trouble::Refused(refusal) => Problem::refused(engine, &refusal, lang),
            Trouble::Stale { entity, id, current } => {
                let now = fresh(entity, id).unwrap_or_else(|| json!({ "version": current }));
                Problem::new(&STALE).with("current", now)
            }
            Trouble::Fault(fault) => {
                tracing::error!(fault = %fault, "fault");
                Problem::new(&OURS)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let told = *self.0;
        let title = told.sort.title.get(notes::lang());
        let detail = match &told.detail {
            None => title,
            Some(Detail::Reason(label)) => &filled(*label, &told.more, notes::lang()),
            Some(Detail::Text(text)) => text,
        };
        let mut body = Map::new();
        body.insert("type".into(), json!(format!("/problems/{}", told.sort.code)));
        body.insert("title".into(), json!(title));
        body.insert("status".into(), json!(told.sort.status.as_u16()));
        body.insert("code".into(), json!(told.sort.code));
        body.insert("detail".into(), json!(detail));
        body.insert("request".into(), json!(notes::request()));
        body.insert("problems".into(), told.problems);
        body.extend(told.more);
        let mut answer = (told.sort.status, JsonBody(Json::Object(body))).into_response();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = told.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        if let Some(methods) = told.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(methods));
        }
        if told.sort.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"heyi\""));
        }
        answer
    }
}
