//! The Arbitration Engine decides: who goes first, who is refused, which of several answers is taken, and
//! why.
