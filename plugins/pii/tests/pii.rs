//! What the guard finds and what it leaves alone, through the interface that the host calls.
//!
//! The numbers are those of the issuers' own documentation, or made up with valid check digits.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use guard_pii::{Config, Kind, Pii};
use guardhouse_guard::{Guard as _, Repair, testing};

/// The rules and the texts that are found.
fn found(text: &str) -> Vec<(String, String)> {
    found_with("", text)
}

fn found_with(config: &str, text: &str) -> Vec<(String, String)> {
    let findings = testing::inspect::<Pii>(config, text).unwrap();
    findings.into_iter().map(|found| (found.rule.clone(), text[found.place().unwrap().1].to_string())).collect()
}

fn one(rule: &str, value: &str) -> Vec<(String, String)> {
    vec![(rule.to_string(), value.to_string())]
}

/// Asserts that each value is found by a rule behind its lead, whole and alone.
fn all_found(rule: &str, values: &[(&str, &str)]) {
    for (lead, value) in values {
        for text in [format!("{lead}{value}"), format!("{lead}{value}, and"), format!("({lead}{value}).")] {
            assert_eq!(found(&text), one(rule, value), "{text}");
        }
    }
}

/// Asserts that nothing is found.
fn none_found(texts: &[&str]) {
    for text in texts {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn an_address_is_found_without_what_stands_around_it() {
    let address = "jane.doe+news@mail.firma.de";
    for text in [
        format!("write to {address}."),
        format!("<{address}>"),
        format!("'{address}'"),
        format!("mailto:{address}?subject=x"),
        format!("email={address}&x=1"),
        format!("\u{201c}{address}\u{201d}"),
        format!("{address}: hello"),
        format!("see...{address}"),
        format!("\u{8bf7}\u{53d1}\u{5230}{address}\u{3002}"),
        format!("{address}\n"),
    ] {
        assert_eq!(found(&text), one("email", address), "{text}");
    }
    assert_eq!(found("j\u{f6}rg@m\u{fc}ller.de"), one("email", "j\u{f6}rg@m\u{fc}ller.de"));
    assert_eq!(found("o'brien@firma.ie"), one("email", "o'brien@firma.ie"));
    assert_eq!(found("jane@gmail.com:hunter2"), one("email", "jane@gmail.com"));
}

#[test]
fn what_only_has_an_at_is_no_address() {
    none_found(&[
        "user@localhost",
        "root@server",
        "@decorator def f(): pass",
        "@app.route('/x')",
        "git@github.com:owner/repo.git",
        "deploy@host.example.com:/srv/app",
        "https://user@host.com/path",
        "https://user:password@host.com/path",
        "npm install @scope/package@1.2.3",
        "actions/checkout@v4.1.0",
        "icon@2x.png",
        "getty@tty1.service",
        "y = x@w.T",
        "q@k.transpose(1, 2)",
        "a @ b.com",
        "me@",
        "@me.com",
        "a@b@c.com",
    ]);
}

#[test]
fn an_example_is_told_from_an_address() {
    assert_eq!(found("user@example.com"), one("email-example", "user@example.com"));
    assert_eq!(found("a@b.example"), one("email-example", "a@b.example"));
    assert_eq!(found_with(r#"{"example_domains":false}"#, "user@mail.example.org"), []);
    assert_eq!(found("user@myexample.com"), one("email", "user@myexample.com"));
}

#[test]
fn a_card_is_found_as_it_is_printed_and_as_it_is_stored() {
    all_found(
        "payment-card",
        &[
            ("", "4111111111111111"),
            ("", "4111 1111 1111 1111"),
            ("", "4111-1111-1111-1111"),
            ("", "4111\u{a0}1111\u{a0}1111\u{a0}1111"),
            ("", "5555 5555 5555 4444"),
            ("", "2223003122003222"),
            ("", "3782 822463 10005"),
            ("", "6011111111111117"),
            ("", "3530111333300000"),
            ("", "30569309025904"),
            ("card ", "4222222222222"),
        ],
    );
    assert_eq!(found("4111 1111 1111 1111 12/27"), one("payment-card", "4111 1111 1111 1111"));
}

#[test]
fn a_number_that_only_looks_like_a_card_is_left_alone() {
    none_found(&[
        "4111111111111112",
        "4111 1111 1111 1112",
        "1234567890123456",
        "0000 0000 0000 0000",
        "9999999999999995",
        "1731234567890",
        "1731234567890123",
        "1731234567890123456",
        "id 84111111111111111",
        "0x4111111111111111",
        "a4111111111111111",
        "4111111111111111-4111",
        "1.4111111111111111",
        "550e8400-e29b-41d4-a716-446655440000",
        "12 4111 1111 1111 1111 12",
        "4111 11 1111 11 1111",
        "4222222222222",
    ]);
}

#[test]
fn an_account_is_found_by_its_country_and_its_check_digits() {
    all_found(
        "iban",
        &[
            ("", "DE89370400440532013000"),
            ("IBAN: ", "DE89 3704 0044 0532 0130 00"),
            ("", "GB82 WEST 1234 5698 7654 32"),
            ("", "gb82west12345698765432"),
            ("", "NO9386011117947"),
            ("", "MT84MALT011000012345MTLCAST001S"),
        ],
    );
    all_found("us-bank-routing", &[("routing number ", "121000358")]);
    none_found(&["DE88370400440532013000", "XX89370400440532013000", "DE8937040044053201300", "121000358"]);
}

#[test]
fn a_phone_number_is_found_in_the_forms_that_people_write() {
    all_found(
        "phone-international",
        &[("", "+49 30 901820"), ("", "+4915112345678"), ("", "+1-212-555-0123"), ("", "+44 (20) 7946 0958")],
    );
    all_found(
        "phone-nanp",
        &[("", "(212) 555-0123"), ("", "212-555-0123"), ("", "212.555.0123"), ("", "1-800-356-9377")],
    );
    all_found(
        "phone-national",
        &[
            ("", "020 7946 0958"),
            ("", "01 23 45 67 88"),
            ("", "0171/1234567"),
            ("", "090-1234-5678"),
            ("", "0532 123 45 67"),
        ],
    );
    all_found(
        "phone-named",
        &[
            ("phone: ", "5552368"),
            ("Tel. ", "2125550123"),
            ("\u{624b}\u{673a}\u{ff1a}", "13812345678"),
            ("call me at ", "612 345 678"),
        ],
    );
    assert_eq!(found("tel 212-555-0123x42"), one("phone-nanp", "212-555-0123"));
    assert_eq!(found("2125550123 is my phone"), one("phone-named", "2125550123"));
}

#[test]
fn other_numbers_are_no_phone_numbers() {
    none_found(&[
        "order 2125550123",
        "on 2024-05-01 and 01.02.2024",
        "2024-05-01T19:33:00",
        "1731234567",
        "1,234,567,890",
        "$1234567890",
        "12.3456789, -98.7654321",
        "(-17.738223, 85.605469)",
        "+12.3456789",
        "0-306-40615-2",
        "978-3-16-148410-0",
        "1Z999AA10123456784",
        "123-456-7890",
        "911-211-1234",
        "call f(1234567)",
        "10 20 30 40 50",
        "01 02 03 04 05",
        "x+4915112345678",
        "9400 1000 0000 0000 0000 00",
    ]);
}

#[test]
fn an_address_of_a_network_is_found_where_it_is_public() {
    all_found("ipv4", &[("from ", "93.184.216.34"), ("http://", "93.184.216.34"), ("ip ", "5.6.7.8")]);
    all_found("ipv6", &[("", "2a00:1450:4001:81b::200e"), ("", "2600:1f18:1234:5678:9abc:def0:1234:5678")]);
    all_found("mac-address", &[("", "00:1a:2b:3c:4d:5e"), ("", "00-1A-2B-3C-4D-5E")]);
    assert_eq!(found("http://[2a00:1450:4001:81b::200e]:80/"), one("ipv6", "2a00:1450:4001:81b::200e"));
    none_found(&[
        "10.0.0.1",
        "192.168.1.1",
        "127.0.0.1:8080",
        "192.0.2.1",
        "8.8.8.8",
        "::1",
        "fe80::1",
        "2001:db8::1",
        "1.2.3.4",
        "version 10.20.30.40",
        "v10.20.30.41",
        "Chrome/120.0.6099.71",
        "93.184.216.0/24",
        "1.3.6.1.4.1.311",
        "256.1.1.1",
        "12:34:56",
        "std::cout a::b1",
        "ff:ff:ff:ff:ff:ff",
        "01:00:5e:00:00:01",
        "00:00:5e:00:53:01",
        "00:1a:2b:3c:4d:5e:6f:70",
    ]);
    let private = r#"{"private_addresses":true}"#;
    assert_eq!(found_with(private, "at 10.0.0.1"), one("ip-private", "10.0.0.1"));
    assert_eq!(found_with(private, "at fe80::1"), one("ip-private", "fe80::1"));
}

#[test]
fn a_number_with_a_form_of_its_own_is_found_by_it() {
    for (rule, value) in [
        ("us-ssn", "219-09-9998"),
        ("us-itin", "911-70-1234"),
        ("us-medicare", "1EG4-TE5-MK73"),
        ("gb-nino", "AB 12 34 56 C"),
        ("gb-nino", "JG103759A"),
        ("gb-driving-licence", "MORGA657054SM9IJ"),
        ("fr-nir", "2 55 08 14 168 025 38"),
        ("de-tax-id", "36 574 261 809"),
        ("de-social-security", "15070649C103"),
        ("ch-ahv", "756.9217.0769.85"),
        ("be-national-number", "85.07.30-033.28"),
        ("es-dni", "54362315K"),
        ("es-nie", "X-2482300-W"),
        ("it-fiscal-code", "RCCMNL83S18D969H"),
        ("se-personnummer", "880320-0016"),
        ("dk-cpr", "211062-5629"),
        ("fi-hetu", "131052-308T"),
        ("fi-hetu", "010594Y9032"),
        ("cz-rodne-cislo", "710319/2745"),
        ("ru-snils", "112-233-445 95"),
        ("br-cpf", "390.533.447-05"),
        ("br-cnpj", "16.727.230/0001-97"),
        ("mx-curp", "BOXW310820HNERXN09"),
        ("ar-cuit", "20-05536168-2"),
        ("cl-rut", "12.531.909-2"),
        ("in-aadhaar", "2341 2341 2346"),
        ("in-pan", "ACUPA7085R"),
        ("cn-resident-id", "11010519491231002X"),
        ("kr-rrn", "880320-1012346"),
        ("sg-nric", "S1234567D"),
        ("th-id", "3-1005-01234-56-3"),
        ("my-nric", "770305-02-1234"),
        ("ae-emirates-id", "784-1984-1234567-4"),
        ("au-medicare", "2123 45670 1"),
        ("au-abn", "51 824 753 556"),
        ("za-id", "8001015009087"),
        ("bitcoin-address", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
        ("bitcoin-address", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        ("ethereum-address", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
    ] {
        assert_eq!(found(&format!("it is {value}.")), one(rule, value), "{rule} {value}");
    }
}

#[test]
fn a_number_that_many_pass_for_is_found_only_beside_its_name() {
    for (rule, name, value) in [
        ("us-ssn", "SSN", "219099998"),
        ("gb-nhs", "NHS number", "9434765919"),
        ("nl-bsn", "burgerservicenummer", "111222333"),
        ("pl-pesel", "PESEL", "44051401359"),
        ("pt-nif", "contribuinte", "501964843"),
        ("ca-sin", "social insurance", "130 692 544"),
        ("br-cpf", "cpf", "39053344705"),
        ("au-tfn", "TFN", "123 456 782"),
        ("jp-my-number", "\u{30de}\u{30a4}\u{30ca}\u{30f3}\u{30d0}\u{30fc}", "621498320257"),
        ("tr-kimlik", "TC kimlik", "17291716060"),
        ("il-id", "teudat zehut", "039337423"),
        ("id-nik", "NIK", "3171011708450001"),
        ("de-id-card", "Personalausweis", "T220001293"),
        ("passport", "passport no.", "X12345678"),
        ("driving-licence", "driver's license number", "H12234567"),
        ("gr-amka", "AMKA", "01013099997"),
    ] {
        assert_eq!(found(&format!("{name}: {value}")), one(rule, value), "{name}");
        assert_eq!(found(&format!("order: {value}")), [], "{value}");
        assert_eq!(found(&format!("{name} none\norder: {value}")), [], "{name} in the line before");
    }
}

#[test]
fn a_date_is_one_of_birth_only_beside_a_word_for_it() {
    all_found(
        "birth-date",
        &[
            ("born on ", "12 March 1985"),
            ("born ", "March 12th, 1985"),
            ("DOB: ", "03/12/1985"),
            ("date of birth ", "1985-03-12"),
            ("geboren am ", "12. M\u{e4}rz 1985"),
            ("n\u{e9}e le ", "3 ao\u{fb}t 1985"),
            ("nacido el ", "12 de marzo de 1985"),
        ],
    );
    none_found(&["on 12 March 1985", "due 03/12/2025", "born in 1985", "born 45/99/1985", "dob: 1.2.3.1985"]);
}

#[test]
fn digits_in_other_things_are_left_alone() {
    none_found(&[
        "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "550e8400-e29b-41d4-a716-446655440000",
        "123-45-6789 and 078-05-1120 and 000-12-3456 and 666-12-3456 and 123-00-4567 and 123-45-0000",
        "order 123456782, invoice 987654321, ticket 100200300",
        "version 1.2.3.4-beta.5",
        "\u{20ac}123456789 and $4111111111111111",
        "ORD-219099998",
        "file_219-09-9998_x",
        "219-09-9998-1",
        "1-219-09-9998",
        "tracking 1Z12345E0205271688",
        "port 8080, pid 123456, 3.14159265358979",
        "let x = 0x1234567890ABCDEF;",
        "user_id=1234567890123",
        "{\"ts\":1731234567890,\"id\":1731234567}",
    ]);
}

#[test]
fn what_the_host_writes_instead_is_left_alone() {
    for kind in Kind::ALL {
        let text = format!("[redacted:{}] and [redacted:{}]: <EMAIL_1>", kind.category(), kind.category());
        assert_eq!(found(&text), [], "{text}");
    }
    none_found(&[
        "card <CARD_12>, ssn <ID_1>, phone <PHONE_123>, iban <ACCOUNT_4>, from <IP_10>, born <BIRTH_DATE_7>, mac <DEVICE_2>",
        "passport <ID_1234567>",
        "mail <EMAIL_1>@<EMAIL_2>",
    ]);
}

#[test]
fn a_finding_is_repaired_by_a_pseudonym_of_its_kind_and_never_repeats_what_it_found() {
    let text = "jane@firma.de, +49 30 901820, 4111 1111 1111 1111, DE89370400440532013000, 219-09-9998";
    let findings = testing::inspect::<Pii>("", text).unwrap();
    let classes: Vec<_> = findings
        .iter()
        .map(|found| match &found.repair {
            Repair::Pseudonym(class) => class.as_str(),
            Repair::Mask | Repair::Remove => "",
        })
        .collect();
    assert_eq!(classes, ["EMAIL", "PHONE", "CARD", "ACCOUNT", "ID"]);
    for finding in &findings {
        assert!(!finding.message.contains(&text[finding.place().unwrap().1]) && finding.attributes.is_empty());
    }
}

#[test]
fn every_part_is_inspected_also_the_views() {
    let mut item = testing::item("\u{ff14}111 1111 1111 1111");
    let mut view = item.parts[0].clone();
    view.view = "unhidden".to_string();
    view.body = "4111 1111 1111 1111".to_string();
    item.parts.push(view);
    let guard = Pii::configure(Config::default()).unwrap();
    let findings = testing::inspect_text(&guard, &item).unwrap();
    assert_eq!(findings.iter().map(|found| found.place().unwrap()).collect::<Vec<_>>(), [(1, 0..19)]);
}

#[test]
fn the_configuration_chooses_kinds_countries_and_values() {
    let text = "jane@firma.de 54362315K 4111 1111 1111 1111";
    assert_eq!(found_with(r#"{"kinds":["email"]}"#, text), one("email", "jane@firma.de"));
    assert_eq!(found_with(r#"{"kinds":["national-id"],"countries":["DE"]}"#, text), []);
    assert_eq!(found_with(r#"{"kinds":["national-id"],"countries":["ES"]}"#, text).len(), 1);
    assert_eq!(found_with(r#"{"disabled":["payment-card","es-dni"]}"#, text).len(), 1);
    assert_eq!(found_with(r#"{"allow":["4111111111111111","Jane@Firma.de"]}"#, text).len(), 1);
    assert_eq!(found_with(r#"{"allow_domains":["firma.de"]}"#, "jane@mail.firma.de jo@afirma.de").len(), 1);
}

#[test]
fn a_configuration_that_cannot_be_meant_is_refused() {
    for (config, word) in [
        (r#"{"disabled":["emial"]}"#, "`emial`"),
        (r#"{"countries":["UK"]}"#, "`UK`"),
        (r#"{"kinds":["e-mail"]}"#, "e-mail"),
        (r#"{"allow":[" "]}"#, "empty"),
        (r#"{"allow_domains":["*.firma.de"]}"#, "`*.firma.de`"),
        (r#"{"alow":[]}"#, "`alow`"),
    ] {
        let error = testing::configure::<Pii>(config).unwrap_err();
        assert!(error.contains(word), "{error}");
    }
}
