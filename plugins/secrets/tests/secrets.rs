//! What the guard finds and what it leaves alone, through the interface that the host calls.
//!
//! No secret stands here in one piece, so that a code host's scanner does not stop at this file.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use guard_secrets::{Config, Secrets};
use guardhouse_guard::{Guard as _, testing};
use proptest::prelude::*;

/// 64 characters of no meaning: hex, and letters with digits.
const HEX: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const MIXED: &str = "Kq7vX2mP9sLbT4nRwZ8cYdF1hJgA5eU6oQiB3kVtNxSyMrCpWzDfGjHlEuOaIb0K";

/// The rules and the texts that are found.
fn found(text: &str) -> Vec<(String, String)> {
    found_with("", text)
}

fn found_with(config: &str, text: &str) -> Vec<(String, String)> {
    let findings = testing::inspect::<Secrets>(config, text).unwrap();
    findings.into_iter().map(|found| (found.rule.clone(), text[found.place().unwrap().1].to_string())).collect()
}

fn one(rule: &str, secret: &str) -> Vec<(String, String)> {
    vec![(rule.to_string(), secret.to_string())]
}

#[test]
fn only_the_value_of_an_assignment_is_found() {
    let value = &MIXED[..24];
    for text in [
        format!("api_key = \"{value}\""),
        format!("API-KEY: {value}\n"),
        format!("export SERVICE_TOKEN='{value}'"),
        format!("{{\"clientSecret\": \"{value}\", \"a\": 1}}"),
        format!("{{\\\"clientSecret\\\":\\\"{value}\\\"}}"),
        format!("$config['secret'] => '{value}';"),
        format!("token := `{value}`"),
        format!("https://host/path?token={value}&x=1"),
        format!("<authToken>{value}</authToken>"),
        format!("(the token: {value})."),
    ] {
        assert_eq!(found(&text), one("secret", value), "{text}");
    }
}

#[test]
fn what_a_repair_wrote_names_no_value() {
    for behind in ["== ", ": ", " is ", " = "] {
        assert_eq!(found(&format!("[redacted:secret]{behind}{}", &MIXED[..24])), []);
        assert_eq!(found(&format!("[secret]{behind}{}", &MIXED[..24])), one("secret", &MIXED[..24]));
    }
}

#[test]
fn a_password_needs_less_randomness_than_a_key() {
    assert_eq!(found("db_password = hunter2!"), one("password", "hunter2!"));
    assert_eq!(found("PGPASSWORD='Tr0ub4dor&3' psql"), one("password", "Tr0ub4dor&3"));
    assert_eq!(found("Server=db;User Id=sa;Password=P4ss!word9;"), one("password", "P4ss!word9"));
    assert_eq!(found("token = hunter2!"), []);
}

#[test]
fn a_password_in_a_url_is_found_without_its_neighbours() {
    let text = format!("postgres://app:{}@db.internal:5432/main", "s3cr3t");
    assert_eq!(found(&text), one("database-url-password", "s3cr3t"));
    let text = format!("git clone https://bot:{}@git.host/repo.git", &MIXED[..20]);
    assert_eq!(found(&text), one("url-password", &MIXED[..20]));
    let text = format!("redis://:{}@cache:6379", &MIXED[..12]);
    assert_eq!(found(&text), one("database-url-password", &MIXED[..12]));
}

#[test]
fn an_aws_secret_is_found_beside_its_id_and_by_its_name() {
    let (id, secret) = (format!("AK{}{}", "IA", "Q3EGVZ5XK2M7PL4T"), &MIXED[..40]);
    let both =
        [("aws-access-key-id".to_string(), id.clone()), ("aws-secret-access-key".to_string(), secret.to_string())];
    assert_eq!(found(&format!("deploy,{id},{secret},eu-west-1")), both);
    assert_eq!(found(&format!("{id}\n{secret}\n")), both);
    assert_eq!(found(&format!("aws_secret_access_key = {secret}")), one("aws-secret-access-key", secret));
    assert_eq!(found(secret), [], "40 characters of base64 alone are anything");
}

#[test]
fn a_jwt_is_found_when_its_header_decodes() {
    let header = ["eyJhbGciOiJIUzI1", "NiIsInR5cCI6IkpXVCJ9"].concat();
    let token = format!("{header}.eyJzdWIiOiI5ODc2In0.{}", &MIXED[..43]);
    assert_eq!(found(&format!("Authorization: Bearer {token}\r\n")), one("jwt", &token));
    assert_eq!(found(&format!("eyJ{}.{}.{}", &MIXED[..30], &MIXED[..20], &MIXED[..43])), []);
}

