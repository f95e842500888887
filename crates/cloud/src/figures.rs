//! Numbers that tell how the pipeline is doing: whoever collects the events of the target `figures` can add them up.

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Things.
    Count,
    /// Time.
    Milliseconds,
    /// Data.
    Bytes,
}

impl Unit {
    /// The name as CloudWatch spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Milliseconds => "Milliseconds",
            Self::Bytes => "Bytes",
        }
    }
}

/// Notes a number.
pub(crate) fn note(name: &'static str, unit: Unit, value: u64) {
    tracing::info!(target: "figures", name, unit = unit.as_str(), value);
}

/// Notes that something happened.
pub(crate) fn count(name: &'static str) {
    note(name, Unit::Count, 1);
}
