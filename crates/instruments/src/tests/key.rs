//! Keys.

use crate::Key;

#[test]
fn a_key_is_one_word_and_has_no_form_for_people() {
    let key = Key::new(" sk-1 \n").unwrap();
    assert_eq!(format!("{key:?}"), "Key(..)");
    let header = key.header().unwrap();
    assert!(header.is_sensitive() && !format!("{header:?}").contains("sk-1"));
    for bad in ["", "  ", "a b", "a\nb", "é"] {
        assert!(Key::new(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn random_keys_differ() {
    let (a, b) = (Key::random().unwrap(), Key::random().unwrap());
    assert_eq!(a.expose().len(), 64);
    assert_ne!(a.expose(), b.expose());
}