#[test]
fn a_private_key_is_found_whole_and_a_certificate_is_not() {
    let body = format!("{MIXED}\n{MIXED}\n{HEX}\n");
    let pem = |label: &str| format!("-----BEGIN {label}-----\n{body}-----END {label}-----");
    for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"] {
        let key = pem(label);
        assert_eq!(found(&format!("a\n{key}\nb")), one("private-key", &key));
    }
    assert_eq!(found(&pem("CERTIFICATE")), []);
    assert_eq!(found(&pem("PUBLIC KEY")), []);
    assert_eq!(found("look for -----BEGIN RSA PRIVATE KEY----- in your files"), []);
}

#[test]
fn a_private_key_that_is_cut_off_is_found_to_its_end() {
    let text = format!("-----BEGIN PRIVATE KEY-----\n{MIXED}\n{MIXED}\n\u{2026}");
    let key = text.trim_end_matches('\u{2026}');
    assert_eq!(found(&text), one("private-key", key));
}

#[test]
fn credentials_in_a_header_are_found_without_their_scheme() {
    let text = format!("curl -H 'Authorization: Basic {}' https://host", &MIXED[..24]);
    assert_eq!(found(&text), one("authorization-header", &MIXED[..24]));
}

#[test]
fn bot_tokens_are_found() {
    let telegram = format!("123498765{}AA{}", ":", &MIXED[..33]);
    assert_eq!(found(&format!("https://api.telegram.org/bot{telegram}/getMe")), one("telegram-bot-token", &telegram));
    let discord = format!("M{}.{}.{}", &MIXED[..23], "GhI7kL", &MIXED[20..47]);
    assert_eq!(found(&format!("token {discord}")), one("discord-bot-token", &discord));
}

