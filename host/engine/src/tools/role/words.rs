//! What the name of a parameter says that it is for.
//!
//! A name is split into words: at every character that is no letter, and where a small letter meets a capital
//! (`recipientEmail`, `recipient_email`, `URLPath`, `userIDs`). The words are English and compared in lower case, as they
//! are and without a final `s`. The **last** word that is in the tables decides, since the last word of an English name
//! says what it names: a `file_content` is a content, an `email_subject` a subject. A word that names any thing at all
//! (`id`, `name`, `number`, …) leaves it to the known word before, if that is a destination or code: a `channel_id` says
//! where as much as a `channel` does, and a `message_id` is no message.
//!
//! Every word has one role. A word that may mean two has the stricter, destination and code before payload before
//! selector: a `query` may be SQL, a `topic` may be that of a queue, a `filter` an expression. A word that means too
//! many things (`source_image`, `item`, `option`) is not here; then the value is without a role, and counts as a
//! destination where the tool changes something.

use std::{collections::HashMap, sync::LazyLock};

use crate::tools::Role;

/// Who or where.
const DESTINATION: &str = "
    account address addresses addressee arn assignee attendee audience
    bank bcc beneficiary bic broker bucket
    callback cc channel chat client collaborator contact creditor customer
    dest destination domain dst
    email emailaddress employee endpoint exchange
    fax feed follower forward friend from
    gateway group guest
    handle homepage hook host hostname href
    iban inbox invitee ip ipaddress ipv
    link location
    mail mailbox member mention merchant mobile msisdn
    namespace nickname
    org organisation organization origin owner
    participant payee peer people person phone phonenumber proxy
    queue
    receiver recipient redirect remote repo repository reviewer room routing
    seller sender server shared site sms src subdomain subscriber supplier swift
    target team tel telephone tenant thread to topic
    uri url user userid username
    vendor venue
    wallet webhook webhookurl website with workspace
";

/// What is sent.
const PAYLOAD: &str = "
    abstract amount annotation answer attachment audio
    bio blob body bodies byte
    caption comment content credential
    data desc description detail document
    feedback form
    greeting
    header headline html
    info information
    json
    label
    markdown media memo message metadata msg
    note
    password payload photo picture post price prompt property properties
    question quote
    reason reference remark reply response replacement review
    secret signature str string subject summary
    tag text title token transcript tweet
    value video
";

/// Which record, and how it is to be handled.
const SELECTOR: &str = "
    after
    before begin branch
    category categories color colour column count country currency currencies cursor
    date datetime day deadline direction due duration
    end entry entries event
    field format
    hour
    index indexes indices interval invoice isbn issue
    keyword kind
    lang language level limit locale
    max maximum min minimum minute mode month
    offset order
    page percentage period position priority product
    quantity
    range record region revision row
    search second severity sha since size sku sort start state status step
    table term ticket time timeout timestamp timezone tz type
    unit until
    version
    week width
    year
    zip zipcode
";

/// What is executed.
const CODE: &str = "
    arg argument argv
    bash binary
    cmd code command condition cwd
    dependency dependencies diff dir directory directories
    eval exec executable expr expression
    file filename filepath filter folder formula function
    glob
    javascript jq jsonpath
    lambda library libraries
    macro module
    notebook
    package patch path pathname pattern plugin powershell predicate program python
    query queries
    regex regexes regexp root
    schema script selector shell snippet source sql statement
    template
    where workdir
    xpath
";

/// Words that name any thing: which one, once the word before says what.
const ANY_THING: &str = "alias guid id identifier key name no nr num number slug uid uuid";

/// Bytes of a name that has words; a longer one is nobody's parameter.
const LONGEST_NAME: usize = 128;
/// Bytes of a word that can be in the tables.
const LONGEST_WORD: usize = 16;

/// What a word says.
#[derive(Clone, Copy)]
enum Word {
    /// This.
    Says(Role),
    /// Which one, of whatever the word before names.
    WhichOne,
}

/// Every word of the tables.
static WORDS: LazyLock<HashMap<&'static str, Word>> = LazyLock::new(|| {
    let roles =
        [(DESTINATION, Role::Destination), (PAYLOAD, Role::Payload), (SELECTOR, Role::Selector), (CODE, Role::Code)];
    let says = |(words, role): (&'static str, Role)| words.split_whitespace().map(move |word| (word, Word::Says(role)));
    let any = ANY_THING.split_whitespace().map(|word| (word, Word::WhichOne));
    roles.into_iter().flat_map(says).chain(any).collect()
});

/// What the name of a parameter says that it is for; `None` if it says nothing. Takes time in proportion to
/// [`LONGEST_NAME`] at most.
pub(crate) fn role_of_name(name: &str) -> Option<Role> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let mut words = Words(name).filter_map(look_up);
    match words.next()? {
        Word::Says(role) => Some(role),
        Word::WhichOne => Some(match words.find_map(said) {
            Some(strict @ (Role::Destination | Role::Code)) => strict,
            _ => Role::Selector,
        }),
    }
}

const fn said(word: Word) -> Option<Role> {
    match word {
        Word::Says(role) => Some(role),
        Word::WhichOne => None,
    }
}

