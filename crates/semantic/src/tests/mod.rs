//! Tests of names in small workspaces, and of what an edit runs again.

mod firewall;
mod names;