#[test]
fn what_stands_in_for_a_secret_is_left_alone() {
    for text in [
        "password = \"changeme\"",
        "password: <your-password>",
        "PASSWORD=${DB_PASSWORD}",
        "password=$DB_PASSWORD1",
        "password = os.environ[\"DB_PASS_1\"]",
        "const token = getToken(user1, 'abc');",
        "api_key = your_api_key_goes_here_1",
        "api_key: xxxxxxxxxxxxxxxxxxxxxxxx1a",
        "secret: [redacted:secret]",
        "token: string;",
        "password: string | null",
        "The password: it must have eight characters.",
        "client_secret = {{ vault.client_secret_2 }}",
        "postgres://user:password@localhost/db",
        "postgres://user:${PW}@localhost/db",
        "https://user@host:8080/path",
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-your-key-here",
        "Authorization: Bearer <token>",
        "authorization: required",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn what_only_looks_random_is_left_alone() {
    let image = "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==";
    for text in [
        "id: 7c9e6679-7425-40de-944b-e07fc1f90ae7".to_string(),
        "token: 7c9e6679-7425-40de-944b-e07fc1f90ae7".to_string(),
        format!("commit {}", &HEX[..40]),
        format!("checksum = \"{HEX}\""),
        format!("\"integrity\": \"sha512-{}==\"", &MIXED.repeat(2)[..86]),
        format!("sha256:{HEX}"),
        format!("<img src=\"data:image/png;base64,{image}\">"),
        "next_page_token: CAUQAA1x7KzP2mQ9vL4t".to_string(),
        "csrf_token=Kq7vX2mP9sLbT4nRwZ8c".to_string(),
        "max_tokens: 4096, token_count = 123456789012345678".to_string(),
        "password_policy = at-least-12-chars-1-digit".to_string(),
        "secret_name: prod/db-7/credentials-v2".to_string(),
        "public_key = ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKq7vX2mP9sLbT4nRwZ8cYdF1hJgA5eU6oQiB3kVtNx".to_string(),
        format!("pk_{}_51{}", "live", &MIXED[..24]),
    ] {
        assert_eq!(found(&text), [], "{text}");
    }
}

#[test]
fn a_repaired_text_is_clean() {
    let text = "password=[redacted:secret] token: [redacted:secret], postgres://app:[redacted:secret]@db";
    assert_eq!(found(text), []);
}

#[test]
fn a_message_never_repeats_the_secret() {
    let text = format!("password = hunter2!\ntoken = {}", &MIXED[..24]);
    for finding in testing::inspect::<Secrets>("", &text).unwrap() {
        let secret = &text[finding.place().unwrap().1];
        assert!(!finding.message.contains(secret) && finding.attributes.is_empty());
    }
}

#[test]
fn names_and_values_are_joined_in_many_languages() {
    let value = &MIXED[..24];
    for text in [
        format!("API_TOKEN ?= {value}"),
        format!("api_token ::= \"{value}\""),
        format!("$api_token .= '{value}';"),
        format!("var apiToken string = \"{value}\""),
        format!("let token: &str = \"{value}\";"),
        format!("auth_token: str = '{value}'"),
        format!("System.setProperty(\"API_TOKEN\", \"{value}\")"),
        format!("setenv('API_TOKEN','{value}')"),
        format!("<apiToken>\n    {value}\n</apiToken>"),
        format!("<add key=\"ApiToken\" value=\"{value}\" />"),
        format!("- name: API_TOKEN\n  value: {value}"),
        format!("{{\"name\": \"API_TOKEN\", \"value\": \"{value}\"}}"),
        format!("tool --api-key {value} --dry-run"),
        format!("tool --api-key={value}"),
        format!("My API key: {value}"),
        format!("the API key is {value}, use it"),
        format!("refresh_token1: {value}"),
        format!("Ocp-Apim-Subscription-Key: {value}"),
    ] {
        assert_eq!(found(&text), one("secret", value), "{text}");
    }
}

#[test]
fn a_password_told_in_a_sentence_is_found() {
    for text in [
        "my password is hunter2",
        "the wifi password is hunter2.",
        "Das Passwort: hunter2",
        "contraseña: hunter2",
        "пароль: hunter2",
        "密码:hunter2",
    ] {
        assert_eq!(found(text), one("password", "hunter2"), "{text}");
    }
    for text in [
        "The password is required.",
        "A password is 8-16 characters long.",
        "the password is sha256 hashed",
        "a password is 90days old at most",
        "The token is sent with each call.",
        "password: \"Enter a new password, please!\"",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_password_on_a_command_line_is_found() {
    assert_eq!(found("curl -u elastic:P4ss!word9 https://host"), one("command-password", "P4ss!word9"));
    assert_eq!(found("curl -s --user 'me:P4ss!word9' https://host"), one("command-password", "P4ss!word9"));
    assert_eq!(found("curl --user me:'P4ss!word9' https://host"), one("command-password", "P4ss!word9"));
    assert_eq!(found("mysqldump --password P4ss!word9 db"), one("password", "P4ss!word9"));
    assert_eq!(found("machine host login me password P4ss!word9\n"), one("netrc-password", "P4ss!word9"));
    for text in [
        "chown -u root:wheel2 x",
        "curl -u $USER:$PASS1 https://host",
        "a password reset1 mail",
        "tool --password --verbose1",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn keys_with_a_mark_inside_are_found() {
    let azure = format!("a1B8{}{}", "Q~", &MIXED[..34]);
    assert_eq!(found(&format!("value ({azure}) expires")), one("azure-client-secret", &azure));
    let mailchimp = format!("{}-us{}", &HEX[..32], 12);
    assert_eq!(found(&format!("mc {mailchimp}.")), one("mailchimp-key", &mailchimp));
    let terraform = format!("{}.{}", "atlasv1", &MIXED[..62]);
    assert_eq!(found(&format!("{}.{terraform}", &MIXED[..14])), one("terraform-token", &MIXED[..62]));
    assert_eq!(found(&format!("a1B8{}{}", "Q~", &MIXED[..20])), []);
    assert_eq!(found(&format!("{}-users", &HEX[..32])), []);
}

#[test]
fn credentials_in_base64_and_signatures_are_found_by_their_names() {
    let auth = ["dXNlcjpQNHNz", "IXdvcmQ5"].concat();
    assert_eq!(found(&format!("{{\"auths\":{{\"host\":{{\"auth\":\"{auth}\"}}}}}}")), one("basic-auth", &auth));
    assert_eq!(found("auth: bm90IGEgcGFpcg=="), [], "no pair");
    let sig = format!("{}%3D", &MIXED[..43]);
    let url = format!("https://a.blob.core.windows.net/c/b?sv=2022-11-02&sp=r&sig={sig}&se=2030");
    assert_eq!(found(&url), one("azure-sas", &sig));
}

#[test]
fn only_some_names_make_a_secret_of_a_uuid() {
    let id = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    assert_eq!(found(&format!("HEROKU_API_KEY={id}")), one("secret", id));
    assert_eq!(found(&format!("//registry.host/:_authToken={id}")), one("secret", id));
    assert_eq!(found(&format!("api_key={id}")), []);
}

#[test]
fn an_encrypted_token_is_found_whole() {
    let header = ["eyJhbGciOiJkaXIiLCJl", "bmMiOiJBMTI4R0NNIn0"].concat();
    let token = format!("{header}..{}.{}.{}", &MIXED[..16], &MIXED[..40], &MIXED[..22]);
    assert_eq!(found(&format!("token: {token}\n")), one("jwt", &token));
}

#[test]
fn a_token_in_a_long_word_of_base64_is_not_one() {
    let id = format!("AK{}{}", "IA", "Q3EGVZ5XK2M7PL4T");
    assert_eq!(found(&format!("{}{id}{}", &MIXED[..40], &MIXED[..40])), []);
}

#[test]
fn references_hashes_and_words_are_left_alone() {
    for text in [
        format!("token: sha256:{HEX}"),
        format!("secret: sha512-{}", &MIXED[..60]),
        "password: /run/secrets/db-password-1".to_string(),
        "api_key: ./keys/service-account-1.json".to_string(),
        "api_key = settings_manager_v2_instance".to_string(),
        "access_token='auth_token_987654321'".to_string(),
        "token_uri: https://oauth2.googleapis.com/token1".to_string(),
        "secret: https://host.example/vault/db1".to_string(),
        "client_secret: op://vault/item-1/field".to_string(),
        "password: ENC[AES256_GCM,data:abc1]".to_string(),
        "password: $2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW".to_string(),
        format!("authenticity_token={}", &MIXED[..24]),
        format!("public_api_key = {}", &MIXED[..24]),
        "mongodb://mongodb:mongodb@localhost:27017/db".to_string(),
        "mongodb://root:<password1>@host/db".to_string(),
        "user:<your-password>@host1".to_string(),
        "password:\u{a0}String".to_string(),
        "url = \"a?user=\" + user + \"&password=\" + password1 + \"&x=1\"".to_string(),
        "url = 'a?password='+password1+'&x=1'".to_string(),
        format!("video_box.ico-{}.png", &HEX[..32]),
        "[\"username\", \"password\", \"token2fa\"]".to_string(),
        "for key, value in items: value = 'x9x9x9x9x9x9'".to_string(),
        "secret=<SECRET_1>, mail=<EMAIL_1>, card=<CARD_12>, password: <PERSON_3>".to_string(),
        "[redacted:secret] token=[redacted:secret-2]".to_string(),
    ] {
        assert_eq!(found(&text), [], "{text}");
    }
}

#[test]
fn a_view_is_read_like_any_part() {
    let token = format!("gh{}{}", "p_", &MIXED[..36]);
    let mut item = testing::item("bm90aGluZyB0byBzZWUgaGVyZQ==");
    let mut view = item.parts[0].clone();
    view.view = "base64".to_string();
    view.body = format!("key {token}");
    item.parts.push(view);
    let findings = testing::inspect_text(&Secrets::configure(Config::default()).unwrap(), &item).unwrap();
    assert_eq!(findings[0].place(), Some((1, 4..4 + token.len())));
    assert_eq!(findings.len(), 1);
}

#[test]
fn the_configuration_allows_values_and_disables_rules() {
    let text = "password = hunter2!";
    assert_eq!(found_with(r#"{"allow":["hunter2!"]}"#, text), []);
    assert_eq!(found_with(r#"{"allow_prefixes":["hunter"]}"#, text), []);
    assert_eq!(found_with(r#"{"disabled":["password"]}"#, text), []);
    assert_eq!(found_with(r#"{"entropy":8}"#, text), []);
    assert_eq!(found_with(r#"{"allow":["hunter2"]}"#, text).len(), 1);
}

#[test]
fn a_configuration_that_cannot_be_meant_is_refused() {
    for (config, word) in [
        (r#"{"disabled":["pasword"]}"#, "`pasword`"),
        (r#"{"entropy":9}"#, "found 9"),
        (r#"{"allow_prefixes":[""]}"#, "empty prefix"),
        (r#"{"alow":[]}"#, "`alow`"),
        ("[", "line 1"),
    ] {
        let error = testing::configure::<Secrets>(config).unwrap_err();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn the_reach_covers_the_longest_secret() {
    let guard = Secrets::configure(Config::default()).unwrap();
    assert_eq!(guard.reach().longest, Some(16384));
}

#[test]
fn arguments_of_a_tool_call_are_read_leaf_by_leaf() {
    let token = format!("gl{}-{}", "pat", &MIXED[..20]);
    let findings = testing::inspect::<Secrets>("", &token).unwrap();
    assert_eq!(findings[0].place(), Some((0, 0..token.len())));
}

proptest! {
    /// Anything at all gives findings that keep the contract, none overlapping another; `testing` refuses others.
    #[test]
    fn findings_keep_the_contract(text in "(token|password|:|=|://|@|\"|\\.|AKIA|-----BEGIN |PRIVATE KEY-----|eyJ|sk-|ghp_|\u{e9}|[ -~]{0,20}|\n){0,40}") {
        let findings = testing::inspect::<Secrets>("", &text).unwrap();
        let mut end = 0;
        for finding in findings {
            let (_, span) = finding.place().unwrap();
            prop_assert!(span.start >= end);
            end = span.end;
        }
    }

    /// What stands around a secret, at a distance beyond the reach, does not matter.
    #[test]
    fn a_secret_is_found_wherever_it_stands(before in "[a-z ]{0,100}", after in "[a-z ]{0,100}") {
        let token = format!("gh{}{}", "p_", &MIXED[..36]);
        prop_assert_eq!(found(&format!("{before} {token} {after}")), one("github-token", &token));
    }
}
