//! The words, by their beginnings. A beginning that is a whole word stands with `.` behind it.
//!
//! Sources: the author's knowledge of the languages; verbs in the forms in which one asks (imperative, infinitive), and nouns that
//! name the action.

use std::{collections::HashMap, sync::LazyLock};

use super::Action;

const PAY: &str = "
    pay. pays. paying. payout reimburs refund remit repay settle. donat tip. wire. transact
    zahl. zahle. zahlen bezahl überweis begleich erstatt rückzahl spende.
    paie. paye. payer payez règle. régler rembours verse. verser
    paga. pagar págal págame pague. pago. transfi abona. abonar reembols devuelv pasa. pásale ingresa.
    paghi. pagare bonific. rimbors versa. transfere devolv betaal overmaak vergoed
";

const WRITE: &str = "
    send. sends. sending reply. replies. respond. forward. forwards. write. tell. inform. notif remind. announc publish comment. share. let.
    sharing thank. apolog broadcast submit. drop.
    schick sende. senden antworte. antworten beantwort schreib sag. sage. sagen leite. weiterleit teile. mitteil informier benachricht
    frag. frage. gib. bescheid poste. posten veröffentlich kommentiere
    envoie envoyer envoyez réponds répondre écris écrire dis. dites transfère transférer transmets informe. prévien préven avertis publie.
    partage. demande.
    envía envíal envíe enviar manda. mándal mandar responde. respónd contesta. contést escribe. escríb dile. diles. avisa. avísal
    reenvía comunica. publica. comparte. pregunta.
    invia. inviare rispondi scrivi. dille. inoltra avvisa. pubblica. condividi
    envie. responda. escreva diga. encaminhe avise. publique. partilhe
    stuur antwoord. schrijf zeg. deel.
";

const INVITE: &str = "
    invit enrol onboard
    lade. einlad einzulad
    convie.
";

const SCHEDULE: &str = "
    schedul reschedul
    plane. planen terminier trage. eintrag
    planifi agenda. programa. fissa. plan.
";

const BOOK: &str = "
    reserve. reserves. buche. buchen reserviere réserve. réserver reserva. reservar prenota boek.
";

const ORDER: &str = "
    reorder. buy. buying purchas subscribe.
    bestell kaufe. kaufen. nachbestell abonnier
    commande. achète acheter abonne
    compra. cómpra compre. pide. pedir pídeme encarga
    ordina. acquista bestel. koop.
";

const REMOVE: &str = "
    cancel. cancels. cancelling delet remov unsubscrib revok withdraw clear. erase discard uninvit archive. close. block. rid.
    stornier lösch entfern kündig absag abbestell abmeld widerruf sperr. sperre. schließ
    annule. annuler supprim retire. enlèv résili bloque.
    cancela. cancelar borra. bórra elimina. quita. quíta anula. bloquea
    cancella elimina. rimuov annulla. disdi. apaga.
    verwijder annuleer opzeg
";

const CONTROL: &str = "
    turn. switch. unlock. lock. dim. heat.
    schalt schalte. heiz. stell.
    allume éteins éteindre ouvre. ferme. chauffe
    enciend enciénd apaga. apágal abre. cierra. sube. baja.
    accend spegn apri. chiudi
";

const DECIDE: &str = "
    approv reject. assign merge. triage escalat prioriti accept. declin resolve.
    genehmig ablehn. zuweis weise. freigeb bestätig
    approuve rejette assigne attribue accepte.
    aprueb rechaza asigna. asígna confirma. acepta.
";

const RUN: &str = "
    run. runs. execut install. deploy. rerun. restart.
    ausführ installier starte.
    exécut lance. installe. déploi
    ejecut instala. despliega
";

const CHANGE: &str = "
    chang updat modif edit. edits. editing move. moves. moving adjust set. sets. rais lower. renam correct replac fix. extend switch
    increas decreas reduc amend put. swap. convert adapt postpon
    änder aktualisier anpass passe. verschieb verleg stell. setz erhöh senk korrigier ersetz umbenenn
    chang modifi mets. mettre déplac ajust augment rédui corrig remplac décal repouss
    cambi actualiz modific mueve mover ajust sube. corrig reemplaz pon. pón aplaz
    aggiorn sposta mud. mude atualiz wijzig verplaats
";

const CREATE: &str = "
    creat add. adds. adding make. new. set. save. saving not. note. notes. record. log. file. files. upload draft. regist generat
    compos prepar insert enter. append open. put. fil. fill
    melde. anmeld
    erstell anleg lege. leg. hinzufüg füg. speicher notier registrier hochlad trag. mach
    cré ajout enregistr note. ouvre inscri rédig prépar
    crea. crear créa créame añad agreg guarda apunta registr redact prepar anota inscrib
    aggiung salva. scrivi. adicion cria. toevoeg maak.
";

