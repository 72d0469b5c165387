//! The rules that more than a prefix tells, and the modules that look for them.

use guardhouse_guard::Severity;

use super::{Form, Rule};

/// An AWS secret access key.
pub(crate) static AWS_SECRET: Rule = Rule {
    id: "aws-secret-access-key",
    what: "an AWS secret access key",
    source: "AWS IAM user guide: 40 characters of base64, known by the id before it or by its name",
    severity: Severity::Critical,
    confidence: 95,
    is_named: false,
    form: Form::Written,
};

/// A private key.
pub(crate) static PEM: Rule = Rule {
    id: "private-key",
    what: "a private key",
    source: "RFC 7468 (PEM), RFC 9580 (OpenPGP armour)",
    severity: Severity::Critical,
    confidence: 99,
    is_named: false,
    form: Form::Written,
};

/// A JSON Web Token.
pub(crate) static JWT: Rule = Rule {
    id: "jwt",
    what: "a JSON Web Token",
    source: "RFC 7519 and RFC 7515: three parts, the first a JSON object that names an algorithm",
    severity: Severity::High,
    confidence: 90,
    is_named: false,
    form: Form::Written,
};

/// A Discord bot token.
pub(crate) static DISCORD: Rule = Rule {
    id: "discord-bot-token",
    what: "a Discord bot token",
    source: "Discord developer docs: the bot's number in base64, a time, a code",
    severity: Severity::Critical,
    confidence: 92,
    is_named: false,
    form: Form::Written,
};

/// A Telegram bot token.
pub(crate) static TELEGRAM: Rule = Rule {
    id: "telegram-bot-token",
    what: "a Telegram bot token",
    source: "Telegram bot API: the bot's number, a colon, 35 characters",
    severity: Severity::Critical,
    confidence: 95,
    is_named: false,
    form: Form::Written,
};

/// A password in a URL.
pub(crate) static URL: Rule = Rule {
    id: "url-password",
    what: "a password in a URL",
    source: "RFC 3986 section 3.2.1",
    severity: Severity::High,
    confidence: 85,
    is_named: false,
    form: Form::Written,
};

/// A database password in a URL.
pub(crate) static DATABASE_URL: Rule = Rule {
    id: "database-url-password",
    what: "a database password in a URL",
    source: "RFC 3986 section 3.2.1, with the scheme of a database or broker",
    severity: Severity::Critical,
    confidence: 90,
    is_named: false,
    form: Form::Written,
};

/// A value that its name calls a password.
pub(crate) static PASSWORD: Rule = Rule {
    id: "password",
    what: "a value that its name calls a password",
    source: "names of settings in common use",
    severity: Severity::High,
    confidence: 70,
    is_named: true,
    form: Form::Written,
};

/// A random value that its name calls a key, token or secret.
pub(crate) static KEY: Rule = Rule {
    id: "secret",
    what: "a random value that its name calls a key, token or secret",
    source: "names of settings in common use",
    severity: Severity::High,
    confidence: 70,
    is_named: true,
    form: Form::Written,
};

/// Credentials in an authorization header.
pub(crate) static AUTHORIZATION: Rule = Rule {
    id: "authorization-header",
    what: "credentials in an authorization header",
    source: "RFC 9110 section 11.4, RFC 6750",
    severity: Severity::High,
    confidence: 80,
    is_named: true,
    form: Form::Written,
};

/// A client secret of an Entra ID application.
pub(crate) static AZURE_CLIENT_SECRET: Rule = Rule {
    id: "azure-client-secret",
    what: "a client secret of an Entra ID application",
    source: "secrets as Entra ID writes them: three characters, a digit, `Q~`, 31 to 34 characters",
    severity: Severity::Critical,
    confidence: 97,
    is_named: false,
    form: Form::Written,
};

/// The signature of an Azure shared access signature.
pub(crate) static AZURE_SAS: Rule = Rule {
    id: "azure-sas",
    what: "the signature of an Azure shared access signature",
    source: "Azure docs, create a service SAS: `sig`, the base64 of an HMAC-SHA256, beside `sv`",
    severity: Severity::High,
    confidence: 90,
    is_named: true,
    form: Form::Written,
};

/// A Mailchimp API key.
pub(crate) static MAILCHIMP: Rule = Rule {
    id: "mailchimp-key",
    what: "a Mailchimp API key",
    source: "Mailchimp docs, fundamentals: 32 hex digits, `-us`, the number of the data centre",
    severity: Severity::High,
    confidence: 93,
    is_named: false,
    form: Form::Written,
};

/// A user and password in base64, as registries store it.
pub(crate) static BASIC_AUTH: Rule = Rule {
    id: "basic-auth",
    what: "a user and password in base64, as registries store it",
    source: "Docker docs, `config.json`; npm docs, `.npmrc`: base64 of `user:password`",
    severity: Severity::Critical,
    confidence: 90,
    is_named: true,
    form: Form::Written,
};

/// A password on a command line.
pub(crate) static COMMAND_PASSWORD: Rule = Rule {
    id: "command-password",
    what: "a password on a command line",
    source: "curl manual, `-u`: `user:password`",
    severity: Severity::High,
    confidence: 80,
    is_named: true,
    form: Form::Written,
};

/// A password in a netrc file.
pub(crate) static NETRC: Rule = Rule {
    id: "netrc-password",
    what: "a password in a netrc file",
    source: "the inetutils manual, `.netrc`: `login NAME password SECRET`",
    severity: Severity::High,
    confidence: 90,
    is_named: true,
    form: Form::Written,
};

/// All of them.
pub(super) const WRITTEN: &[&Rule] = &[
    &AWS_SECRET,
    &AZURE_CLIENT_SECRET,
    &AZURE_SAS,
    &MAILCHIMP,
    &PEM,
    &JWT,
    &DISCORD,
    &TELEGRAM,
    &URL,
    &DATABASE_URL,
    &PASSWORD,
    &KEY,
    &AUTHORIZATION,
    &BASIC_AUTH,
    &COMMAND_PASSWORD,
    &NETRC,
];
