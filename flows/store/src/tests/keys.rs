//! Keys: in a file, in a double of a keyring, and never where somebody could read them.

use std::sync::{Arc, Mutex};

use tempfile::tempdir;

use super::names;
use crate::keys::{KeyFault, KeyFile, KeyStore, Keyring, Manner, Place, Purpose};

/// A keyring in memory that can be locked, and counts how often it is asked.
#[derive(Debug, Default)]
struct Double {
    secrets: Mutex<Vec<(String, Vec<u8>)>>,
    locked: Mutex<bool>,
    asked: Mutex<usize>,
    forgetful: bool,
}

impl Double {
    fn keep(&self, name: &str, secret: &[u8]) {
        self.secrets.lock().unwrap().push((name.to_owned(), secret.to_vec()));
    }
}

impl KeyStore for Double {
    fn place(&self) -> Place {
        Place::Memory
    }

    fn read(&self, names: &[&str], manner: Manner) -> Result<Vec<Option<Vec<u8>>>, KeyFault> {
        *self.asked.lock().unwrap() += 1;
        if *self.locked.lock().unwrap() && manner == Manner::Quietly {
            return Err(KeyFault::Locked);
        }
        let secrets = self.secrets.lock().unwrap();
        let one = |name: &&str| secrets.iter().rfind(|(own, _)| own == name).map(|(_, secret)| secret.clone());
        Ok(names.iter().map(one).collect())
    }

    fn write(&self, name: &str, secret: &[u8]) -> Result<(), KeyFault> {
        if !self.forgetful {
            self.keep(name, secret);
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<bool, KeyFault> {
        let mut secrets = self.secrets.lock().unwrap();
        let before = secrets.len();
        secrets.retain(|(own, _)| own != name);
        Ok(secrets.len() < before)
    }
}

fn of(double: &Arc<Double>) -> Keyring {
    Keyring::new(Arc::clone(double) as Arc<dyn KeyStore>)
}

#[test]
fn a_key_is_made_once_and_is_another_each_time() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let ring = Keyring::new(Arc::new(KeyFile::new(path.clone())));
    assert_eq!(ring.key(Purpose::Redaction), None);
    assert!(ring.make(Purpose::Redaction).unwrap());
    let made = ring.key(Purpose::Redaction).unwrap();
    assert!(!ring.make(Purpose::Redaction).unwrap(), "what is there is not made again");
    assert_eq!(ring.key(Purpose::Redaction).as_ref(), Some(&made));
    assert_eq!(made.bytes().len(), 64);
    assert!(made.bytes().iter().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte)));
    assert_eq!(ring.key(Purpose::Resume), None, "each purpose has a key of its own");
    assert!(ring.make(Purpose::Resume).unwrap());
    assert_ne!(ring.key(Purpose::Resume), Some(made.clone()));

    let other = Keyring::new(Arc::new(KeyFile::new(path)));
    assert_eq!(other.key(Purpose::Redaction), Some(made.clone()), "another program finds the same");
    assert!(other.remove(Purpose::Redaction).unwrap());
    assert!(!other.remove(Purpose::Redaction).unwrap());
    assert!(other.make(Purpose::Redaction).unwrap());
    assert_ne!(other.key(Purpose::Redaction), Some(made));
    assert_eq!(names(folder.path()), ["keys.json"], "nothing is left beside it");
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_a_file_of_keys() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    let ring = || Keyring::new(Arc::new(KeyFile::new(path.clone())));
    ring().make(Purpose::Redaction).unwrap();
    assert_eq!(mode(), 0o600);
    ring().make(Purpose::Resume).unwrap();
    assert_eq!(mode(), 0o600, "also when a key is added");
    let text = std::fs::read_to_string(&path).unwrap();
    for open in [0o640, 0o604, 0o660, 0o644] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(open)).unwrap();
        assert_eq!(ring().key(Purpose::Redaction), None, "{open:o}");
        let fault = ring().make(Purpose::Redaction).unwrap_err();
        assert_eq!(fault, KeyFault::OpenToOthers { path: path.clone(), mode: open });
        assert!(ring().remove(Purpose::Redaction).is_err());
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "nothing was changed");
}