/// Words that are such an action only where a sentence asks for it; else they name a thing.
const AMBIGUOUS: [(&str, Action); 12] = [
    ("pay. payment. transfer. tip.", Action::Pay),
    (
        "mail. email. message. text. dm. post. answer. reply. chat. ping. comment. share. contact. antwort.",
        Action::Write,
    ),
    ("invite.", Action::Invite),
    ("schedule. plan.", Action::Book),
    ("book. reserve. ticket.", Action::Book),
    ("order. shop. command.", Action::Order),
    ("cancel. archive. block. close. clean. clear.", Action::Remove),
    ("open. start. stop. set. play. lock. turn. mach.", Action::Control),
    ("review. label. tag. confirm. merge.", Action::Decide),
    ("run. build. deploy. install. trigger.", Action::Run),
    ("change. update. move. set. fix. switch. open.", Action::Change),
    ("note. log. file. record. draft. open. save. list.", Action::Create),
];

/// What names the thing that a tool is for.
const THINGS: [(&str, Action); 6] = [
    (
        "payment payout money transaction transfer invoice bill. bills. refund. rent. geld rechnung miete dauerauftrag",
        Action::Pay,
    ),
    ("mail email message dm. dms. sms chat comment post. reply notification letter", Action::Write),
    ("member collaborator participant guest attendee invit", Action::Invite),
    ("event. events. meeting appointment calendar reminder. slot", Action::Book),
    ("booking reservation ticket. hotel flight restaurant table. room.", Action::Book),
    ("order. orders. cart purchase", Action::Order),
];

/// Words that speak of more than one.
const PLURAL: &str = "
    all. every. everyone. everybody. each. both. everything. participants. attendees.
    alle. allen. jede. jeder. jeden. beide. beiden. teilnehmer.
    tous. toutes. chacun chacune deux.
    todos. todas. cada. ambos. ambas.
    tutti. tutte. ogni. entrambi
";

/// The longest beginning, in characters.
const LONGEST: usize = 16;

/// Beginnings of words, and what they mean.
struct Table<M>(HashMap<&'static str, (bool, M)>);

impl<M: Copy + Ord> Table<M> {
    /// Where two have the same beginning, the first counts.
    fn of(meant: &[(&'static str, M)]) -> Self {
        let mut table = HashMap::new();
        for (words, meaning) in meant {
            for word in words.split_whitespace() {
                let (beginning, is_whole) = word.strip_suffix('.').map_or((word, false), |whole| (whole, true));
                let known = table.entry(beginning).or_insert((is_whole, *meaning));
                // A beginning says more than the same word as a whole.
                if known.1 == *meaning {
                    known.0 &= is_whole;
                }
            }
        }
        Self(table)
    }

    /// What a word in lower case means: by its beginnings, the least of what they mean.
    fn get(&self, word: &str) -> Option<M> {
        let ends = word.char_indices().skip(1).map(|(end, _)| end).chain([word.len()]).take(LONGEST);
        ends.filter_map(|end| {
            let (is_whole, meaning) = self.0.get(word.get(..end)?)?;
            (!is_whole || end == word.len()).then_some(*meaning)
        })
        .min()
    }
}

/// Tables by their order.
fn ranked(tables: &[(&'static str, Action)]) -> Vec<(&'static str, (usize, Action))> {
    tables.iter().enumerate().map(|(rank, (words, action))| (*words, (rank, *action))).collect()
}

/// The tables, what says more before what says less.
static ACTIONS: LazyLock<Table<(usize, Action)>> = LazyLock::new(|| {
    let tables = [
        (REMOVE, Action::Remove),
        (PAY, Action::Pay),
        (INVITE, Action::Invite),
        (BOOK, Action::Book),
        (ORDER, Action::Order),
        (SCHEDULE, Action::Book),
        (WRITE, Action::Write),
        (DECIDE, Action::Decide),
        (RUN, Action::Run),
        (CONTROL, Action::Control),
        (CHANGE, Action::Change),
        (CREATE, Action::Create),
    ];
    Table::of(&ranked(&tables))
});

static WHERE_ASKED: LazyLock<Table<(usize, Action)>> = LazyLock::new(|| Table::of(&ranked(&AMBIGUOUS)));
static OF_THINGS: LazyLock<Table<(usize, Action)>> = LazyLock::new(|| Table::of(&ranked(&THINGS)));
static PLURALS: LazyLock<Table<()>> = LazyLock::new(|| Table::of(&[(PLURAL, ())]));

/// The action that a word in lower case is. `asked`: it stands where a sentence asks for something.
pub(super) fn action(word: &str, asked: bool) -> Option<Action> {
    let sure = ACTIONS.get(word);
    let found = if asked { WHERE_ASKED.get(word).or(sure) } else { sure };
    found.map(|(_, action)| action)
}

/// The action of the thing that a word in lower case names.
pub(super) fn of_thing(word: &str) -> Option<Action> {
    OF_THINGS.get(word).map(|(_, action)| action)
}

/// Whether a word in lower case speaks of more than one.
pub(super) fn is_plural(word: &str) -> bool {
    PLURALS.get(word).is_some()
}
