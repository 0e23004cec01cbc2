//! Programs elsewhere that want to hear of what happens here.

use kernel::{Id, Refusal, WebAddress, is_inside};
use meta::{ALL, Document, Effects, Entity, Reader, Trouble, Want};

use crate::{Company, NoAction};

/// A program elsewhere that is told of what happens here: what changed, not what is in it.
/// 需要获知本系统变化的外部程序：只通知哪条记录变化，不含其内容。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "wh",
    kind = "setting",
    zh = "通知接口",
    title = "name",
    list = "name,url,events,active",
    sort = "name"
)]
pub struct Webhook {
    pub id: Id<Webhook>,
    #[field(zh = "公司")]
    pub company: Id<Company>,
    #[field(zh = "名称", search, max = 80)]
    pub name: String,
    /// Where each event is sent to. Addresses inside the house are refused.
    /// 事件发送到的网址；不允许内部网络地址。
    #[field(label = "Address", zh = "网址", url)]
    pub url: String,
    /// The names of the records it hears of, such as invoice payment, separated by blanks; * for all.
    /// 关注的资料或单据名称，如 invoice payment，以空格分隔；* 表示全部。
    #[field(label = "Records", zh = "关注对象", default = "*", max = 400)]
    pub events: String,
    /// One out of use is told nothing; what happens meanwhile is told when it is in use again.
    /// 停用期间不发送；重新启用后补发期间的事件。
    #[field(zh = "启用", default = "true")]
    pub active: bool,
}

/// Why a webhook is not saved.
#[derive(meta::Refusal)]
pub enum NotAWebhook {
    /// This is no address that can be sent to. Write it as https://host/path, without user names; of low ports only 80 and 443.
    ///
    /// 该网址无法使用。请写成 https://主机/路径，不带用户名；低位端口仅限 80 和 443。
    #[refusal(kind = "Invalid", field = "url")]
    NotAnAddress,
    /// This address is inside the house. Only addresses on the internet are sent to.
    ///
    /// 该网址属于内部网络，只能发送到互联网地址。
    #[refusal(kind = "Invalid", field = "url")]
    Inside,
    /// Names of records are written in small letters, such as invoice, separated by blanks; or * for all.
    ///
    /// 对象名称请用小写英文，如 invoice，以空格分隔；* 表示全部。
    #[refusal(kind = "Invalid", field = "events")]
    NotNames,
}

impl Document for Webhook {
    type Facts = ();
    type Action = NoAction;

    fn facts(_: &Self, _: &Want<NoAction>, _: &dyn Reader) -> Result<(), Trouble> {
        Ok(())
    }

    fn complete(doc: &mut Self, (): &()) -> Result<(), Refusal> {
        let is_name = |word: &str| {
            word == ALL || word.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'_')
        };
        match WebAddress::parse(&doc.url) {
            None => Err(NotAWebhook::NotAnAddress.into()),
            // A name is looked up when something is sent; it may lead elsewhere by then.
            Some(at) if at.number().is_some_and(is_inside) => Err(NotAWebhook::Inside.into()),
            Some(_) if doc.events.trim().is_empty() || !doc.events.split_whitespace().all(is_name) => {
                Err(NotAWebhook::NotNames.into())
            }
            Some(_) => Ok(()),
        }
    }

    fn decide(_: &Self, action: &NoAction, (): &()) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(url: &str, events: &str) -> &'static str {
        let mut doc = Webhook {
            id: Id::new(0),
            company: Id::new(1),
            name: "x".into(),
            url: url.into(),
            events: events.into(),
            active: true,
        };
        Webhook::complete(&mut doc, &()).map_or_else(|why| why.problems[0].code, |()| "saved")
    }

    #[test]
    fn only_addresses_outside_are_kept() {
        assert_eq!(saved("https://hooks.example/heyi", "*"), "saved");
        assert_eq!(saved("https://hooks.example/heyi", "invoice sales_order"), "saved");
        assert_eq!(saved("https://hooks.example", " "), "not_names");
        assert_eq!(saved("https://hooks.example", "Invoice"), "not_names");
        for url in
            ["http://127.0.0.1:8080", "http://[::1]", "http://169.254.169.254/latest/meta-data", "http://10.0.0.1"]
        {
            assert_eq!(saved(url, "*"), "inside", "{url}");
        }
        for url in ["http://0x7f000001", "file:///etc/passwd", "gopher://x", "http://a.example:25"] {
            assert_eq!(saved(url, "*"), "not_an_address", "{url}");
        }
    }
}
