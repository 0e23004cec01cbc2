use kernel::{Amount, Currency, Id, Refusal};
use meta::{Document, Effects, Hint, NO_CURRENCY, Reader, Tone, Trouble, Want};
use org::keeping::{self, Keeping};
use org::{tax_number, tree};

use super::Party;

/// Why a party is not saved.
#[derive(meta::Refusal)]
pub enum NotAParty {
    /// A party is a customer, a supplier or a person. Tick one at least.
    ///
    /// 往来单位须为客户、供应商或个人，请至少勾选一项。
    #[refusal(kind = "Invalid", field = "is_customer")]
    NoRole,
    /// A credit limit is not below zero. Enter 0 for no credit at all, or leave it empty for no limit.
    ///
    /// 信用额度不能小于零。填 0 表示不赊销，留空表示不限。
    #[refusal(kind = "Invalid", field = "credit_limit")]
    NegativeLimit,
    /// Only one address can be the usual one. Untick the others.
    ///
    /// 只能有一个默认地址，请取消其他的默认。
    #[refusal(kind = "Invalid", field = "addresses.is_default")]
    TwoUsualAddresses,
    /// A person cannot be a contact of themselves. Choose someone else.
    ///
    /// 个人不能是自己的联系人，请选择他人。
    #[refusal(kind = "Invalid", field = "contacts.person")]
    OwnContact,
    /// This person stands here twice. Remove one of the lines.
    ///
    /// 该联系人重复，请删除其中一行。
    #[refusal(kind = "Invalid", field = "contacts.person")]
    ContactTwice,
}

/// What may be odd about a party; it stops nobody.
#[derive(meta::Refusal)]
pub enum Oddity {
    /// There is already {other} with this name or tax number. Is it the same?
    ///
    /// 已有同名或同税号的往来单位 {other}，是否为同一单位？
    #[refusal(kind = "Conflict", field = "name")]
    KnownAlready {
        /// Who it might be.
        other: (&'static str, i64),
    },
}

/// What is known of a party.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The company's currency.
    pub currency: Currency,
    /// Whom it belongs to, nearest first.
    pub above: Vec<i64>,
    /// Another one with the same name or tax number.
    pub same: Option<i64>,
    /// The credit limit of who becomes a customer and is given none.
    pub usual_limit: Option<Amount>,
}

const SAME: &str = "
    select id
    from party
    where company = ?1 and id <> ?2 and (name = ?3 or tax_number = ?4)
    order by id
    limit 1";

const USUAL_LIMIT: &str = "select default_credit_limit from company where id = ?1";

impl Document for Party {
    type Facts = Facts;
    type Action = Keeping;

    fn facts(doc: &Self, want: &Want<Keeping>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let context = reader.context();
        let same = match want {
            Want::Typing if !doc.name.is_empty() => {
                // An empty tax number is stored as nothing, so it equals no other.
                let args = [
                    context.company.into(),
                    doc.id.raw().into(),
                    doc.name.as_str().into(),
                    doc.tax_number.as_str().into(),
                ];
                reader.rows(SAME, &args)?.first().map(|row| row.int(0))
            }
            Want::Typing | Want::Save(_) | Want::Act(_) => None,
        };
        let above = tree::above(reader, "party", "parent", doc.parent.map(Id::raw))?;
        let was_customer = match want {
            Want::Typing => doc.id.raw() != 0,
            Want::Save(old) => old.is_some_and(|old| old.get("is_customer").int() == Some(1)),
            Want::Act(_) => true,
        };
        let usual_limit = match doc.is_customer && !was_customer && doc.credit_limit.is_none() {
            true => {
                reader.steady_rows(USUAL_LIMIT, &[context.company.into()])?.first().and_then(|row| row.maybe_int(0))
            }
            false => None,
        };
        Ok(Facts { currency: context.currency, above, same, usual_limit: usual_limit.map(Amount::new) })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        doc.code = doc.code.trim().to_owned();
        doc.tax_number.make_ascii_uppercase();
        if doc.currency == NO_CURRENCY {
            doc.currency = facts.currency;
        }
        if !(doc.is_customer || doc.is_supplier || doc.is_person) {
            return Err(NotAParty::NoRole.into());
        }
        doc.credit_limit = doc.credit_limit.or(facts.usual_limit);
        if doc.credit_limit.is_some_and(Amount::is_negative) {
            return Err(NotAParty::NegativeLimit.into());
        }
        tree::check(doc.id.raw(), &facts.above, "parent")?;
        complete_addresses(doc)?;
        check_contacts(doc)
    }

    fn hints(doc: &Self, facts: &Facts) -> Vec<Hint> {
        let odd = tax_number::oddity(&doc.country, &doc.tax_number);
        let known = facts.same.map(|id| Oddity::KnownAlready { other: ("party", id) }.into());
        odd.into_iter().chain(known).map(|about| Hint { tone: Tone::Warn, about }).collect()
    }

    fn decide(_: &Self, action: &Keeping, _: &Facts) -> Result<(&'static str, Effects), Refusal> {
        Ok(keeping::decide(*action))
    }

    fn ready(doc: &Self, action: &Keeping) -> Result<(), Refusal> {
        keeping::ready(doc.active, *action)
    }
}

fn complete_addresses(doc: &mut Party) -> Result<(), Refusal> {
    let mut has_default = false;
    for (row, address) in doc.addresses.iter_mut().enumerate() {
        if address.country.is_empty() {
            address.country = doc.country.clone();
        }
        if address.is_default && has_default {
            return Err(Refusal::from(NotAParty::TwoUsualAddresses).row(row));
        }
        has_default |= address.is_default;
    }
    // Documents need one to take; with several, the first is as good as any until one is chosen.
    match doc.addresses.first_mut() {
        Some(first) if !has_default => first.is_default = true,
        _ => {}
    }
    Ok(())
}

fn check_contacts(doc: &Party) -> Result<(), Refusal> {
    for (row, contact) in doc.contacts.iter().enumerate() {
        let why = match contact.person {
            person if person == doc.id && person.raw() != 0 => NotAParty::OwnContact,
            person if doc.contacts[..row].iter().any(|other| other.person == person) => NotAParty::ContactTwice,
            _ => continue,
        };
        return Err(Refusal::from(why).row(row));
    }
    Ok(())
}
