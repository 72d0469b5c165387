//! [`Dice`]: what is random in a soak, by a seed that is printed, so that the same can be asked for again.

/// The generator `SplitMix64` (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014). Nothing relies on
/// it for safety.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub(super) const fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below another, which is not 0.
    pub(super) const fn below(&mut self, end: u64) -> u64 {
        self.any() % end
    }

    /// Whether something is so that is so in so many of a hundred cases.
    pub(super) const fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}
