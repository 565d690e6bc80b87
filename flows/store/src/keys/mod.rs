//! Secrets: the key that hashes are made with and the key that resume tokens are signed with.
//!
//! What must stay true: the bytes of a key leave this module through [`Key::bytes`] alone, and nothing that is printed,
//! logged, saved or sent to the page is made of them but their fingerprint. Nothing is asked before a key is needed: to
//! know where keys live costs a look at the environment and no more.

mod fault;
mod file;
mod os;
#[cfg(any(target_os = "macos", windows))]
#[path = "native.rs"]
mod system;
#[cfg(all(unix, not(target_os = "macos")))]
#[path = "secret_service.rs"]
mod system;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub use fault::KeyFault;
pub use file::KeyFile;
pub use os::OsKeyring;

/// The variable that gives the redaction key, and the other one where that has none of its own.
pub const HASH_KEY: &str = "HANDOFF_HASH_KEY";
/// The variable that gives the key of resume tokens.
pub const RESUME_KEY: &str = "HANDOFF_RESUME_KEY";
/// The variable that names a file of keys instead of the system's keyring; empty: there is no place for keys.
pub const KEYS_FILE: &str = "HANDOFF_KEYS_FILE";

/// Bytes of chance in a key that is made here.
const LENGTH: usize = 32;
/// The fewest and the most characters of what is taken for a key.
const SHORTEST: usize = 16;
const LONGEST: usize = 4096;

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Data of the rule `hash`.
    Redaction,
    /// Resume tokens.
    Resume,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Redaction, Self::Resume];

    /// Its name, on the command line and wherever keys are kept.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Redaction => "redaction",
            Self::Resume => "resume",
        }
    }

    /// What it is for, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Redaction => "makes the hashes of data that is redacted by `hash`",
            Self::Resume => "signs the resume tokens of handoffs",
        }
    }

    /// The purpose of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }

    fn index(self) -> usize {
        match self {
            Self::Redaction => 0,
            Self::Resume => 1,
        }
    }
}

/// A secret. One that is made here is 64 hexadecimal digits, and those are its bytes: the same text in a variable of a
/// server makes the same hashes there.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Vec<u8>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.fingerprint())
    }
}

impl Key {
    /// A key of these bytes, as a caller gives it.
    #[must_use]
    pub fn given(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// What a variable gives: no fewer characters than what is kept.
    fn of_variable(bytes: Vec<u8>, variable: &'static str) -> Result<Self, KeyFault> {
        if bytes.len() < SHORTEST { Err(KeyFault::Short { variable }) } else { Ok(Self(bytes)) }
    }

    /// A new one, of the system's randomness.
    fn made() -> Result<Self, KeyFault> {
        let mut chance = [0; LENGTH];
        getrandom::fill(&mut chance).map_err(|error| KeyFault::NoChance(error.to_string()))?;
        Ok(Self(chance.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()))
    }

    /// What a place kept: a line of visible characters.
    fn kept(bytes: Vec<u8>) -> Option<Self> {
        let sound = (SHORTEST..=LONGEST).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
        sound.then_some(Self(bytes))
    }

    /// The secret itself.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Tells keys apart without telling them: eight bytes of an HMAC with the key, in hexadecimal.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(b"handoff key fingerprint");
        let digest = mac.finalize().into_bytes();
        let pairs: Vec<String> = digest.chunks(2).take(4).map(|two| format!("{:02x}{:02x}", two[0], two[1])).collect();
        pairs.join("-")
    }
}

/// Whether a place that keeps keys may ask the person for a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// It may not: what is locked is told.
    Quietly,
    /// It may: somebody has just asked for a key.
    Asking,
}

/// Where keys are kept, by their names.
pub trait KeyStore: fmt::Debug + Send + Sync {
    /// Where that is.
    fn place(&self) -> Place;

    /// What is kept under each of these names.
    ///
    /// # Errors
    /// When the place cannot be looked into.
    fn read(&self, names: &[&str], manner: Manner) -> Result<Vec<Option<Vec<u8>>>, KeyFault>;

    /// Keeps a secret under a name, in the place of what was there.
    ///
    /// # Errors
    /// When the place cannot be written.
    fn write(&self, name: &str, secret: &[u8]) -> Result<(), KeyFault>;

    /// Takes a secret away; `false` where there was none.
    ///
    /// # Errors
    /// When the place cannot be written.
    fn remove(&self, name: &str) -> Result<bool, KeyFault>;
}

