//! What a rule is, and the kinds of personal data.

use guardhouse_guard::{Repair, Severity};

/// A kind of personal data: what a policy wants to treat apart from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// E-mail addresses.
    Email,
    /// Phone numbers.
    Phone,
    /// Numbers of payment cards.
    PaymentCard,
    /// Bank accounts: IBAN, and the routing number of an American one.
    BankAccount,
    /// Numbers that a state gave to a person: national identifiers, tax and insurance numbers, passports, licences.
    NationalId,
    /// IP addresses.
    IpAddress,
    /// Addresses of devices: MAC.
    DeviceId,
    /// Dates of birth.
    BirthDate,
    /// Addresses of cryptocurrency wallets.
    CryptoWallet,
}

impl Kind {
    /// All kinds.
    pub const ALL: &[Self] = &[
        Self::Email,
        Self::Phone,
        Self::PaymentCard,
        Self::BankAccount,
        Self::NationalId,
        Self::IpAddress,
        Self::DeviceId,
        Self::BirthDate,
        Self::CryptoWallet,
    ];

    /// The category of its findings.
    #[must_use]
    pub const fn category(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::PaymentCard => "payment-card",
            Self::BankAccount => "bank-account",
            Self::NationalId => "national-id",
            Self::IpAddress => "ip-address",
            Self::DeviceId => "device-id",
            Self::BirthDate => "birth-date",
            Self::CryptoWallet => "crypto-wallet",
        }
    }

    /// The repair of its findings: a pseudonym, so that a masked text still shows which values are the same.
    pub(crate) fn repair(self) -> Repair {
        let class = match self {
            Self::Email => "EMAIL",
            Self::Phone => "PHONE",
            Self::PaymentCard => "CARD",
            Self::BankAccount => "ACCOUNT",
            Self::NationalId => "ID",
            Self::IpAddress => "IP",
            Self::DeviceId => "DEVICE",
            Self::BirthDate => "BIRTH_DATE",
            Self::CryptoWallet => "WALLET",
        };
        Repair::Pseudonym(class.to_string())
    }
}

/// One rule.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Its stable name.
    pub(crate) id: &'static str,
    /// What it finds, as the message of the finding.
    pub(crate) what: &'static str,
    /// Where the format is described.
    #[expect(dead_code, reason = "for the reader of the table")]
    pub(crate) source: &'static str,
    /// The kind of what it finds.
    pub(crate) kind: Kind,
    /// How much harm it does in other hands.
    pub(crate) severity: Severity,
}

/// How sure a rule is, in percent, by what speaks for a match beside its check digits. 0: not enough, it is not reported.
///
/// Of random numbers with as many digits, one in 10 or 11 passes one check digit and one in 100 two; a date inside
/// (one in 27) and a written form with separators that little else has (order numbers have none, or others) add to that.
/// A number that chance gives in more than about one of 200 is reported only in its written form or beside its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sure {
    /// Nothing: the bare characters.
    pub(crate) bare: u8,
    /// It is written with its own separators.
    pub(crate) written: u8,
    /// Its name stands nearby.
    pub(crate) named: u8,
}
