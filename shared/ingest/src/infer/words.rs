//! Words that say what a row is: sale, return, or nothing that counts.

use std::collections::BTreeMap;

use super::{
    band::{Band, Column},
    findings::Findings,
    identity::Columns,
    meaning::{self, Meaning},
};
use crate::{
    accept::row_type_question,
    profile::{Role, RowWords},
    text,
};

/// More different words than this are no types of rows.
const MAX_WORDS: usize = 40;

const SALES: &[&str] = &[
    "paid",
    "sale",
    "sales",
    "sold",
    "order",
    "orders",
    "completed",
    "complete",
    "fulfilled",
    "shipped",
    "delivered",
    "closed",
    "charge",
    "payment",
    "captured",
    "succeeded",
    "success",
    "successful",
    "approved",
    "purchase",
    "invoice",
    "dispatched",
    "invoiced",
    "sent",
    "finished",
    "done",
    "settled",
    "confirmed",
    "processed",
    "partially fulfilled",
    "unfulfilled",
    "partially shipped",
    "unshipped",
    "sale transaction",
    "product sale",
    "regular sale",
    "normal",
    "item sale",
    "in transit",
    "ready",
    "delivered to customer",
    "accepted",
    "active sale",
    "verkauf",
    "bezahlt",
    "abgeschlossen",
    "versendet",
    "versandt",
    "geliefert",
    "zugestellt",
    "rechnung",
    "bestellung",
    "erledigt",
    "vente",
    "paye",
    "payee",
    "termine",
    "terminee",
    "livre",
    "livree",
    "expedie",
    "expediee",
    "commande",
    "facture",
    "venta",
    "pagado",
    "completado",
    "enviado",
    "entregado",
    "factura",
    "pedido",
    "vendita",
    "pagato",
    "completato",
    "spedito",
    "consegnato",
    "fattura",
    "ordine",
    "verkoop",
    "betaald",
    "voltooid",
    "verzonden",
    "geleverd",
    "sprzedaz",
    "zaplacone",
    "oplacone",
    "wyslane",
    "zrealizowane",
    "dostarczone",
    "paragon",
    "faktura",
    "prodej",
    "zaplaceno",
    "doruceno",
    "dokonceno",
];
const RETURNS: &[&str] = &[
    "refund",
    "refunded",
    "refunds",
    "return",
    "returned",
    "returns",
    "credit",
    "credit note",
    "creditnote",
    "credit memo",
    "reversal",
    "reversed",
    "payment refund",
    "customer return",
    "sale return",
    "sales return",
    "return sale",
    "chargeback refund",
    "order refund",
    "retoure",
    "retour",
    "rucksendung",
    "ruckgabe",
    "erstattung",
    "gutschrift",
    "erstattet",
    "remboursement",
    "rembourse",
    "avoir",
    "devolucion",
    "reembolso",
    "reembolsado",
    "abono",
    "reso",
    "rimborso",
    "rimborsato",
    "nota di credito",
    "terugbetaling",
    "geretourneerd",
    "zwrot",
    "korekta",
    "vratka",
];
const IGNORED: &[&str] = &[
    "cancelled",
    "canceled",
    "cancel",
    "cancelled order",
    "voided",
    "void",
    "failed",
    "failure",
    "declined",
    "pending",
    "expired",
    "draft",
    "on hold",
    "onhold",
    "hold",
    "unpaid",
    "awaiting payment",
    "pending payment",
    "rejected",
    "abandoned",
    "blocked",
    "incomplete",
    "requires payment method",
    "authorized",
    "denied",
    "removed",
    "open",
    "processing payment",
    "payout",
    "transfer",
    "transfers",
    "fee",
    "fees",
    "service fee",
    "adjustment",
    "stripe fee",
    "withdrawal",
    "deposit",
    "top up",
    "topup",
    "bank transfer",
    "currency conversion",
    "general currency conversion",
    "reserve",
    "dispute",
    "chargeback",
    "subscription fee",
    "debt",
    "fba inventory fee",
    "storniert",
    "storno",
    "abgebrochen",
    "fehlgeschlagen",
    "offen",
    "ausstehend",
    "auszahlung",
    "gebuhr",
    "annule",
    "annulee",
    "en attente",
    "echoue",
    "virement",
    "frais",
    "cancelado",
    "cancelada",
    "pendiente",
    "fallido",
    "annullato",
    "annullata",
    "in attesa",
    "fallito",
    "geannuleerd",
    "mislukt",
    "anulowane",
    "anulowano",
    "nieoplacone",
    "zruseno",
    "storno faktury",
    "stornovano",
];

/// Finds columns whose words tell sales from other rows.
pub(super) fn of<'b>(
    band: &'b Band,
    columns: &mut Columns<'b>,
    findings: &mut Findings<'_>,
) -> BTreeMap<Role, RowWords> {
    let mut words = BTreeMap::new();
    for (role, meaning) in [(Role::Status, Meaning::Status), (Role::LineType, Meaning::LineType)] {
        let telling = band.having(meaning).filter(|column| tells(column)).max_by_key(|column| known(column));
        let Some(column) = telling else { continue };
        let mut of_column = RowWords::default();
        for word in &column.facts.distinct {
            let list = match findings.answer(&row_type_question(role, word)) {
                Some("sale") => Some(&mut of_column.sales),
                Some("return") => Some(&mut of_column.returns),
                Some(_) => Some(&mut of_column.ignored),
                None => match kind(word) {
                    Some(Kind::Sale) => Some(&mut of_column.sales),
                    Some(Kind::Return) => Some(&mut of_column.returns),
                    Some(Kind::Ignored) => Some(&mut of_column.ignored),
                    None => None,
                },
            };
            if let Some(list) = list {
                list.push(word.clone());
            }
        }
        for list in [&mut of_column.sales, &mut of_column.returns, &mut of_column.ignored] {
            list.sort_unstable();
        }
        let evidence = format!(
            "sales: {}; returns: {}; left out: {}",
            of_column.sales.join(", "),
            of_column.returns.join(", "),
            of_column.ignored.join(", ")
        );
        findings.found(
            if role == Role::Status { "status" } else { "line_type" },
            &column.title,
            0.9,
            evidence,
        );
        columns.insert(role, column);
        words.insert(role, of_column);
    }
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sale,
    Return,
    Ignored,
}

fn kind(word: &str) -> Option<Kind> {
    let word = text::words(word).iter().map(|word| meaning::plain(word)).collect::<Vec<_>>().join(" ");
    let is_in = |words: &[&str]| words.contains(&word.as_str());
    match () {
        () if is_in(SALES) => Some(Kind::Sale),
        () if is_in(RETURNS) => Some(Kind::Return),
        () if is_in(IGNORED) => Some(Kind::Ignored),
        () => None,
    }
}

fn known(column: &Column) -> usize {
    column.facts.distinct.iter().filter(|word| kind(word).is_some()).count()
}

/// A column of types: few words, of which at least one is known.
fn tells(column: &Column) -> bool {
    column.facts.distinct.len() <= MAX_WORDS && !column.facts.is_numeric() && known(column) > 0
}