/// The word of the tables that `word` is.
fn look_up(word: &str) -> Option<Word> {
    let mut lower = [0; LONGEST_WORD];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    let word = std::str::from_utf8(lower).ok()?;
    let found = WORDS.get(word).or_else(|| WORDS.get(word.strip_suffix('s').filter(|one| one.len() > 1)?));
    found.copied()
}

/// The words of a name, the last one first.
struct Words<'n>(&'n str);

impl<'n> Iterator for Words<'n> {
    type Item = &'n str;

    fn next(&mut self) -> Option<&'n str> {
        let rest = self.0.trim_end_matches(|character: char| !character.is_alphabetic());
        let mut start = rest.len();
        // What was passed over, from the end: the character before it is looked at with it.
        let (mut second, mut third) = (None, None);
        for (at, character) in rest.char_indices().rev() {
            if !character.is_alphabetic() || second.is_some_and(|second| parts(character, second, third)) {
                break;
            }
            start = at;
            third = second;
            second = Some(character);
        }
        let (before, word) = rest.split_at_checked(start)?;
        self.0 = before;
        (!word.is_empty()).then_some(word)
    }
}

/// Whether a word ends between `first` and `second`: `fooBar`, and `URLPath` but not `URLs`.
fn parts(first: char, second: char, third: Option<char>) -> bool {
    let capitalised = third.is_some_and(|third| third.is_lowercase() && third != 's');
    second.is_uppercase() && (first.is_lowercase() || (first.is_uppercase() && capitalised))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(name: &str) -> Vec<&str> {
        Words(name).collect()
    }

    #[test]
    fn a_name_has_words_however_it_is_written() {
        for name in ["recipient_email", "recipientEmail", "RecipientEmail", "recipient-email", "recipient.email2"] {
            let lower: Vec<_> = words(name).iter().map(|word| word.to_lowercase()).collect();
            assert_eq!(lower, ["email", "recipient"], "{name}");
        }
        assert_eq!(words("URLPath"), ["Path", "URL"]);
        assert_eq!(words("userIDs"), ["IDs", "user"]);
        assert_eq!(words("toURL"), ["URL", "to"]);
        assert_eq!(words("x"), ["x"]);
        assert_eq!(words("__1"), [""; 0]);
        assert_eq!(words(""), [""; 0]);
    }

    #[test]
    fn a_name_says_what_the_parameter_is_for() {
        for (role, names) in [
            (
                Role::Destination,
                "to recipient recipients cc bcc email emails e-mail address addresses phone_number url uris link host \
                 endpoint webhook channel user username user_name account iban payee destination target userId \
                 channel_id accountNumber recipient_account_id IDOfUsers channelIDs host_name reply_to ip_address ipv4 \
                 callbackUrl shared_with address2 message_thread_id",
            ),
            (
                Role::Payload,
                "body content message text subject note notes description comment attachments file_content \
                 email_subject MessageBody data new_password",
            ),
            (
                Role::Selector,
                "id ids name key index number date start_time message_id order-id invoice_number page_number status \
                 first_name",
            ),
            (
                Role::Code,
                "sql query command cmd script code expression shell path file filename file_name filePath directory \
                 regex template file_id args where workdir sourceCode",
            ),
        ] {
            for name in names.split_whitespace() {
                assert_eq!(role_of_name(name), Some(role), "{name}");
            }
        }
        for name in ["", "x", "foo", "_", "42", "empfänger", "tomorrow", "is", &"to_".repeat(100)] {
            assert_eq!(role_of_name(name), None, "{name}");
        }
    }

    #[test]
    fn every_word_stands_once_in_order_and_can_be_found() {
        let mut all = Vec::new();
        for table in [DESTINATION, PAYLOAD, SELECTOR, CODE, ANY_THING] {
            let words: Vec<_> = table.split_whitespace().collect();
            let mut initials: Vec<_> = words.iter().map(|word| &word[..1]).collect();
            initials.dedup();
            assert!(initials.is_sorted(), "{initials:?}");
            all.extend(words);
        }
        for word in &all {
            assert!(word.len() <= LONGEST_WORD && word.bytes().all(|byte| byte.is_ascii_lowercase()), "{word}");
            assert!(role_of_name(word).is_some(), "{word}");
        }
        let listed = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), listed, "a word stands twice");
    }

    proptest! {
        #[test]
        fn the_words_of_a_name_are_all_its_letters(name in any::<String>()) {
            let mut words = words(&name);
            words.reverse();
            let letters: String = name.chars().filter(|character| character.is_alphabetic()).collect();
            prop_assert_eq!(words.concat(), letters);
        }

        #[test]
        fn the_way_a_name_is_written_changes_nothing(words in prop::collection::vec("[a-z]{2,8}", 1..4)) {
            let upper = words.iter().map(|word| word[..1].to_uppercase() + &word[1..]).collect::<String>();
            prop_assert_eq!(role_of_name(&words.join("_")), role_of_name(&words.join("-").to_uppercase()));
            prop_assert_eq!(role_of_name(&words.join("_")), role_of_name(&upper));
        }
    }
}
