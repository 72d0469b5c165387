//! What a report takes in memory.

use crate::sandbox::contract::{
    Report,
    guardhouse::guard::types::{AttributeResult, Finding, Repair},
};

/// Bytes that an allocator takes for itself with each allocation, and the multiple that it rounds up to: glibc's, which
/// few others exceed.
const ALLOCATION: usize = 16;
/// The two counters of an [`Arc`](std::sync::Arc).
const ARC: usize = 2 * size_of::<usize>();

/// Bytes of a report on its own on the heap.
pub(super) fn heap_of(report: &Report) -> usize {
    // Whole, so that nothing of it is left out; the same below.
    let Report { findings, settled } = report;
    allocated(ARC + size_of::<Report>())
        + array(findings)
        + array(settled)
        + findings.iter().map(of_finding).sum::<usize>()
}

fn of_finding(finding: &Finding) -> usize {
    let Finding { rule, category, severity: _, confidence: _, message, part: _, span: _, repair, attributes } = finding;
    let repair = match repair {
        Repair::Pseudonym(class) => text(class),
        Repair::Mask | Repair::Remove => 0,
    };
    let of_attribute = |AttributeResult { key, value }: &AttributeResult| text(key) + text(value);
    text(rule)
        + text(category)
        + text(message)
        + repair
        + array(attributes)
        + attributes.iter().map(of_attribute).sum::<usize>()
}

fn text(text: &String) -> usize {
    allocated(text.capacity())
}

fn array<T>(items: &Vec<T>) -> usize {
    allocated(items.capacity() * size_of::<T>())
}

fn allocated(bytes: usize) -> usize {
    if bytes == 0 { 0 } else { bytes.next_multiple_of(ALLOCATION) + ALLOCATION }
}
