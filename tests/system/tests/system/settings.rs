//! What a bundle says of tools and servers; what it says wrongly, or without effect, is refused at its line.

use guardhouse_system_tests::{TestBundle, call, codes, shown};

use crate::PERMIT;

#[tokio::test]
async fn a_tool_is_in_the_open_world_unless_the_bundle_says_otherwise() {
    let tools = "[tools.\"bank/list\"]\nopen_world = false\n[tools.\"bank/send\"]\nopen_world = true\n";
    let inside = r#"@id("inside") @verdict("warn") forbid (principal, action in Guardhouse::Action::"call_tool", resource)
        when { !resource.openWorld };"#;
    let engine = TestBundle::new(tools).policies(&format!("{PERMIT}{inside}")).engine().await;
    for (tool, expected) in [("list", &["policy test.cedar:inside"][..]), ("send", &[]), ("other", &[])] {
        assert_eq!(codes(&engine.check(&call(tool, "{}")).await), expected, "{tool}");
    }
}

#[tokio::test]
async fn what_is_said_wrongly_of_a_tool_or_a_server_is_refused_at_its_line() {
    for (manifest, expected) in [
        (
            "[tools.\"bank/pay\"]\neffects = [\"read\", \"reed\"]",
            &[
                "guardhouse.toml:4: field `effects`: expected one of read, write,",
                "found `reed`",
                "did you mean `read`?",
            ][..],
        ),
        (
            "[tools.\"bank/pay\"]\nopen_world = \"no\"",
            &["guardhouse.toml:4: field `open_world`: expected `true` or `false`, found the string `no`"],
        ),
        (
            "[tools.\"bank/pay\"]\nroles = \"payload\"",
            &["guardhouse.toml:4: field `roles`: expected a table, found the string `payload`"],
        ),
        (
            "[tools.\"bank/pay\".roles]\n\"/to\" = \"destination\"\n\"/subject\" = \"paylod\"",
            &[
                "guardhouse.toml:5: field `roles`: expected one of destination, payload, selector, code, found `paylod`",
                "did you mean `payload`?",
            ],
        ),
        (
            "[tools.\"bank/pay\".roles]\n\"/to\" = 1",
            &["guardhouse.toml:4: field `roles`: expected a role for each pointer, found the integer 1"],
        ),
        (
            "[tools.\"bank/pay\".roles]\nitems = \"payload\"",
            &["guardhouse.toml:4: field `roles`: expected a JSON Pointer such as", "did you mean `/items`?"],
        ),
        (
            "[tools.\"bank/pay\".roles]\n\"/a~b\" = \"payload\"",
            &["guardhouse.toml:4: field `roles`: expected a JSON Pointer such as", "found `/a~b`"],
        ),
        (
            "[servers.bank]\ntrust_annotations = \"yes\"",
            &["guardhouse.toml:4: field `trust_annotations`: expected `true` or `false`, found the string `yes`"],
        ),
        (
            "[servers.bank]\ntrust = true",
            &["guardhouse.toml:4: field `trust`: expected `labels` or `results` or `trust_annotations`, found"],
        ),
        (
            "[servers.bank]\nresults = \"good\"",
            &["guardhouse.toml:4: field `results`: expected one of trusted, untrusted, found `good`"],
        ),
        (
            "[sources.user]\nlabels = [\"Top secret\"]",
            &["guardhouse.toml:4: field `labels`: expected a label of 1 to 64 of", "found `Top secret`"],
        ),
        ("[servers]\nbank = true", &["guardhouse.toml:4: field `bank`: expected a table, found `true`"]),
        ("[servers.\"a/b\"]", &["guardhouse.toml:3: field `servers`: expected a server's name", "found `a/b`"]),
        ("[tools.pay]", &["guardhouse.toml:3: field `tools`: expected `server/tool`, found `pay`"]),
    ] {
        let refusal = shown(&TestBundle::new(manifest).policies(PERMIT).refusal().await);
        for words in expected {
            assert!(refusal.contains(words), "expected `{words}` in {refusal}");
        }
    }
}

#[tokio::test]
async fn a_setting_that_is_not_enforced_is_refused() {
    for (manifest, setting) in
        [("[tools.\"bank/pay\"]\namount = \"/amount\"", "amount"), ("[budgets.session]\ncalls = 200", "budgets")]
    {
        let refusal = shown(&TestBundle::new(manifest).policies(PERMIT).refusal().await);
        let expected = format!("field `{setting}`: expected a setting that this version enforces");
        assert!(refusal.contains(&expected), "expected `{expected}` in {refusal}");
    }
}
