//! The library that holds Python: opened by `symphony-conductor` after a libpython, linked to none.
//!
//! Four C functions over plain numbers and bytes, and nothing of Python in their signatures, so that one build serves every
//! Python from 3.10 on and the loader needs no header of ours. All but `symphony_conductor_abi` are called by one thread
//! only. Nothing here keeps a deadline: a policy may loop for ever, and then `symphony_conductor_decide` does not return.

mod abi;
mod numbers;
mod policy;