#[test]
fn a_file_that_is_none_of_keys_is_told_and_left_alone() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("keys.json");
    for text in ["no json", "[]", "", "{\"redaction\": \"0123456789abcdef\""] {
        crate::file::write_private(&path, text.as_bytes(), None).unwrap();
        let ring = Keyring::new(Arc::new(KeyFile::new(path.clone())));
        assert_eq!(ring.key(Purpose::Redaction), None, "{text}");
        assert_eq!(ring.make(Purpose::Redaction).unwrap_err().code(), "file", "{text}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
    for odd in [
        "7",
        "null",
        "\"short\"",
        "\"two words of a passphrase\"",
        "\"line\\nline line line line\"",
        "\"ключ-ключ-ключ\"",
    ] {
        crate::file::write_private(&path, format!("{{\"redaction\": {odd}, \"other\": 1}}").as_bytes(), None).unwrap();
        let ring = Keyring::new(Arc::new(KeyFile::new(path.clone())));
        assert_eq!(ring.make(Purpose::Redaction).unwrap_err().code(), "damaged", "{odd}");
        assert!(ring.remove(Purpose::Redaction).unwrap() && ring.make(Purpose::Redaction).unwrap());
        assert!(std::fs::read_to_string(&path).unwrap().contains("\"other\": 1"), "what else it says stays");
    }
    let nowhere = Keyring::new(Arc::new(KeyFile::new(folder.path().join("none/keys.json"))));
    assert_eq!(nowhere.list()[0].fault, None, "no file is no key");
    assert!(nowhere.make(Purpose::Redaction).unwrap_err().to_string().contains("none"));
}

#[test]
fn a_locked_keyring_is_told_and_unlocked_when_somebody_asks_for_a_key() {
    let double = Arc::new(Double::default());
    double.keep("redaction", b"0123456789abcdef0123456789abcdef");
    *double.locked.lock().unwrap() = true;
    let ring = of(&double);
    assert_eq!(ring.key(Purpose::Redaction), None);
    let known = ring.list();
    assert!(known.iter().all(|known| known.fault == Some(KeyFault::Locked) && known.fingerprint.is_none()));
    assert!(!ring.make(Purpose::Redaction).unwrap(), "there is one behind the lock");
    assert!(ring.key(Purpose::Redaction).is_some());
}

#[test]
fn a_keyring_is_asked_once_for_all_keys_and_not_before_one_is_needed() {
    let double = Arc::new(Double::default());
    let ring = of(&double);
    assert_eq!(*double.asked.lock().unwrap(), 0);
    for _ in 0..3 {
        assert!(ring.key(Purpose::Redaction).is_none() && ring.key(Purpose::Resume).is_none());
    }
    assert_eq!(*double.asked.lock().unwrap(), 1);
    double.keep("resume", b"0123456789abcdef0123456789abcdef");
    assert!(ring.list()[1].fingerprint.is_some(), "a list asks anew");
    assert_eq!(*double.asked.lock().unwrap(), 2);
}

#[test]
fn a_keyring_that_keeps_nothing_is_told() {
    let forgetful = Arc::new(Double { forgetful: true, ..Double::default() });
    assert_eq!(of(&forgetful).make(Purpose::Redaction), Err(KeyFault::NotKept));
    let none = Keyring::none();
    assert_eq!(none.make(Purpose::Resume), Err(KeyFault::SwitchedOff));
    assert_eq!(none.remove(Purpose::Resume), Ok(false));
}

#[test]
fn no_words_about_keys_hold_a_key() {
    let double = Arc::new(Double::default());
    let ring = of(&double);
    ring.make(Purpose::Redaction).unwrap();
    let key = ring.key(Purpose::Redaction).unwrap();
    let secret = String::from_utf8(key.bytes().to_vec()).unwrap();
    let fingerprint = key.fingerprint();
    assert_eq!(fingerprint.len(), 19);
    let told = format!("{key:?} {:?} {:?}", ring.list(), ring.known(Purpose::Redaction));
    assert!(told.contains(&fingerprint));
    for part in secret.as_bytes().chunks(8) {
        assert!(!told.contains(std::str::from_utf8(part).unwrap()), "{told}");
    }
    assert!(!format!("{:?}", crate::keys::Key::given(b"a-very-secret-word".to_vec())).contains("secret"));
}