/// Where a key lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The system's keyring, by its name.
    Keyring(&'static str),
    /// A file.
    File(PathBuf),
    /// A variable of the environment.
    Variable(&'static str),
    /// In memory, for tests.
    Memory,
    /// Nowhere: it was switched off.
    Nowhere,
}

impl Place {
    /// `keyring file variable memory nowhere`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Keyring(_) => "keyring",
            Self::File(_) => "file",
            Self::Variable(_) => "variable",
            Self::Memory => "memory",
            Self::Nowhere => "nowhere",
        }
    }

    /// Which of its kind: the keyring's name, the file, the variable.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Keyring(name) | Self::Variable(name) => (*name).to_owned(),
            Self::File(path) => path.display().to_string(),
            Self::Memory | Self::Nowhere => String::new(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyring(name) => write!(f, "the keyring of this computer ({name})"),
            Self::File(path) => write!(f, "the file {}", path.display()),
            Self::Variable(name) => write!(f, "the variable {name}"),
            Self::Memory => f.write_str("the memory of this program"),
            Self::Nowhere => f.write_str("no place"),
        }
    }
}

/// What is known of one key; never the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it is for.
    pub purpose: Purpose,
    /// Where it lives, or would.
    pub place: Place,
    /// Its fingerprint; `None` where there is no key, or none that can be read.
    pub fingerprint: Option<String>,
    /// Why it cannot be known.
    pub fault: Option<KeyFault>,
}

type Held = Result<Option<Key>, KeyFault>;

