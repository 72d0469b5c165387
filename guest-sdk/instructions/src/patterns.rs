//! The patterns: what makes an instruction, by purpose.
//!
//! A pattern is a row of concepts. Languages order them differently, so most purposes have several: verb first ("ignore the
//! previous instructions"), noun before its adjective ("ignora las instrucciones anteriores"), verb last
//! ("以前の指示を無視して"). The confidence of a pattern says how seldom its row of concepts means anything else.

use crate::pattern::Pattern;

mod address;
mod definition;
mod exfiltration;
mod extraction;
mod limits;
mod secrecy;
mod set_aside;

/// All patterns.
pub(crate) fn all() -> impl Iterator<Item = &'static Pattern> {
    let files: [&'static [Pattern]; 7] = [
        set_aside::PATTERNS,
        secrecy::PATTERNS,
        address::PATTERNS,
        exfiltration::PATTERNS,
        limits::PATTERNS,
        extraction::PATTERNS,
        definition::PATTERNS,
    ];
    files.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Grammar;

    #[test]
    fn every_pattern_fits_the_machine() {
        let slots: usize = all().map(|pattern| pattern.slots.len()).sum();
        assert_eq!(Grammar::new(all()).states(), slots);
    }

    #[test]
    fn a_pattern_has_two_slots_or_more_and_a_confidence_in_percent() {
        for pattern in all() {
            assert!(pattern.slots.len() >= 2 && pattern.confidence <= 100, "{pattern:?}");
        }
    }
}
