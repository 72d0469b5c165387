//! Documents whose numbers have no check that one could look at: only the word beside them says what they are.

use super::{Id, id};
use crate::check::{is_day, number};

/// The rows.
pub(super) static IDS: &[Id] = &[
    id!(
        "passport",
        "The number of a passport",
        "ICAO 9303-3: at most nine letters and digits; any word of that form, so only beside its name",
        High,
        "",
        "XXXXXXX|XXXXXXXX|XXXXXXXXX",
        is_document,
        (0, 0, 80),
        "passport|passport number|passport no|passport#|passportnumber|passeport|pasaporte|passaporto|passaporte|\
         reisepass|reisepassnummer|paspoort|paszport|pasaport|pas|\u{43f}\u{430}\u{441}\u{43f}\u{43e}\u{440}\u{442}|\
         \u{41f}\u{430}\u{441}\u{43f}\u{43e}\u{440}\u{442}|\u{62a4}\u{7167}|\u{8b77}\u{7167}|\u{65c5}\u{5238}|\
         \u{5ea}\u{5e8}\u{5db}\u{5d5}\u{5df}|\u{30d1}\u{30b9}\u{30dd}\u{30fc}\u{30c8}|\u{c5ec}\u{ad8c}|\
         \u{62c}\u{648}\u{627}\u{632} \u{627}\u{644}\u{633}\u{641}\u{631}"
    ),
    id!(
        "driving-licence",
        "The number of a driving licence",
        "AAMVA DL/ID Card Design Standard and EU directive 2006/126/EC leave the form to each state; only beside its name",
        High,
        "",
        "XXXXXXX|XXXXXXXX|XXXXXXXXX|XXXXXXXXXX|XXXXXXXXXXX|XXXXXXXXXXXX|XXXXXXXXXXXXX|XXXXXXXXXXXXXX|XXXXXXXXXXXXXXX|\
         XXXXXXXXXXXXXXXX|A999-9999-9999|A999-9999-9999-99|AA-999999-A|99-99-999999-99",
        is_document,
        (0, 0, 75),
        "driver's license|driver\u{2019}s license|drivers license|driver license|driver's licence|drivers licence|\
         driving licence|driving license|driving licence number|driver's licence number|driverslicense|driverlicense|\
         licence number|license number|dl|dl number|dln|f\u{fc}hrerschein|f\u{fc}hrerscheinnummer|permis de conduire|\
         patente|patente di guida|permiso de conducir|licencia de conducir|carta de condu\u{e7}\u{e3}o|cnh|rijbewijs|\
         rijbewijsnummer|prawo jazdy|k\u{f6}rkort|f\u{f8}rerkort|k\u{f8}rekort|ajokortti|\u{9a7e}\u{9a76}\u{8bc1}|\
         \u{9a7e}\u{7167}|\u{904b}\u{8ee2}\u{514d}\u{8a31}|\u{c6b4}\u{c804}\u{ba74}\u{d5c8}"
    ),
    id!(
        "gb-driving-licence",
        "A British driving licence number",
        "DVLA: surname, decade, month (from 51 on for women), day, year, initials; a form of its own",
        High,
        "GB",
        "AXXXX999999AXXAA",
        is_british_licence,
        (85, 85, 95),
        "driving licence|licence|driver number|dvla"
    ),
];

/// Whether a word can be a document's number: mostly digits, and not a date.
fn is_document(characters: &[u8]) -> bool {
    let digits = characters.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_date = characters.len() == 8
        && digits == 8
        && matches!(number(&characters[..4]), 1900..=2099)
        && is_day(number(&characters[4..6]), number(&characters[6..]));
    digits >= 5 && digits * 2 > characters.len() && !is_date && characters.iter().any(|byte| *byte != characters[0])
}

/// Short surnames are filled with nines, as are missing initials.
fn is_british_licence(characters: &[u8]) -> bool {
    let (surname, month) = (&characters[..5], number(&characters[6..8]));
    let letters = surname.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let initials = &characters[11..13];
    surname[letters..].iter().all(|byte| *byte == b'9')
        && is_day(if month > 50 { month - 50 } else { month }, number(&characters[8..10]))
        && initials.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'9')
}
