//! Conversations with their outcome, for the test stories of an export.

/// A conversation, as a platform's own tests can play it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: String,
    /// The customer's turns, in order, up to the first event that the platform has no way of hearing.
    pub turns: Vec<CaseTurn>,
}

/// One turn of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseTurn {
    /// The intent; `none` where it is none that the flow declares.
    pub intent: String,
    /// Whether this turn asks people: a request went out, or the customer came to wait for one.
    pub hands_off: bool,
}
