//! The studio without its window: it holds the open documents and answers every method.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flow_store::Data;
use flow_store::keys::Keyring;
use serde_json::Value;

use crate::corpora::Indexes;
use crate::error::Error;
use crate::methods;
use crate::open::Open;

/// What the studio is given when it starts.
#[derive(Debug)]
pub struct Config {
    /// The folder of what is remembered from one start to the next.
    pub data: PathBuf,
    /// The keys of hashes and resume tokens, asked for when a preview needs them.
    pub keys: Keyring,
}

/// The open documents, and what is remembered.
#[derive(Debug)]
pub struct Studio {
    data: Data,
    keys: Keyring,
    open: Mutex<Documents>,
    /// Work that can be stopped, by the number that its caller gave it.
    work: Mutex<BTreeMap<u32, Arc<AtomicBool>>>,
    /// What was found in files of conversations.
    indexes: Indexes,
}

#[derive(Debug, Default)]
struct Documents {
    last: u32,
    all: BTreeMap<u32, Arc<Mutex<Open>>>,
}

/// A thread that failed in the middle of an edit leaves a document that was changed whole or not at all.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Studio {
    /// A studio without open documents.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let Config { data, keys } = config;
        Self {
            data: Data::new(&data),
            keys,
            open: Mutex::default(),
            work: Mutex::default(),
            indexes: Indexes::default(),
        }
    }

    /// Runs a method.
    ///
    /// # Errors
    /// What the method says, or that there is no such method or parameter.
    pub fn call(&self, method: &str, params: Value) -> Result<Value, Error> {
        self.call_with(method, params, &|_| {})
    }

    /// Runs a method that may tell how far it is.
    ///
    /// # Errors
    /// As [`Studio::call`].
    pub fn call_with(&self, method: &str, params: Value, progress: &dyn Fn(Value)) -> Result<Value, Error> {
        methods::call(&methods::Call { studio: self, progress }, method, params)
    }

    /// Closes all documents: the user let go of what was not saved.
    pub fn close_all(&self) {
        for document in std::mem::take(&mut locked(&self.open).all).into_values() {
            locked(&document).forget();
        }
    }

    /// The flag that stops work of this number. Calls overtake each other: a stop may come before its work.
    pub(crate) fn begin(&self, ticket: u32) -> Arc<AtomicBool> {
        Arc::clone(locked(&self.work).entry(ticket).or_default())
    }

    /// Work of this number is over.
    pub(crate) fn end(&self, ticket: u32) {
        locked(&self.work).remove(&ticket);
    }

    /// What was found in files of conversations.
    pub(crate) fn indexes(&self) -> &Indexes {
        &self.indexes
    }

    /// What is remembered.
    pub(crate) fn data(&self) -> &Data {
        &self.data
    }

    /// The keys of hashes and resume tokens.
    pub(crate) fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// Keeps an open document and gives it a number.
    pub(crate) fn keep(&self, open: Open) -> u32 {
        let mut documents = locked(&self.open);
        documents.last += 1;
        let number = documents.last;
        documents.all.insert(number, Arc::new(Mutex::new(open)));
        number
    }

    /// Lets go of an open document and of what was not saved.
    pub(crate) fn release(&self, number: u32) {
        let document = locked(&self.open).all.remove(&number);
        if let Some(document) = document {
            locked(&document).forget();
        }
    }

    /// Lets go of the history that an open document of this key has: it is opened anew.
    pub(crate) fn take_over(&self, key: &str) {
        let all: Vec<_> = locked(&self.open).all.values().cloned().collect();
        for document in all {
            let mut document = locked(&document);
            if document.key() == key {
                document.forget();
            }
        }
    }

    /// Looks at or changes an open document.
    pub(crate) fn with<T>(&self, number: u32, look: impl FnOnce(&mut Open) -> Result<T, Error>) -> Result<T, Error> {
        let found = locked(&self.open).all.get(&number).cloned();
        let document = found.ok_or_else(|| Error::bad(format!("no document {number} is open: open it again")))?;
        look(&mut locked(&document))
    }
}
