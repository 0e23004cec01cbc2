use kernel::{Amount, Currency, Id};
use meta::{Document, Entity, Record};

use super::*;

fn facts() -> Facts {
    Facts { currency: Currency::CNY, above: vec![], same: None, usual_limit: None }
}

fn party() -> Party {
    let mut party = Party::from_record(&Record::empty(Party::meta())).unwrap();
    (party.id, party.code, party.name) = (Id::new(7), "C1".to_owned(), "Blue Wheel".to_owned());
    party.is_customer = true;
    party
}

fn address(line: &str, is_default: bool) -> PartyAddress {
    let mut address = PartyAddress::from_record(&Record::empty(PartyAddress::meta())).unwrap();
    (address.line, address.is_default) = (line.to_owned(), is_default);
    address
}

fn contact(person: i64) -> PartyContact {
    PartyContact { id: Id::new(0), person: Id::new(person), role: String::new(), inactive: false }
}

fn save(change: impl FnOnce(&mut Party, &mut Facts)) -> Result<Party, &'static str> {
    let (mut party, mut facts) = (party(), facts());
    change(&mut party, &mut facts);
    Party::complete(&mut party, &facts).map(|()| party).map_err(|why| why.problems[0].code)
}

#[test]
fn a_party_is_somebody() {
    assert_eq!(save(|party, _| party.is_customer = false).unwrap_err(), "no_role");
    assert!(save(|party, _| (party.is_customer, party.is_person) = (false, true)).is_ok());
}

#[test]
fn a_new_party_has_the_currency_of_the_company() {
    assert_eq!(save(|_, _| ()).unwrap().currency, Currency::CNY);
    assert_eq!(save(|party, _| party.currency = Currency::EUR).unwrap().currency, Currency::EUR);
}

#[test]
fn a_credit_limit_may_be_nothing_but_not_less() {
    assert!(save(|party, _| party.credit_limit = Some(Amount::ZERO)).is_ok());
    assert_eq!(save(|party, _| party.credit_limit = Some(Amount::new(-1))).unwrap_err(), "negative_limit");
}

#[test]
fn nobody_belongs_to_themselves() {
    assert!(save(|_, facts| facts.above = vec![2, 1]).is_ok());
    assert_eq!(save(|_, facts| facts.above = vec![2, 7]).unwrap_err(), "above_itself");
}

#[test]
fn one_address_is_the_usual_one() {
    let saved = save(|party, _| {
        party.country = "CN".to_owned();
        party.addresses = vec![address("1 Main St", false), address("2 Side St", false)];
    })
    .unwrap();
    let usual: Vec<bool> = saved.addresses.iter().map(|one| one.is_default).collect();
    assert_eq!(usual, [true, false]);
    assert_eq!(saved.addresses[0].country, "CN");
    let two = |party: &mut Party, _: &mut Facts| party.addresses = vec![address("1", true), address("2", true)];
    assert_eq!(save(two).unwrap_err(), "two_usual_addresses");
}

#[test]
fn contacts_are_other_persons_and_each_once() {
    assert!(save(|party, _| party.contacts = vec![contact(8), contact(9)]).is_ok());
    assert_eq!(save(|party, _| party.contacts = vec![contact(7)]).unwrap_err(), "own_contact");
    assert_eq!(save(|party, _| party.contacts = vec![contact(8), contact(8)]).unwrap_err(), "contact_twice");
}

#[test]
fn an_odd_tax_number_or_a_namesake_is_mentioned() {
    let mut odd = party();
    (odd.country, odd.tax_number) = ("CN".to_owned(), "123".to_owned());
    let codes: Vec<&str> = Party::hints(&odd, &Facts { same: Some(3), ..facts() })
        .iter()
        .map(|hint| hint.about.problems[0].code)
        .collect();
    assert_eq!(codes, ["not_a_credit_code", "known_already"]);
    assert!(Party::hints(&party(), &facts()).is_empty());
}
