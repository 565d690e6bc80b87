//! What the page must hear from the window: somebody wants to close it, files were dropped on it.
//!
//! The page says with `window.unsaved` whether work would be lost. Only then is closing held back and the page asked;
//! it answers with `window.close` and `discard`. A page that never spoke, or has nothing to lose, cannot keep the window open.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use tauri::ipc::Channel;
use tauri::{DragDropEvent, Manager as _, Window, WindowEvent};

/// The page's ear, and whether it holds unsaved work.
#[derive(Default)]
pub(crate) struct Watch {
    unsaved: AtomicBool,
    ear: Mutex<Option<Channel<Value>>>,
}

impl Watch {
    /// Events go to this channel from now on; a reloaded page brings a new one and starts without unsaved work.
    pub(crate) fn listen(&self, channel: Option<Channel<Value>>) {
        self.set_unsaved(false);
        *self.ear.lock().unwrap_or_else(PoisonError::into_inner) = channel;
    }

    /// Remembers whether closing would lose work.
    pub(crate) fn set_unsaved(&self, unsaved: bool) {
        self.unsaved.store(unsaved, Ordering::SeqCst);
    }

    /// Whether the page has something to lose and has just been asked about it.
    fn holds_back(&self) -> bool {
        self.unsaved.load(Ordering::SeqCst) && self.tell(json!({ "event": "close" }))
    }

    /// Tells the page; `false` when nobody listens.
    fn tell(&self, event: Value) -> bool {
        let ear = self.ear.lock().unwrap_or_else(PoisonError::into_inner);
        ear.as_ref().is_some_and(|channel| channel.send(event).is_ok())
    }
}

/// Holds a close request back while there is unsaved work, and passes dropped files on.
pub(crate) fn on_window_event(window: &Window, event: &WindowEvent) {
    let watch = window.state::<Watch>();
    match event {
        WindowEvent::CloseRequested { api, .. } if watch.holds_back() => api.prevent_close(),
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) => {
            watch.tell(json!({ "event": "drop", "paths": paths }));
        }
        _ => {}
    }
}