/// The keys of this program: those that the environment gives, else those of one place. What was found is remembered, so
/// that a preview after a changed signal asks nobody.
#[derive(Debug)]
pub struct Keyring {
    given: [Option<(&'static str, Result<Key, KeyFault>)>; 2],
    store: Arc<dyn KeyStore>,
    held: Mutex<[Option<Held>; 2]>,
}

impl Keyring {
    /// Keys of a place.
    #[must_use]
    pub fn new(store: Arc<dyn KeyStore>) -> Self {
        Self { given: [None, None], store, held: Mutex::default() }
    }

    /// No keys, and no place for them.
    #[must_use]
    pub fn none() -> Self {
        Self::new(Arc::new(Nowhere))
    }

    /// As the environment says: keys of [`HASH_KEY`] and [`RESUME_KEY`], the file of [`KEYS_FILE`], else the system's keyring.
    #[must_use]
    pub fn of_environment() -> Self {
        let store: Arc<dyn KeyStore> = match std::env::var_os(KEYS_FILE) {
            None => Arc::new(OsKeyring),
            Some(path) if path.is_empty() => Arc::new(Nowhere),
            Some(path) => Arc::new(KeyFile::new(PathBuf::from(path))),
        };
        let given = |name: &'static str| {
            let key = std::env::var_os(name).map(std::ffi::OsString::into_encoded_bytes);
            key.filter(|key| !key.is_empty()).map(|key| (name, Key::of_variable(key, name)))
        };
        let redaction = given(HASH_KEY);
        let resume = given(RESUME_KEY).or_else(|| redaction.clone());
        Self { given: [redaction, resume], ..Self::new(store) }
    }

    /// Whether what the environment gives can be used at all.
    ///
    /// # Errors
    /// The first that cannot.
    pub fn sound_environment(&self) -> Result<(), KeyFault> {
        self.given.iter().flatten().try_for_each(|(_, key)| key.as_ref().map(|_| ()).map_err(Clone::clone))
    }

    /// The key of a purpose, where there is one. What cannot be had counts as none: what needs it is then held back.
    #[must_use]
    pub fn key(&self, purpose: Purpose) -> Option<Key> {
        self.look(purpose, Manner::Quietly).ok().flatten()
    }

    /// What is known of each key, asked anew.
    #[must_use]
    pub fn list(&self) -> Vec<Known> {
        *self.memory() = Default::default();
        Purpose::ALL.into_iter().map(|purpose| self.known(purpose)).collect()
    }

    /// Makes the key of a purpose where there is none; `true` when it was made. A keyring that is locked asks to be unlocked.
    ///
    /// # Errors
    /// When the place cannot be read or written.
    pub fn make(&self, purpose: Purpose) -> Result<bool, KeyFault> {
        if self.given(purpose).is_some() {
            return Ok(false);
        }
        if self.asked(purpose)?.is_some() {
            return Ok(false);
        }
        self.store.write(purpose.name(), Key::made()?.bytes())?;
        // What counts is what is kept: a place that takes a key and has none afterwards keeps nothing, and somebody else
        // may have made one in the same moment.
        self.forget(purpose);
        self.look(purpose, Manner::Asking)?.map(|_| true).ok_or(KeyFault::NotKept)
    }

    /// Takes the key of a purpose away; `false` where there was none.
    ///
    /// # Errors
    /// When it is given by the environment, or the place cannot be written.
    pub fn remove(&self, purpose: Purpose) -> Result<bool, KeyFault> {
        if let Some((name, _)) = self.given(purpose) {
            return Err(KeyFault::Given { purpose: purpose.name(), variable: name });
        }
        match self.asked(purpose) {
            Ok(_) | Err(KeyFault::Damaged { .. }) => {}
            Err(fault) => return Err(fault),
        }
        let removed = self.store.remove(purpose.name());
        self.forget(purpose);
        removed
    }

    /// What is known of a key.
    #[must_use]
    pub fn known(&self, purpose: Purpose) -> Known {
        let place = self.given(purpose).map_or_else(|| self.store.place(), |(name, _)| Place::Variable(name));
        match self.look(purpose, Manner::Quietly) {
            Ok(key) => Known { purpose, place, fingerprint: key.map(|key| key.fingerprint()), fault: None },
            Err(fault) => Known { purpose, place, fingerprint: None, fault: Some(fault) },
        }
    }

    /// The key of a purpose, asked anew; only a keyring that answers and is locked has the time to ask for a password.
    fn asked(&self, purpose: Purpose) -> Held {
        self.forget(purpose);
        match self.look(purpose, Manner::Quietly) {
            Err(KeyFault::Locked) => {
                self.forget(purpose);
                self.look(purpose, Manner::Asking)
            }
            held => held,
        }
    }

    fn given(&self, purpose: Purpose) -> Option<&(&'static str, Result<Key, KeyFault>)> {
        self.given[purpose.index()].as_ref()
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, [Option<Held>; 2]> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self, purpose: Purpose) {
        self.memory()[purpose.index()] = None;
    }

    /// The key of a purpose; what nobody knows yet of any key is asked in one go.
    fn look(&self, purpose: Purpose, manner: Manner) -> Held {
        if let Some((_, key)) = self.given(purpose) {
            return key.clone().map(Some);
        }
        let wanted = {
            let memory = self.memory();
            if let Some(held) = &memory[purpose.index()] {
                return held.clone();
            }
            let wanting = |one: &Purpose| self.given(*one).is_none() && memory[one.index()].is_none();
            match manner {
                Manner::Quietly => Purpose::ALL.into_iter().filter(wanting).collect(),
                Manner::Asking => vec![purpose],
            }
        };
        // Nothing is locked meanwhile: a person may be typing a password.
        let names: Vec<&str> = wanted.iter().map(|purpose: &Purpose| purpose.name()).collect();
        let read = self.store.read(&names, manner);
        let found: Vec<Held> = match read {
            Ok(found) => wanted.iter().zip(found).map(|(purpose, secret)| self.sound(*purpose, secret)).collect(),
            Err(fault) => vec![Err(fault); wanted.len()],
        };
        let mut memory = self.memory();
        for (one, held) in wanted.iter().zip(found) {
            memory[one.index()] = Some(held);
        }
        memory[purpose.index()].clone().unwrap_or(Ok(None))
    }

    fn sound(&self, purpose: Purpose, secret: Option<Vec<u8>>) -> Held {
        let Some(secret) = secret else { return Ok(None) };
        let damaged = || KeyFault::Damaged { purpose: purpose.name(), place: self.store.place() };
        Key::kept(secret).map(Some).ok_or_else(damaged)
    }
}

/// Keeps nothing.
#[derive(Debug)]
struct Nowhere;

impl KeyStore for Nowhere {
    fn place(&self) -> Place {
        Place::Nowhere
    }

    fn read(&self, names: &[&str], _: Manner) -> Result<Vec<Option<Vec<u8>>>, KeyFault> {
        Ok(vec![None; names.len()])
    }

    fn write(&self, _: &str, _: &[u8]) -> Result<(), KeyFault> {
        Err(KeyFault::SwitchedOff)
    }

    fn remove(&self, _: &str) -> Result<bool, KeyFault> {
        Ok(false)
    }
}
